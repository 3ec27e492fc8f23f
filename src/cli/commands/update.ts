import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { UpdateBalanceResponse } from '../../../schemas/paymentology.js'
import { ApiKey } from '../../../schemas/scenario.js'
import { writeExactBody } from '../../client/exact-body.js'
import { numericCodeOf } from '../../domain/currency.js'
import { asOfRidHeaders, asOfRidOption } from '../as-of-rid.js'
import { urlOf } from '../connection.js'
import { addCommand, describeDryRun, dryRunOption, urlOption, warnWhereExposed } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { interruptible } from '../interruption.js'
import { failureOf, readText, sendRequest } from '../service.js'
import { readSecretFile } from '../setting-options.js'
import { printable } from '../../printable.js'
import { changeOf, formatTable, type Column } from '../table.js'
import { coloursFor, type Terminal } from '../terminal.js'
import { tellLostHolds } from './lost-hold-lookup.js'

interface UpdateOptions {
  readonly url?: string
  readonly apiKeyFile?: string
  readonly json?: true
  readonly client: string
  readonly account?: readonly string[]
  readonly cardToken?: readonly string[]
  readonly actual: string
  readonly blocked: string
  readonly currency: string
  readonly identifier?: string
  readonly asOfRid?: string
  readonly strict?: true
  readonly dryRun?: true
}

/** What every answer to the call has. */
interface Envelope {
  readonly header: { readonly error_id: number, readonly error_desc: string }
  readonly body: { readonly failed_note?: string }
}

type Applied = Static<typeof UpdateBalanceResponse>['body']
type ItemResult = NonNullable<Applied['results']>[number]

/** Where the body has numbers, which are typed as texts and sent digit by digit. */
const NUMBERS = new Set([
  'client_id', 'balance_list.*.input_id', 'balance_list.*.act_balance', 'balance_list.*.blk_balance'
])

const COLUMNS: ReadonlyArray<Column<ItemResult>> = [
  { title: 'Item', value: ({ input_type: type, input_id: id }) => `${type === 'a' ? 'account' : 'token'} ${id}` },
  { title: 'Status', value: ({ status, reason }) => reason === undefined ? status : `${status}: ${reason}` },
  { title: 'Account', value: ({ account_id: accountId }) => accountId, align: 'right' },
  { title: 'Actual', value: ({ previous_actual: before, actual }) => changeOf(before, actual), align: 'right' },
  { title: 'Blocked', value: ({ previous_blocked: before, blocked }) => changeOf(before, blocked), align: 'right' },
  { title: 'Available', value: ({ available }) => available, align: 'right' },
  { title: 'Currency', value: ({ currency }) => currency },
  { title: 'Rate', value: ({ rate }) => rate, align: 'right' }
]

/** Adds `update`, which calls the service as a client does. */
export function addUpdateCommand (program: Command, terminal: Terminal): void {
  addCommand(
    program,
    'update',
    'Send one pws_update_balance (Paymentology) as a client does',
    'update --client 123 --account 1001 --actual 200.00 --blocked 50.00 --currency EUR'
  )
    .requiredOption('--client <client>', 'the client that sends it')
    .option('--account <account...>', 'the accounts to update')
    .option('--card-token <card-token...>', 'the card tokens whose accounts to update')
    .requiredOption('--actual <amount>', 'the actual balance in major units')
    .requiredOption('--blocked <amount>', 'the blocked balance in major units')
    .requiredOption('--currency <currency>', 'the currency of the amounts, ISO 4217, such as EUR or 978')
    .option('--identifier <text>', 'the api_call_unique_identifier; a new one without it')
    .addOption(asOfRidOption())
    .option('--strict', 'all items or none: Prefer: handling=strict')
    .addOption(dryRunOption())
    .addOption(urlOption())
    .option('--api-key-file <file>', 'a file with the client\'s X-API-KEY; else STIP_API_KEY')
    .option('--json', 'print the answer as it came, for scripts')
    .action(async (options: UpdateOptions) => { await update(terminal, options) })
}

