import { Type, type Static } from '@sinclair/typebox'
import { DateTimeText } from '../time.js'

export const PruneRequest = Type.Object({
  before: DateTimeText({ description: 'What happened before this time goes; at most three decimals of a second.' })
}, { additionalProperties: false, title: 'PruneRequest', examples: [{ before: '2026-01-31T08:15:30.123Z' }] })

const count = (what: string) => Type.Integer({ minimum: 0, description: what })

export const PruneReport = Type.Object({
  before: DateTimeText({ description: 'As asked for, in UTC.' }),
  history_rows: count('Rows of the history. The newest of each account stays, whatever its age.'),
  replay_records: count('Answers that were kept to be given again. Their identifiers can be used again.'),
  deleted_accounts: count('Accounts that were deleted before that time, and whose history goes as a whole.'),
  balance_files: count('Runs of balance files, with their failed rows. A file goes as a whole, when its last run is ' +
    'old enough.'),
  balance_file_records: count('Applied records of those files. One that comes again is applied again.'),
  reported_balances: count('Balances that clients reported. Their communication numbers can be used again.'),
  transactions: count('Payments, with their messages. One with an open hold, with an advice that waits, or in a ' +
    'window of a rule of its client stays.')
}, {
  title: 'PruneReport',
  description: 'What went, or in a dry run would go.',
  examples: [{
    before: '2026-01-31T08:15:30.123Z',
    history_rows: 1200,
    replay_records: 300,
    deleted_accounts: 1,
    balance_files: 2,
    balance_file_records: 900,
    reported_balances: 40,
    transactions: 17
  }]
})
export type PruneReport = Static<typeof PruneReport>
