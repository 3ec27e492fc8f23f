import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { Account, AccountPage, NewAccounts } from '../../../schemas/sandbox/accounts.js'
import type { ReportedBalance, ReportedBalances } from '../../../schemas/sandbox/reported-balances.js'
import { confirm, yesOption, type ConfirmOptions } from '../confirm.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeDryRun, describeNext, dryRunOption, type DataOptions,
  type DryRunOptions, type PageOptions
} from '../data-command.js'
import { accountPath, jsonBody } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { applyAccounts } from './accounts-apply.js'
import { ACCOUNT_COLUMNS } from './balances.js'

interface CreateOptions extends DryRunOptions {
  readonly client: string
  readonly currency: string
  readonly actual: string
  readonly blocked: string
  readonly reference?: string
  readonly cardToken?: readonly string[]
}

interface ListOptions extends PageOptions {
  readonly client?: string
  readonly currency?: string
  readonly reference?: string
}

interface ReportedOptions extends PageOptions {
  readonly series?: true
}

const REPORTED_COLUMNS: ReadonlyArray<Column<ReportedBalance>> = [
  { title: 'Balance at', value: ({ balance_at: balanceAt }) => balanceAt },
  { title: 'Value', value: ({ value }) => value, align: 'right' },
  { title: 'Difference', value: ({ difference }) => difference, align: 'right' },
  { title: 'Type', value: ({ balance_type: balanceType }) => balanceType },
  { title: 'Business unit', value: ({ business_unit: businessUnit }) => businessUnit },
  { title: 'Communication', value: ({ communication_number: communicationNumber }) => communicationNumber }
]

/** Adds `accounts create`, `apply`, `list`, `show`, `delete` and `reported`. */
export function addAccountCommands (program: Command, terminal: Terminal): void {
  const accounts = addGroup(program, 'accounts', 'Make, list and delete accounts')

  addDataCommand(
    accounts, 'create <account>', 'Make an account', 'accounts create 1001 --client 123 --currency KES --actual 200.00'
  )
    .requiredOption('--client <client>', 'the client that it belongs to')
    .requiredOption('--currency <currency>', 'its currency, ISO 4217, such as EUR or 978')
    .option('--actual <amount>', 'the actual balance in major units', '0')
    .option('--blocked <amount>', 'the blocked balance in major units', '0')
    .option('--reference <text>', 'its external reference')
    .option('--card-token <card-token...>', 'tokens of cards on it')
    .addOption(dryRunOption())
    .action(async (account: string, options: CreateOptions) => { await createAccount(terminal, account, options) })

  addDataCommand(
    accounts,
    'apply <file>',
    'Make the accounts of a file (CSV, JSON or YAML) that are missing, and set the balances of the others. ' +
      '- is the standard input',
    'accounts apply accounts.csv --dry-run'
  )
    .addHelpText('after', '\nCSV has account_id, client_id, currency, actual_balance, blocked_balance, and may have ' +
      'external_reference and tokens (spaces between them).')
    .addOption(dryRunOption())
    .action(async (file: string, options: DryRunOptions) => { await applyAccounts(terminal, file, options) })

  addPageOptions(addDataCommand(accounts, 'list', 'List accounts', 'accounts list --client 123 --currency KES')
    .option('--client <client>', 'only accounts of this client')
    .option('--currency <currency>', 'only accounts in this currency, ISO 4217, such as EUR or 978')
    .option('--reference <text>', 'only accounts with this external reference'))
    .action(async ({ client, currency, reference, limit, cursor, ...options }: ListOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const query = { client_id: client, currency, external_reference: reference, limit, cursor }
      print(await call({ method: 'GET', path: '/accounts', query }), (page: Static<typeof AccountPage>) =>
        `${table(ACCOUNT_COLUMNS, page.accounts)}${describeNext(page.next_cursor)}`)
    })

  addDataCommand(accounts, 'show <account>', 'Show one account', 'accounts show 1001')
    .action(async (account: string, options: DataOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      print(await call({ method: 'GET', path: accountPath(account) }), (found: Account) =>
        table(ACCOUNT_COLUMNS, [found]))
    })

  addDataCommand(
    accounts, 'delete <account>', 'Delete an account with its tokens. Its history stays', 'accounts delete 1001'
  )
    .addOption(dryRunOption())
    .addOption(yesOption())
    .action(async (account: string, options: DryRunOptions & ConfirmOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      await confirm(terminal, options, `Delete the account ${account}?`, 'refuse')
      const query = { dry_run: options.dryRun && 'true' }
      print(await call({ method: 'DELETE', path: accountPath(account), query }), (deleted: Account) =>
        `${describeDryRun(options.dryRun)}Deleted:\n${table(ACCOUNT_COLUMNS, [deleted])}`)
    })

  addPageOptions(addDataCommand(
    accounts, 'reported <account>', 'Show what was reported to AMLYZE beside the stand-in balance',
    'accounts reported 1001 --series'
  )
    .option('--series', 'all reports, and not only the newest of each type'))
    .action(async (account: string, options: ReportedOptions) => { await showReported(terminal, account, options) })
}

async function createAccount (terminal: Terminal, account: string, options: CreateOptions): Promise<void> {
  const { call, print, table } = contextOf(terminal, options)
  const wanted: Static<typeof NewAccounts>['accounts'][number] = {
    client_id: Number(options.client),
    account_id: account,
    currency: options.currency,
    actual_balance: options.actual,
    blocked_balance: options.blocked,
    ...options.reference === undefined ? {} : { external_reference: options.reference },
    ...options.cardToken === undefined ? {} : { tokens: [...options.cardToken] }
  }
  const query = { dry_run: options.dryRun && 'true' }
  const answer = await call({ method: 'POST', path: '/accounts', query, body: jsonBody({ accounts: [wanted] }) })
  print(answer, ({ created, results }: { created: number, results: Array<{ account: Account }> }) =>
    `${describeDryRun(options.dryRun)}${created === 1 ? 'Made' : 'There already, and the same'}:\n` +
      table(ACCOUNT_COLUMNS, results.map((result) => result.account)))
}

async function showReported (terminal: Terminal, account: string, options: ReportedOptions): Promise<void> {
  const { call, print, table } = contextOf(terminal, options)
  const query = { view: options.series && 'series', limit: options.limit, cursor: options.cursor }
  print(await call({ method: 'GET', path: `${accountPath(account)}/reported-balances`, query }), ({
    currency, stand_in_balance: standIn, reported_balances: reported, next_cursor: next
  }: ReportedBalances) =>
    `Stand-in balance: ${standIn ?? 'none, the account was deleted'}, currency ${currency}\n` +
      `${table(REPORTED_COLUMNS, reported)}${describeNext(next)}`)
}
