import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { AccountHistoryPage, Change, OperationHistory } from '../../../schemas/sandbox/history.js'
import { addDataCommand, addPageOptions, contextOf, describeNext, type PageOptions } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { lostHoldColumn } from '../lost-holds.js'
import { accountPath } from '../service.js'
import { printable } from '../../printable.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { balanceColumns } from './balances.js'

interface HistoryOptions extends PageOptions {
  readonly client?: string
  readonly identifier?: string
}

/** @param accountSpare how soon the account is left out where the table is too wide */
const changeColumns = (accountSpare: number): ReadonlyArray<Column<Change>> => [
  { title: 'When', value: ({ operation }) => operation.created_at },
  { title: 'Source', value: ({ operation }) => operation.source },
  { title: 'Account', value: (change) => change.account_id, align: 'right', spare: accountSpare },
  ...balanceColumns<Change>((change) => change.after),
  lostHoldColumn((change) => change.lost_holds),
  { title: 'Actual before', value: (change) => change.before?.actual_balance, align: 'right', spare: 6 },
  { title: 'Blocked before', value: (change) => change.before?.blocked_balance, align: 'right', spare: 7 },
  { title: 'Currency', value: (change) => change.currency, spare: 4 },
  { title: 'Rate', value: (change) => change.rate, align: 'right', spare: 5 },
  { title: 'Identifier', value: ({ operation, record_id: recordId }) => operation.identifier ?? recordId, spare: 2 },
  { title: 'User', value: ({ operation }) => operation.user_id, spare: 8 },
  { title: 'Why', value: ({ operation }) => operation.reason ?? operation.remarks, spare: 3 }
]

/** All rows of an account's history have the same account. */
const [ACCOUNT_COLUMNS, REQUEST_COLUMNS] = [changeColumns(9), changeColumns(1)]

/** Adds `history`, of an account or of a request. */
export function addHistoryCommand (program: Command, terminal: Terminal): void {
  addPageOptions(addDataCommand(
    program,
    'history [account]',
    'Show what changed an account, newest first, or what one request did',
    'history 1001\n  $ stip-sandbox history --client 123 --identifier 001'
  )
    .option('--client <client>', 'the client that sent the request')
    .option('--identifier <text>', 'the request\'s api_call_unique_identifier'))
    .action(async (account: string | undefined, options: HistoryOptions) => {
      const { client, identifier, limit, cursor } = options
      if (account === undefined && (limit ?? cursor) !== undefined) {
        throw new CommandFailure(
          EXIT.usage, 'What a request did is shown as a whole: --limit and --cursor go with an account'
        )
      }
      if (account !== undefined && client === undefined && identifier === undefined) {
        await showAccount(terminal, account, options)
      } else if (account === undefined && client !== undefined && identifier !== undefined) {
        await showRequest(terminal, client, identifier, options)
      } else {
        throw new CommandFailure(EXIT.usage, 'Give either an account, or --client and --identifier')
      }
    })
}

async function showAccount (terminal: Terminal, accountId: string, options: PageOptions): Promise<void> {
  const { call, print, table } = contextOf(terminal, options)
  const { limit, cursor } = options
  print(
    await call({ method: 'GET', path: `${accountPath(accountId)}/history`, query: { limit, cursor } }),
    ({ deleted_at: deletedAt, changes, next_cursor: next }: Static<typeof AccountHistoryPage>) => {
      const deletion = deletedAt === null ? '' : `The account was deleted at ${deletedAt}\n`
      return `${deletion}${table(ACCOUNT_COLUMNS, changes)}${describeNext(next)}`
    }
  )
}

async function showRequest (
  terminal: Terminal, client: string, identifier: string, options: PageOptions
): Promise<void> {
  const { call, print, table } = contextOf(terminal, options)
  print(
    await call({ method: 'GET', path: '/operations', query: { client_id: client, identifier } }),
    ({ changes, answer }: Static<typeof OperationHistory>) =>
      `${table(REQUEST_COLUMNS, changes)}Answered: ${printable(answer)}\n`
  )
}
