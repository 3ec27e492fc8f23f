import { Option, type Command } from 'commander'
import {
  CHANNELS, ENTRY_MODES, KINDS, type AuthorizationDecision, type Trace, type Transaction
} from '../../../schemas/sandbox/payments.js'
import { describeResponseCode } from '../../domain/response-code.js'
import type { MessageList, TransactionDetail, TransactionPage } from '../../../schemas/sandbox/transactions.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeNext, type DataContext, type DataOptions,
  type PageOptions
} from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { lostHoldOf } from '../lost-holds.js'
import { jsonBody, pathStep } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { describeChange, describeTrace } from '../trace.js'

interface PaymentOptions extends DataOptions {
  readonly kind?: string
  readonly channel?: string
  readonly entryMode?: string
  readonly category?: string
  readonly country?: string
  readonly decline?: string
  readonly singleMessage?: true
  readonly idempotencyKey?: string
  readonly evaluate?: true
}

interface TransactionOptions extends PageOptions {
  readonly client?: string
  readonly account?: string
  readonly card?: string
}

interface ShowOptions extends DataOptions {
  readonly waitFor?: string
  readonly timeout?: string
}

const COLUMNS: ReadonlyArray<Column<Transaction>> = [
  { title: 'Transaction', value: ({ tid }) => tid, align: 'right' },
  { title: 'When', value: ({ received_at: at }) => at },
  { title: 'Account', value: ({ account_id: account }) => account, align: 'right', spare: 2 },
  { title: 'Spend type', value: ({ spend_type: type }) => type, spare: 1 },
  { title: 'Amount', value: ({ billing_amount: amount }) => amount, align: 'right' },
  { title: 'Status', value: ({ status }) => status },
  { title: 'DE39', value: ({ de39 }) => de39 },
  { title: 'Decided by', value: ({ decided_by: by }) => by },
  { title: 'Hold', value: (transaction) => lostHoldOf(transaction) === undefined ? '' : 'lost', optional: true }
]

/** Adds `authorize` and `transactions`: payments that arrive for cards, and what became of them. */
export function addPaymentCommands (program: Command, terminal: Terminal): void {
  addDataCommand(
    program,
    'authorize <card-token> <amount> <currency>',
    'Let a payment arrive for a card, and show why it was decided so',
    'authorize 7001001 18.40 GBP --category 5411'
  )
    .addOption(new Option('--kind <kind>', 'what it is for (purchase without it)').choices(KINDS))
    .addOption(new Option('--channel <channel>', 'where the card is used (pos without it)').choices(CHANNELS))
    .addOption(new Option('--entry-mode <mode>', 'how the card is read (contactless without it)').choices(ENTRY_MODES))
    .option('--category <code>', 'the merchant category code, such as 5411')
    .option('--country <code>', 'the merchant\'s country, such as GB')
    .option('--decline <code>', 'the code with which the processor itself declines, such as 05')
    .option('--single-message', 'a 0200, which is posted at once')
    .option('--idempotency-key <key>', 'answers a repetition as before')
    .option('--evaluate', 'decide as if the issuer were silent, and write nothing')
    .action(async (token: string, amount: string, currency: string, options: PaymentOptions) => {
      const context = contextOf(terminal, options)
      const evaluates = options.evaluate === true
      const path = evaluates ? '/stand-in/evaluate' : '/simulations/authorizations'
      const answer = await context.call({
        method: 'POST', path, body: jsonBody({ token, amount, currency, ...documentOf(options) })
      })
      if (evaluates) context.print(answer, (trace: Trace) => describeEvaluation(context, trace))
      else context.print(answer, (decision: AuthorizationDecision) => describeDecision(context, decision))
    })

  const transactions = addGroup(program, 'transactions', 'Look at payments, and at the messages about them')

  addPageOptions(addDataCommand(transactions, 'list', 'List payments, newest first', 'transactions list --client 123'))
    .option('--client <client>', 'of this client only')
    .option('--account <account>', 'of this account only')
    .option('--card <card-token>', 'of this card only')
    .action(async (options: TransactionOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const { client, account, card, limit, cursor } = options
      const query = { client_id: client, account_id: account, token: card, limit, cursor }
      print(await call({ method: 'GET', path: '/transactions', query }), (page: TransactionPage) =>
        `${table(COLUMNS, page.transactions)}${describeNext(page.next_cursor)}`)
    })

  addDataCommand(
    transactions, 'show <transaction>', 'Show a payment, and why it was decided so', 'transactions show 42'
  )
    .addOption(new Option('--wait-for <event>', 'show it once this has come')
      .choices(['decided', 'advice_acknowledged', 'late_answer']))
    .option('--timeout <milliseconds>', 'wait at most so long (5000 without it)')
    .action(async (tid: string, options: ShowOptions) => {
      const context = contextOf(terminal, options)
      const query = { wait_for: options.waitFor, timeout_ms: options.timeout }
      const answer = await context.call({ method: 'GET', path: `/transactions/${pathStep(tid)}`, query })
      context.print(answer, (found: TransactionDetail) => describeDetail(context, found))
      if ((JSON.parse(answer) as TransactionDetail).reached === false) {
        throw new CommandFailure(EXIT.refused, `What was waited for has not come: ${options.waitFor}`)
      }
    })

  addDataCommand(
    transactions, 'messages <transaction>', 'Show what was sent about a payment, and what came of it',
    'transactions messages 42'
  )
    .action(async (tid: string, options: DataOptions) => {
      const { call, print } = contextOf(terminal, options)
      print(await call({ method: 'GET', path: `/transactions/${pathStep(tid)}/messages` }), (found: MessageList) =>
        `${JSON.stringify(found.messages, null, 2)}\n`)
    })
}

