import { Int64Text } from './numbers.js'

/** What balances contain, as their sender says. */
export const AsOfRid = Int64Text({
  description: 'The last message (RID) that the balances contain. Holds of later messages are unknown to the sender; ' +
    'earlier ones are not lost. Ours, not the processor\'s.'
})
