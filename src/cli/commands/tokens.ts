import { Option, type Command } from 'commander'
import { CARD_STATES } from '../../../schemas/account.js'
import type { Account } from '../../../schemas/sandbox/accounts.js'
import { addDataCommand, addGroup, contextOf, type DataContext, type DataOptions } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { accountPath, jsonBody } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'

interface CardOptions extends DataOptions {
  readonly state?: string
  readonly expiry?: string
}

const CARD_COLUMNS: ReadonlyArray<Column<Account['cards'][number]>> = [
  { title: 'Token', value: ({ token }) => token, align: 'right' },
  { title: 'State', value: ({ state }) => state },
  { title: 'Expiry', value: ({ expiry }) => expiry }
]

/** Adds `tokens add`, `set`, `remove` and `list`. */
export function addTokenCommands (program: Command, terminal: Terminal): void {
  const tokens = addGroup(program, 'tokens', 'The tokens of cards on an account, and the states of the cards')

  addCardOptions(addDataCommand(
    tokens, 'add <account> <card-token>', 'Put a card\'s token on an account', 'tokens add 1001 7001001'
  ))
    .action(async (account: string, token: string, options: CardOptions) => {
      const context = contextOf(terminal, options)
      context.print(await putCard(context, account, token, options), (found: Account) => describeCards(context, found))
    })

  addCardOptions(addDataCommand(
    tokens,
    'set <account> <card-token>',
    'Set the state or the expiry of a card',
    'tokens set 1001 7001001 --state lost'
  ))
    .action(async (account: string, token: string, options: CardOptions) => {
      const context = contextOf(terminal, options)
      const { tokens } = JSON.parse(await context.call({ method: 'GET', path: accountPath(account) })) as Account
      // A mistyped token would be put on the account.
      if (!tokens.includes(token)) {
        const hint = 'Add it with tokens add'
        throw new CommandFailure(EXIT.refused, `There is no token ${token} on account ${account}. ${hint}`)
      }
      context.print(await putCard(context, account, token, options), (found: Account) => describeCards(context, found))
    })

  addDataCommand(
    tokens, 'remove <account> <card-token>', 'Take a card\'s token off an account. Its balances stay',
    'tokens remove 1001 7001001'
  )
    .action(async (account: string, token: string, options: DataOptions) => {
      const context = contextOf(terminal, options)
      context.print(await context.call({ method: 'DELETE', path: `${accountPath(account)}/tokens/${token}` }), (
        found: Account) => describeCards(context, found))
    })

  addDataCommand(tokens, 'list <account>', 'List the tokens on an account', 'tokens list 1001')
    .action(async (account: string, options: DataOptions) => {
      const context = contextOf(terminal, options)
      context.print(await context.call({ method: 'GET', path: accountPath(account) }), (found: Account) =>
        describeCards(context, found))
    })
}

function addCardOptions (command: Command): Command {
  return command
    .addOption(new Option('--state <state>', 'what the card is in').choices(CARD_STATES))
    .option('--expiry <month>', 'the last month in which it is valid, such as 2029-11; never for no end')
}

async function putCard (
  { call }: DataContext, account: string, token: string, { state, expiry }: CardOptions
): Promise<string> {
  const body = jsonBody({ state, expiry: expiry === 'never' ? null : expiry })
  return await call({ method: 'PUT', path: `${accountPath(account)}/tokens/${token}`, body })
}

function describeCards ({ table }: DataContext, { account_id: accountId, cards }: Account): string {
  if (cards.length === 0) return `Tokens on account ${accountId}: none\n`
  return `Tokens on account ${accountId}:\n${table(CARD_COLUMNS, cards)}`
}
