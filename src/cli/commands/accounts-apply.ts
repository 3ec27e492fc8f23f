import { buffer } from 'node:stream/consumers'
import type { NewAccountDocument } from '../../../schemas/account.js'
import type { Account } from '../../../schemas/sandbox/accounts.js'
import type { BalancesSet } from '../../../schemas/sandbox/balances.js'
import type { CardDocument } from '../../domain/card.js'
import { Faults } from '../../domain/faults.js'
import { differencesOf, readNewAccounts, type NewAccount } from '../../domain/new-account.js'
import { endWithoutModules } from '../../open-files.js'
import type { PlacedAccount } from '../accounts-file.js'
import { contextOf, describeDryRun, type DataContext, type DryRunOptions } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { openInput } from '../files.js'
import { namePayments } from '../lost-holds.js'
import { accountPath, jsonBody } from '../service.js'
import type { Terminal } from '../terminal.js'

type Status = 'created' | 'set' | 'unchanged'

/** An account of the file, and what it takes to make the service have it so. */
interface Step extends PlacedAccount {
  readonly status: Status
}

/** Kept in the history of each account whose balances are set. */
const REASON = 'accounts apply'

/**
 * Makes the accounts of a file that are missing, and sets the balances of those that have others. Nothing else of an
 * account is changed: one that differs otherwise refuses the file.
 *
 * @param path `-` for the standard input
 * @throws CommandFailure when the file is not right, or an account differs in more than balances: nothing is changed
 *   then; and when the service refuses an account
 */
export async function applyAccounts (terminal: Terminal, path: string, options: DryRunOptions): Promise<void> {
  const context = contextOf(terminal, options)
  const { readAccountsFile } = await import('../accounts-file.js').catch(endWithoutModules)
  const placed = readAccountsFile(path, await buffer((await openInput(path, terminal.input)).content))
  const steps = await plan(context, path, placed)
  const say = (text: string): void => { if (options.json !== true) terminal.output.write(text) }
  const done: Array<{ account_id: string, status: Status, lost_holds?: readonly string[] }> = []
  say(describeDryRun(options.dryRun))
  try {
    for (const step of steps) {
      const { outcome, lost } = await apply(context, step, options)
      const account = step.account.account_id
      done.push({ account_id: account, status: step.status, ...lost.length > 0 && { lost_holds: lost } })
      const note = lost.length === 0 ? '' : `, lost holds: ${namePayments(lost)}`
      say(`${step.place}: account ${account} ${outcome}${note}\n`)
    }
  } catch (error) {
    throw brokenOff(error as CommandFailure, steps[done.length], done.length > 0 && options.dryRun !== true)
  } finally {
    const count = (wanted: Status): number => done.filter(({ status }) => status === wanted).length
    context.print(JSON.stringify(done), () =>
      `Made: ${count('created')}. Set: ${count('set')}. As they were: ${count('unchanged')}\n`)
  }
}

/** Compares all accounts before any is changed. */
async function plan ({ call }: DataContext, path: string, placed: readonly PlacedAccount[]): Promise<Step[]> {
  const conflicts: string[] = []
  const steps: Step[] = []
  for (const { place, account } of placed) {
    const answer = await call({ method: 'GET', path: accountPath(account.account_id) }).catch((error: unknown) => {
      if (error instanceof CommandFailure && error.status === 404) return 'null'
      throw error
    })
    const differences = compare(account, JSON.parse(answer) as Account | null)
    const others = differences?.filter((field) => field !== 'actual_balance' && field !== 'blocked_balance') ?? []
    if (others.length > 0) {
      conflicts.push(`${path}: ${place}: account ${account.account_id} has another ${others.join(', ')}`)
    }
    steps.push({ place, account, status: statusOf(differences?.length) })
  }
  if (conflicts.length === 0) return steps
  throw new CommandFailure(EXIT.refused, [...conflicts, 'Only balances are set. Nothing was changed'].join('\n'))
}

function statusOf (differences: number | undefined): Status {
  if (differences === undefined) return 'created'
  return differences === 0 ? 'unchanged' : 'set'
}

/**
 * @returns undefined where there is no such account. A reference, tokens, and what their cards are in do not count
 *   where the file leaves them out
 */
function compare (account: NewAccountDocument, found: Account | null): readonly string[] | undefined {
  if (found === null) return undefined
  const { external_reference: reference, cards, ...rest } = found
  const now = { ...rest, tokens: cards, ...reference === null ? {} : { external_reference: reference } }
  const tokens = account.tokens?.map((card) => filled(card, cards)) ?? cards
  const wanted = { ...reference === null ? {} : { external_reference: reference }, ...account, tokens }
  return differencesOf(readAccount(wanted), readAccount(now))
}

function filled (card: string | CardDocument, cards: Account['cards']): CardDocument {
  const wanted = typeof card === 'string' ? { token: card } : card
  return { ...cards.find(({ token }) => token === wanted.token), ...wanted }
}

function readAccount (document: NewAccountDocument): NewAccount {
  const faults = new Faults()
  const [account] = readNewAccounts([document], faults)
  faults.refuse()
  return account as NewAccount
}

/** @returns what was done, in words, and the payments whose holds it wiped */
async function apply (
  { call }: DataContext, { account, status }: Step, options: DryRunOptions
): Promise<{ readonly outcome: string, readonly lost: readonly string[] }> {
  const query = { dry_run: options.dryRun && 'true' }
  const { account_id: accountId, actual_balance: actual, blocked_balance: blocked, currency } = account
  if (status === 'unchanged') return { outcome: 'as it was', lost: [] }
  if (status === 'created') {
    await call({ method: 'POST', path: '/accounts', query, body: jsonBody({ accounts: [account] }) })
    return { outcome: `made: actual ${actual}, blocked ${blocked}`, lost: [] }
  }
  const body = jsonBody({ actual_balance: actual, blocked_balance: blocked, currency, reason: REASON })
  const answer = await call({ method: 'PUT', path: `${accountPath(accountId)}/balances`, query, body })
  const { before, after, lost_holds: lost } = JSON.parse(answer) as BalancesSet
  const outcome = `set: actual ${before.actual_balance} → ${after.actual_balance}, ` +
    `blocked ${before.blocked_balance} → ${after.blocked_balance}`
  return { outcome, lost }
}

/** @param isPartDone whether accounts before this one were changed, or found to be right */
function brokenOff (failure: CommandFailure, step: Step | undefined, isPartDone: boolean): CommandFailure {
  const exitCode = failure.exitCode === EXIT.refused && isPartDone ? EXIT.partly : failure.exitCode
  const hint = isPartDone ? 'The accounts above are done. Apply the file again to go on: nothing is done twice\n' : ''
  return new CommandFailure(exitCode, `${hint}${step?.place}: account ${step?.account.account_id}: ${failure.message}`)
}
