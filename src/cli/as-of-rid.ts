import { Option } from 'commander'

/** The option that says which message the balances contain at last. */
export const asOfRidOption = (): Option =>
  new Option('--as-of-rid <rid>', 'the last message (RID) that the balances contain: holds up to it are not lost')

/** The header for it. */
export function asOfRidHeaders ({ asOfRid }: { readonly asOfRid?: string }): Readonly<Record<string, string>> {
  return asOfRid === undefined ? {} : { 'stip-sandbox-as-of-rid': asOfRid }
}
