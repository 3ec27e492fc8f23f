import { Option, type Command } from 'commander'
import type { ClientFaults } from '../../../schemas/sandbox/client-faults.js'
import { addDataCommand, contextOf, type DataOptions } from '../data-command.js'
import { jsonBody, pathStep } from '../service.js'
import type { Terminal } from '../terminal.js'
import { numberOf } from '../values.js'
import { SETTING_COLUMNS } from './stand-in-settings.js'

interface FaultsOptions extends DataOptions {
  readonly fault?: string
  readonly status?: string
  readonly delay?: string
  readonly calls?: string
  readonly for?: string
  readonly end?: true
}

/** Adds `clients faults`, which lets a client's own calls fail. */
export function addFaultsCommand (clients: Command, terminal: Terminal): void {
  addDataCommand(
    clients,
    'faults <client>',
    'Show what a client\'s calls of pws_update_balance meet, let them fail, or end that',
    'clients faults 123 --fault cut --calls 1'
  )
    .addOption(new Option('--fault <kind>', 'how they fail').choices(['status', 'error_1066', 'cut']))
    .option('--status <status>', 'the HTTP status of the fault "status"')
    .option('--delay <milliseconds>', 'how long the answer waits')
    .option('--calls <count>', 'for this number of calls')
    .option('--for <milliseconds>', 'for this time')
    .option('--end', 'answer as it should be from now on')
    .action(async (client: string, options: FaultsOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const path = `/clients/${pathStep(client)}/faults`
      const definition = definitionOf(options)
      const isSet = Object.values(definition).some((value) => value !== undefined)
      const set = { method: 'PUT', path, body: jsonBody(definition) } as const
      const request = isSet ? set : { method: options.end === true ? 'DELETE' : 'GET', path } as const
      print(await call(request), ({ definition: found, ...counted }: ClientFaults) =>
        table(SETTING_COLUMNS, Object.entries({ ...found, ...counted })))
    })
}

function definitionOf ({ fault, status, delay, calls, for: forMs }: FaultsOptions): object {
  return {
    fault, status: numberOf(status), delay_ms: numberOf(delay), calls: numberOf(calls), for_ms: numberOf(forMs)
  }
}
