import type { Static } from '@sinclair/typebox'
import type { OperationHistory } from '../../../schemas/sandbox/history.js'
import type { TransactionPage } from '../../../schemas/sandbox/transactions.js'
import { printable } from '../../printable.js'
import { connectionOf, isTokenExposed, type ConnectionOptions } from '../connection.js'
import { lostHoldOf, namePayments } from '../lost-holds.js'
import { callService, type ServiceCall } from '../service.js'
import type { Terminal } from '../terminal.js'

/** The commands whose answer cannot tell which holds it wiped: its members are those of a published document. */
interface LookupOptions extends ConnectionOptions {
  readonly client: string
  readonly json?: true
}

/**
 * Tells which holds an update of Paymentology's call wiped, by its history. Without an admin token that may be sent, it
 * tells how to look.
 */
export async function tellLostHolds (terminal: Terminal, options: LookupOptions, identifier: string): Promise<void> {
  const query = { client_id: options.client, identifier }
  const history = await lookUp<Static<typeof OperationHistory>>(terminal, options, {
    method: 'GET', path: '/operations', query
  })
  const lines = history?.changes.filter(({ lost_holds: lost }) => lost.length > 0)
    .map((change) => `Lost holds of account ${change.account_id}: ${namePayments(change.lost_holds)}\n`)
  tell(terminal, options, lines?.join(''), 'Whether it wiped holds, the admin token shows: ' +
    `stip-sandbox history --client ${options.client} --identifier ${printable(identifier)}`)
}

/** Tells which holds of a client its blocked balances do not contain, after a balance file: by this one or before. */
export async function tellHoldsLostByNow (terminal: Terminal, options: LookupOptions): Promise<void> {
  const query = { client_id: options.client, state: 'approved', limit: '1000' }
  const page = await lookUp<TransactionPage>(terminal, options, { method: 'GET', path: '/transactions', query })
  const lost = page?.transactions.filter((payment) => lostHoldOf(payment) !== undefined).map(({ tid }) => tid)
  const part = page?.next_cursor === null ? '' : ', among its newest 1000 approved payments'
  tell(
    terminal, options,
    lost && (lost.length === 0 ? '' : `Lost holds of client ${options.client}, by now${part}: ${namePayments(lost)}\n`),
    `Whether it wiped holds, this shows: stip-sandbox transactions list --client ${options.client}`
  )
}

/** @returns undefined where the service does not say: what was done stands, and is no failure for it */
async function lookUp<Answer> (
  terminal: Terminal, options: LookupOptions, call: ServiceCall
): Promise<Answer | undefined> {
  try {
    const connection = connectionOf(options, terminal.environment)
    if (connection.token === undefined || isTokenExposed(connection)) return undefined
    return JSON.parse(await callService(connection, call)) as Answer
  } catch {
    return undefined
  }
}

/** What a script reads stays as the service has answered: for it, the lines go to standard error. */
function tell (
  { output, errors }: Terminal, { json }: LookupOptions, lines: string | undefined, hint: string
): void {
  (json === true ? errors : output).write(lines ?? `${hint}\n`)
}