/** @throws CommandFailure also when an item failed */
async function update (terminal: Terminal, options: UpdateOptions): Promise<void> {
  const identifier = options.identifier ?? randomUUID()
  const { status, headers, text, key, url } = await send(terminal, options, identifier)
  const envelope = readEnvelope(text)
  if (envelope === undefined) throw failureOf({ url, token: key }, status, text)
  if (envelope.header.error_id !== 0) throw refusalOf(status, envelope)
  const { total_failed: failed, results } = envelope.body as Applied
  const replay =
    headers['idempotent-replayed'] === 'true' ? 'Replayed: the answer is that of before. Nothing was written\n' : ''
  // The first request decides about the results of a replay.
  const outcome = results === undefined
    ? `Answered: ${printable(text)}\n`
    : formatTable(COLUMNS, results, coloursFor(terminal))
  terminal.output.write(options.json === true
    ? `${text}\n`
    : `${describeDryRun(options.dryRun)}Identifier: ${printable(identifier)}\n${replay}${outcome}`)
  const isNothingDone = failed === itemsOf(options).length
  if (!isNothingDone && options.dryRun !== true) await tellLostHolds(terminal, options, identifier)
  if (failed === 0) return
  throw new CommandFailure(isNothingDone ? EXIT.refused : EXIT.partly, `Items that failed: ${failed}`)
}

async function send (terminal: Terminal, options: UpdateOptions, identifier: string) {
  const url = urlOf(options, terminal.environment)
  const key = apiKeyOf(options, terminal.environment)
  warnWhereExposed(terminal, { url, token: key }, 'the API key')
  const request = {
    method: 'POST',
    path: '/ppws/api/v1/pws_update_balance',
    query: { dry_run: options.dryRun && 'true' },
    headers: {
      'x-api-key': key,
      prefer: `return=representation${options.strict === true ? ', handling=strict' : ''}`,
      ...asOfRidHeaders(options)
    },
    body: { type: 'application/json', content: Readable.from([bodyOf(options, identifier)]) }
  } as const
  const hint = options.dryRun === true
    ? 'Nothing was changed'
    : `It may have been applied. Send it again with --identifier ${printable(identifier)}: so it is not applied twice`
  return await interruptible(terminal.signals, () => `Interrupted. ${hint}`, async (signal) => {
    try {
      const answer = await sendRequest({ url }, request, signal)
      const { statusCode, headers } = answer
      return { status: Number(statusCode), headers, text: await readText({ url }, answer), key, url }
    } catch (error) {
      throw new CommandFailure(EXIT.unavailable, `${(error as CommandFailure).message}\n${hint}`)
    }
  })
}

function apiKeyOf ({ apiKeyFile }: UpdateOptions, environment: Terminal['environment']): string {
  const key = apiKeyFile === undefined ? environment['STIP_API_KEY'] : readSecretFile(apiKeyFile)
  if (key === undefined || key === '') {
    throw new CommandFailure(EXIT.usage, 'Set STIP_API_KEY to the client\'s X-API-KEY, or name a file with ' +
      '--api-key-file')
  }
  if (!new RegExp(String(ApiKey.pattern)).test(key)) {
    throw new CommandFailure(EXIT.usage, `The API key ${ApiKey['x-rule']}. A line break at its end counts, too`)
  }
  return key
}

function itemsOf ({ account = [], cardToken = [] }: UpdateOptions): Array<{ input_type: string, input_id: string }> {
  return [
    ...account.map((id) => ({ input_type: 'a', input_id: id })),
    ...cardToken.map((id) => ({ input_type: 't', input_id: id }))
  ]
}

function bodyOf (options: UpdateOptions, identifier: string): string {
  const items = itemsOf(options)
  if (items.length === 0) throw new CommandFailure(EXIT.usage, 'Say which balance is meant: --account or --card-token')
  const balances = {
    act_balance: options.actual, blk_balance: options.blocked, bill_ccy: numericCodeOf(options.currency)
  }
  return writeExactBody({
    client_id: options.client,
    api_call_unique_identifier: identifier,
    balance_list: items.map((item) => ({ ...item, ...balances }))
  }, NUMBERS)
}

function readEnvelope (text: string): Envelope | undefined {
  try {
    const envelope = JSON.parse(text) as Partial<Envelope> | null
    return typeof envelope?.header?.error_id === 'number' ? envelope as Envelope : undefined
  } catch {
    return undefined
  }
}

function refusalOf (status: number, { header, body }: Envelope): CommandFailure {
  const failed = body.failed_note?.split('; ') ?? []
  const isWrongKey = status === 401 || status === 403
  const hint = isWrongKey ? ['STIP_API_KEY or --api-key-file must have the key of the client'] : []
  const [what, exitCode] = status >= 500 ? ['Failed', EXIT.unavailable] as const : ['Refused', EXIT.refused] as const
  const lines = [`${what} (${status}, error_id ${header.error_id}): ${header.error_desc}`, ...failed, ...hint]
  return new CommandFailure(exitCode, lines.map(printable).join('\n'), status)
}
