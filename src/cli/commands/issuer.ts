import { Option, type Command } from 'commander'
import { FAILURE_KINDS, IssuerHeader } from '../../../schemas/client-settings.js'
import type { Issuer, IssuerState } from '../../../schemas/sandbox/client-settings.js'
import { confirm, yesOption, type ConfirmOptions } from '../confirm.js'
import { addDataCommand, addGroup, contextOf, type DataContext, type DataOptions } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { jsonBody, pathStep } from '../service.js'
import { readSecretFile } from '../setting-options.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { numberOf } from '../values.js'
import { addBehaveCommands } from './issuer-behave.js'
import { SETTING_COLUMNS } from './stand-in-settings.js'

interface SetOptions extends DataOptions {
  readonly issuerUrl?: string
  /** False: nowhere. */
  readonly passiveUrl?: string | false
  readonly deadline?: string
  readonly late?: string
  readonly failures?: string
  readonly within?: string
  readonly for?: string
  readonly throttleOn?: readonly string[]
  readonly headerFile?: string
  readonly header: boolean
}

interface SwitchOptions extends DataOptions {
  readonly reason?: string
  readonly user?: string
}

const TRANSITION_COLUMNS: ReadonlyArray<Column<IssuerState['transitions'][number]>> = [
  { title: 'When', value: ({ at }) => at },
  { title: 'State', value: ({ state }) => state },
  { title: 'Who', value: ({ user_id: user }) => user },
  { title: 'Why', value: ({ reason }) => reason }
]

const issuerPath = (client: string): string => `/clients/${pathStep(client)}/issuer`

/** Adds `issuer set`, `show`, `on`, `off`, `probe`, `remove`, and what tells a built-in issuer what to do. */
export function addIssuerCommands (program: Command, terminal: Terminal): void {
  const issuer = addGroup(program, 'issuer', 'Where a client\'s issuer is asked, and whether')

  addSetCommand(issuer, terminal)

  addDataCommand(issuer, 'show <client>', 'Show how a client\'s issuer is asked', 'issuer show 123')
    .action(async (client: string, options: DataOptions) => {
      const context = contextOf(terminal, options)
      const answer = await context.call({ method: 'GET', path: issuerPath(client) })
      const { transitions, ...state } =
        JSON.parse(await context.call({ method: 'GET', path: `${issuerPath(client)}/state` })) as IssuerState
      context.print(answer, (found: Issuer) =>
        `${describeIssuer(context, { ...found, ...state })}${describe(context, transitions)}`)
    })

  addSwitchCommands(issuer, terminal)
  addBehaveCommands(issuer, terminal)

  addDataCommand(
    issuer, 'remove <client>', 'Remove a client\'s issuer: stand-in then decides', 'issuer remove 123'
  )
    .addOption(yesOption())
    .action(async (client: string, options: DataOptions & ConfirmOptions) => {
      const context = contextOf(terminal, options)
      await confirm(terminal, options, `Remove the issuer of client ${client}?`, 'refuse')
      context.print(await context.call({ method: 'DELETE', path: issuerPath(client) }), (removed: Issuer) =>
        `Removed:\n${describeIssuer(context, removed)}`)
    })
}

function addSetCommand (issuer: Command, terminal: Terminal): void {
  addDataCommand(
    issuer,
    'set <client>',
    'Set where and how a client\'s issuer is asked. What is not given stays as it is',
    'issuer set 123 --issuer-url http://127.0.0.1:4000/fast --deadline 2000'
  )
    .option('--issuer-url <address>', 'where it takes authorisations and advices')
    .option('--passive-url <address>', 'where decisions are told afterwards')
    .option('--no-passive-url', 'tell them nowhere')
    .option('--deadline <milliseconds>', 'the time for a complete answer')
    .option('--late <milliseconds>', 'how long after the deadline an answer is still read and recorded')
    .option('--failures <count>', 'after so many failures it is left alone')
    .option('--within <milliseconds>', 'within how long they count')
    .option('--for <milliseconds>', 'for how long it is then left alone')
    .addOption(new Option('--throttle-on <failure...>', 'the failures that count').choices(FAILURE_KINDS))
    .option('--header-file <file>', 'a file with one line, such as "Authorization: Bearer …", sent with each message')
    .option('--no-header', 'send no header of your own')
    .action(async (client: string, options: SetOptions) => {
      const context = contextOf(terminal, options)
      const body = jsonBody(changeOf(options))
      context.print(await context.call({ method: 'PUT', path: issuerPath(client), body }), (found: Issuer) =>
        describeIssuer(context, found))
    })
}

function changeOf (options: SetOptions): object {
  const { issuerUrl, passiveUrl, deadline, late, failures, within, throttleOn, headerFile, header } = options
  const throttle = { failures: numberOf(failures), within_ms: numberOf(within), for_ms: numberOf(options.for) }
  return {
    url: issuerUrl,
    passive_url: passiveUrl === false ? null : passiveUrl,
    deadline_ms: numberOf(deadline),
    late_answer_ms: numberOf(late),
    throttle: Object.values(throttle).some((value) => value !== undefined) ? throttle : undefined,
    throttle_on: throttleOn,
    header: header ? headerFile && readHeader(headerFile) : null
  }
}

/** @throws CommandFailure when the file has no header */
function readHeader (file: string): { name: string, value: string } {
  const text = readSecretFile(file)
  const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*)$/.exec(text) ?? []
  const rules = IssuerHeader.properties
  if (new RegExp(String(rules.name.pattern)).test(name) && new RegExp(String(rules.value.pattern)).test(value)) {
    return { name, value }
  }
  throw new CommandFailure(EXIT.usage, `${file} must hold one line, such as "Authorization: Bearer my-token"`)
}

function addSwitchCommands (issuer: Command, terminal: Terminal): void {
  for (const [state, description] of [
    ['on', 'Ask a client\'s issuer'],
    ['off', 'Ask a client\'s issuer no more: stand-in decides'],
    ['probe', 'Ask a client\'s issuer, although a throttle leaves it alone']
  ] as const) {
    addDataCommand(
      issuer, `${state} <client>`, description, `issuer ${state} 123 --reason "maintenance of the core"`
    )
      .option('--reason <text>', 'why; it is kept')
      .option('--user <text>', 'who; it is kept')
      .action(async (client: string, options: SwitchOptions) => {
        const context = contextOf(terminal, options)
        const body = jsonBody({ state, reason: options.reason, user_id: options.user })
        context.print(
          await context.call({ method: 'PUT', path: `${issuerPath(client)}/state`, body }),
          (found: IssuerState) =>
            `The issuer of client ${client} is ${found.state}\n${describe(context, found.transitions)}`
        )
      })
  }
}

function describeIssuer (
  { table }: DataContext, { throttle, header, ...settings }: Issuer & Partial<Pick<IssuerState, 'throttle_state'>>
): string {
  return table(SETTING_COLUMNS, [
    ...Object.entries(settings),
    ['throttle', `${throttle.failures} failures within ${throttle.within_ms} ms, for ${throttle.for_ms} ms`],
    ['header', header && `${header.name}: (not shown)`]
  ])
}

function describe ({ table }: DataContext, transitions: IssuerState['transitions']): string {
  return transitions.length === 0 ? '' : `\n${table(TRANSITION_COLUMNS, transitions)}`
}
