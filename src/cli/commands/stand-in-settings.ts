import { Option, type Command } from 'commander'
import { FAILURE_KINDS, STAND_IN_MODES } from '../../../schemas/client-settings.js'
import { addDataCommand, contextOf, type DataOptions } from '../data-command.js'
import { jsonBody, pathStep } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'

interface StandInOptions extends DataOptions {
  readonly mode?: string
  readonly standInOn?: readonly string[]
  readonly declineCode?: string
  readonly manual?: 'on' | 'off'
  readonly unawareUpdates?: string
}

/** A setting and its value, for a table. */
export const SETTING_COLUMNS: ReadonlyArray<Column<readonly [name: string, value: unknown]>> = [
  { title: 'Setting', value: ([name]) => name },
  { title: 'Value', value: ([, value]) => describeValue(value) }
]

function describeValue (value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(' ')
  return value === null ? 'none' : String(value)
}

/** Adds `clients stand-in`, which shows and sets how stand-in decides. */
export function addStandInCommand (clients: Command, terminal: Terminal): void {
  addDataCommand(
    clients,
    'stand-in <client>',
    'Show how stand-in decides for a client, or set what is given',
    'clients stand-in 123 --mode enhanced --stand-in-on timeout connection'
  )
    .addOption(new Option('--mode <mode>', 'what it does when the issuer fails').choices(STAND_IN_MODES))
    .addOption(new Option('--stand-in-on <failure...>', 'the failures that it decides on').choices(FAILURE_KINDS))
    .addOption(new Option('--decline-code <code>', 'the code with which mode basic declines').choices(['05', '91']))
    .addOption(new Option('--manual <switch>', 'on: nobody asks the issuer').choices(['on', 'off']))
    .addOption(new Option('--unaware-updates <what>', 'what an update does that does not know of a hold')
      .choices(['overwrite', 'keep_holds']))
    .action(async (client: string, options: StandInOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const { mode, standInOn, declineCode, manual, unawareUpdates } = options
      const choice = {
        mode,
        stand_in_on: standInOn,
        decline_code: declineCode,
        manual: manual === undefined ? undefined : manual === 'on',
        unaware_updates: unawareUpdates
      }
      const path = `/clients/${pathStep(client)}/stand-in`
      const isChange = Object.values(choice).some((value) => value !== undefined)
      print(
        await call(isChange ? { method: 'PUT', path, body: jsonBody(choice) } : { method: 'GET', path }),
        (settings: object) => table(SETTING_COLUMNS, Object.entries(settings))
      )
    })
}
