import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { Account, AccountPage } from '../../../schemas/sandbox/accounts.js'
import type { BalancesNow, BalancesSet } from '../../../schemas/sandbox/balances.js'
import { asOfRidHeaders, asOfRidOption } from '../as-of-rid.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeDryRun, describeNext, dryRunOption, type DataOptions,
  type DryRunOptions,
  type PageOptions
} from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { describeLostHolds } from '../lost-holds.js'
import { accountPath, jsonBody } from '../service.js'
import type { Column } from '../table.js'
import { ask, canAsk, type Terminal } from '../terminal.js'
import { assertBalances } from './balance-assert.js'
import { importBalances, type ImportOptions } from './balance-import.js'

interface ShowOptions extends PageOptions {
  readonly client?: string
  readonly currency?: string
  readonly cardToken?: string
}

interface SetOptions extends DryRunOptions {
  readonly actual: string
  readonly blocked: string
  readonly currency?: string
  readonly reason?: string
  readonly user?: string
  readonly asOfRid?: string
}

/** The three balances, for a table. */
export function balanceColumns<Row> (balancesOf: (row: Row) => BalancesNow | null): Array<Column<Row>> {
  return [
    { title: 'Actual', value: (row) => balancesOf(row)?.actual_balance, align: 'right' },
    { title: 'Blocked', value: (row) => balancesOf(row)?.blocked_balance, align: 'right' },
    { title: 'Available', value: (row) => balancesOf(row)?.available_balance, align: 'right' }
  ]
}

/** A card in a cell: its token, and what is special about it. */
export function describeCard ({ token, state, expiry }: Account['cards'][number]): string {
  const special = [...state === 'active' ? [] : [state], ...expiry === null ? [] : [`until ${expiry}`]]
  return special.length === 0 ? token : `${token} (${special.join(', ')})`
}

/** An account, for a table. */
export const ACCOUNT_COLUMNS: ReadonlyArray<Column<Account>> = [
  { title: 'Account', value: (account) => account.account_id, align: 'right' },
  { title: 'Client', value: (account) => account.client_id, align: 'right' },
  { title: 'Currency', value: (account) => `${account.currency} ${account.currency_alpha}` },
  ...balanceColumns<Account>((account) => account),
  { title: 'Reference', value: (account) => account.external_reference },
  { title: 'Tokens', value: (account) => account.cards.map(describeCard).join(' ') },
  { title: 'Set at', value: (account) => account.updated_at }
]

/** Adds `balances show`, `set`, `import` and `assert`. */
export function addBalanceCommands (program: Command, terminal: Terminal): void {
  const balances = addGroup(program, 'balances', 'Show and set the balances of accounts')

  addPageOptions(addDataCommand(
    balances, 'show [account]', 'Show one account, or all of them', 'balances show --client 123'
  )
    .option('--client <client>', 'only accounts of this client')
    .option('--currency <currency>', 'only accounts in this currency, ISO 4217, such as EUR or 978')
    .option('--card-token <card-token>', 'only the account that this token is on'))
    .action(async (account: string | undefined, options: ShowOptions) => {
      await showBalances(terminal, account, options)
    })

  addDataCommand(
    balances,
    'set <account>',
    'Set the balances of an account',
    'balances set 1001 --actual -10.00 --blocked 0 --reason "overdraft scenario"'
  )
    .requiredOption('--actual <amount>', 'the actual balance in major units')
    .requiredOption('--blocked <amount>', 'the blocked balance in major units')
    .option('--currency <currency>', 'the currency of the amounts, ISO 4217, such as EUR or 978; else the account\'s')
    .option('--reason <text>', 'why; kept in the history. Asked for on a terminal')
    .option('--user <id>', 'who; kept in the history')
    .addOption(asOfRidOption())
    .addOption(dryRunOption())
    .action(async (account: string, options: SetOptions) => { await setBalances(terminal, account, options) })

  addDataCommand(
    balances,
    'import <file>',
    'Apply the processor\'s daily balance file (CSV)',
    'balances import daily.csv --client 123 --feedback failed.csv'
  )
    .requiredOption('--client <client>', 'the client whose file it is')
    .option('--file-name <text>', 'what the file is known by; else its name. Needed for -, the standard input')
    .option('--feedback <file>', 'a new file for the rows that failed, each with its line and reason')
    .addOption(dryRunOption())
    .action(async (file: string, options: ImportOptions) => { await importBalances(terminal, file, options) })

  addDataCommand(
    balances,
    'assert <file>',
    'Compare balances with a CSV file, and end with 1 when any differs. - is the standard input',
    'balances assert expected.csv'
  )
    .addHelpText('after', '\nThe file has account_id and any of currency, actual_balance, blocked_balance, ' +
      'available_balance.')
    .action(async (file: string, options: DataOptions) => { await assertBalances(terminal, file, options) })
}

async function showBalances (terminal: Terminal, accountId: string | undefined, options: ShowOptions): Promise<void> {
  const { call, print, table } = contextOf(terminal, options)
  const { client, currency, cardToken, limit, cursor } = options
  const query = { client_id: client, currency, token: cardToken, limit, cursor }
  if (accountId === undefined) {
    return print(
      await call({ method: 'GET', path: '/accounts', query }),
      ({ accounts, next_cursor: next }: Static<typeof AccountPage>) =>
        `${table(ACCOUNT_COLUMNS, accounts)}${describeNext(next)}`
    )
  }
  if (Object.values(query).some((value) => value !== undefined)) {
    throw new CommandFailure(EXIT.usage, 'With an account, no filter and no page can be given')
  }
  print(await call({ method: 'GET', path: accountPath(accountId) }), (account: Account) =>
    table(ACCOUNT_COLUMNS, [account]))
}

async function setBalances (terminal: Terminal, accountId: string, options: SetOptions): Promise<void> {
  const { call, print, table } = contextOf(terminal, options)
  const reason = options.reason ?? (canAsk(terminal) ? await ask(terminal, 'Why are they set by hand? ') : '')
  if (reason === '') throw new CommandFailure(EXIT.usage, 'Say why with --reason: it is kept in the history')
  const path = accountPath(accountId)
  const currency = options.currency ?? (JSON.parse(await call({ method: 'GET', path })) as Account).currency
  const answer = await call({
    method: 'PUT',
    path: `${path}/balances`,
    query: { dry_run: options.dryRun && 'true' },
    headers: asOfRidHeaders(options),
    body: jsonBody({
      actual_balance: options.actual,
      blocked_balance: options.blocked,
      currency,
      reason,
      user_id: options.user
    })
  })
  print(answer, ({ before, after, rate, lost_holds: lost, ...update }: BalancesSet) => {
    const rows = [{ title: 'Before', balances: before }, { title: 'After', balances: after }]
    const columns = [
      { title: '', value: ({ title }: { title: string }) => title },
      ...balanceColumns<typeof rows[number]>((row) => row.balances)
    ]
    return `${describeDryRun(options.dryRun)}Account ${update.account_id}, currency ${update.currency}, converted at ` +
      `${rate}\n${table(columns, rows)}${describeLostHolds(lost)}`
  })
}
