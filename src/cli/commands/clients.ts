import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { ClientWithAmlyzeToken, ClientWithKey } from '../../../schemas/sandbox/clients.js'
import { addDataCommand, contextOf, type DataOptions } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { jsonBody, pathStep } from '../service.js'
import type { Terminal } from '../terminal.js'

interface CreateOptions extends DataOptions {
  readonly name: string
}

interface RotateOptions extends DataOptions {
  readonly amlyze?: true
}

/** Adds `client create` and `rotate`. */
export function addClientCommands (program: Command, terminal: Terminal): void {
  const clients = program.command('client').description('Make clients and their keys')

  addDataCommand(
    clients, 'create <client>', 'Make a client. Its API key is shown this once', 'client create 789 --name "Third Bank"'
  )
    .requiredOption('--name <text>', 'the client\'s name')
    .action(async (client: string, options: CreateOptions) => {
      const { call, print } = contextOf(terminal, options)
      const body = jsonBody({ client_id: readClientId(client), name: options.name })
      print(await call({ method: 'POST', path: '/clients', body }), describeKey)
    })

  addDataCommand(
    clients,
    'rotate <client>',
    'Give a client a new API key, shown this once. The one before it is out of use',
    'client rotate 789'
  )
    .option('--amlyze', 'the client\'s token for AMLYZE\'s calls instead')
    .action(async (client: string, options: RotateOptions) => {
      const { call, print } = contextOf(terminal, options)
      const key = options.amlyze === true ? 'amlyze-token' : 'api-key'
      print(await call({ method: 'POST', path: `/clients/${pathStep(client)}/${key}` }), describeKey)
    })
}

/** The number goes out as a number; whether it is one of a client's is for the service to say. */
function readClientId (text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new CommandFailure(EXIT.usage, `${text} is no client's number`)
  return Number(text)
}

function describeKey (client: Static<typeof ClientWithKey> | Static<typeof ClientWithAmlyzeToken>): string {
  const [kind, key] = 'api_key' in client ? ['X-API-KEY', client.api_key] : ['AMLYZE token', client.amlyze_token]
  return `${kind} of client ${client.client_id}, not shown again: ${key}\n`
}