/** Leaves out what was not typed: the service has the defaults. */
function documentOf (options: PaymentOptions) {
  const { kind, channel, entryMode, category, country, decline, singleMessage, idempotencyKey } = options
  return {
    kind,
    channel,
    entry_mode: entryMode,
    merchant: { category, country },
    processor_decision: decline,
    message_type: singleMessage === true ? '0200' : undefined,
    idempotency_key: idempotencyKey
  }
}

const DECIDERS: Readonly<Record<string, string>> = {
  processor: 'by the processor', issuer: 'by the issuer', stand_in: 'in stand-in'
}

function describeOutcome (transaction: Transaction): string {
  const { tid, status, de39, de39_meaning: meaning, decided_by: by, reason_code: reason } = transaction
  if (de39 === null || by === null) return `Transaction ${tid}: ${status}\n`
  return `Transaction ${tid}: ${status}, ${de39} ${meaning}, decided ${DECIDERS[by]}, reason ${reason}\n`
}

function describeEvaluation (context: DataContext, trace: Trace): string {
  const { decision, de39, decided_by: by, reason_code: reason } = trace
  return `Would be ${decision}: ${de39} ${describeResponseCode(String(de39))}, decided ${DECIDERS[String(by)]}, ` +
    `reason ${reason}\n${describeChange(trace) || 'No balance would change\n'}\n${describeTrace(context, trace)}`
}

function describeDecision (context: DataContext, { transaction, trace, balances }: AuthorizationDecision): string {
  const now = balances === null
    ? ''
    : `Account ${transaction.account_id}: actual ${balances.actual_balance}, blocked ${balances.blocked_balance}, ` +
      `available ${balances.available_balance}\n`
  return `${describeOutcome(transaction)}${now}\n${describeTrace(context, trace)}`
}

function describeDetail (context: DataContext, { trace, reached, ...transaction }: TransactionDetail): string {
  const come = reached === true ? 'What was waited for has come\n' : ''
  const why = trace === null ? '' : `\n${describeTrace(context, trace)}`
  return `${describeOutcome(transaction)}${describeLostHold(transaction)}${come}${why}`
}

function describeLostHold (transaction: Transaction): string {
  const lost = lostHoldOf(transaction)
  if (lost === undefined) return ''
  return `Lost hold: the blocked balance of account ${transaction.account_id} does not contain ${lost} any more\n`
}
