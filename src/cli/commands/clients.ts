import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type {
  Client, ClientPage, ClientWithAmlyzeToken, ClientWithKey
} from '../../../schemas/sandbox/clients.js'
import { confirm, yesOption, type ConfirmOptions } from '../confirm.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeNext, type DataOptions, type PageOptions
} from '../data-command.js'
import { jsonBody, pathStep } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { addFaultsCommand } from './client-faults.js'
import { addStandInCommand } from './stand-in-settings.js'

interface CreateOptions extends DataOptions {
  readonly name: string
}

const CLIENT_COLUMNS: ReadonlyArray<Column<Client>> = [
  { title: 'Client', value: (client) => client.client_id, align: 'right' },
  { title: 'Name', value: ({ name }) => name },
  { title: 'API key since', value: (client) => client.api_key_created_at },
  { title: 'AMLYZE token since', value: (client) => client.amlyze_token_created_at }
]

/** Adds `clients create`, `list`, `stand-in`, and the commands for their keys. */
export function addClientCommands (program: Command, terminal: Terminal): void {
  const clients = addGroup(program, 'clients', 'List and make clients, and their keys').alias('client')

  addDataCommand(
    clients,
    'create <client>',
    'Make a client. Its API key is shown this once',
    'clients create 789 --name "Third Bank"'
  )
    .requiredOption('--name <text>', 'the client\'s name')
    .action(async (client: string, options: CreateOptions) => {
      const { call, print } = contextOf(terminal, options)
      const body = jsonBody({ client_id: Number(client), name: options.name })
      print(await call({ method: 'POST', path: '/clients', body }), describeKey)
    })

  addPageOptions(addDataCommand(clients, 'list', 'List clients. Keys are not shown', 'clients list'))
    .action(async ({ limit, cursor, ...options }: PageOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      print(
        await call({ method: 'GET', path: '/clients', query: { limit, cursor } }),
        (page: Static<typeof ClientPage>) => `${table(CLIENT_COLUMNS, page.clients)}${describeNext(page.next_cursor)}`
      )
    })

  addKeyCommands(clients, terminal)
  addStandInCommand(clients, terminal)
  addFaultsCommand(clients, terminal)
}

const KEYS = [
  { path: 'api-key', what: 'API key', rotate: 'rotate-key', revoke: 'revoke-key' },
  { path: 'amlyze-token', what: 'token for AMLYZE\'s calls', rotate: 'amlyze-token', revoke: 'revoke-amlyze-token' }
] as const

function addKeyCommands (clients: Command, terminal: Terminal): void {
  for (const { path, what, rotate, revoke } of KEYS) {
    addDataCommand(
      clients,
      `${rotate} <client>`,
      `Give a client a new ${what}, shown this once. The one before it is out of use`,
      `clients ${rotate} 789`
    )
      .addOption(yesOption())
      .action(async (client: string, options: DataOptions & ConfirmOptions) => {
        const { call, print } = contextOf(terminal, options)
        await confirm(terminal, options, `Give client ${client} a new ${what}, in place of one that it has?`, 'proceed')
        print(await call({ method: 'POST', path: `/clients/${pathStep(client)}/${path}` }), describeKey)
      })

    addDataCommand(
      clients, `${revoke} <client>`, `Put a client's ${what} out of use`, `clients ${revoke} 789`
    )
      .addOption(yesOption())
      .action(async (client: string, options: DataOptions & ConfirmOptions) => {
        const { call, print } = contextOf(terminal, options)
        await confirm(terminal, options, `Put the ${what} of client ${client} out of use?`, 'refuse')
        print(await call({ method: 'DELETE', path: `/clients/${pathStep(client)}/${path}` }), () =>
          `The ${what} of client ${client} is out of use\n`)
      })
  }
}

function describeKey (client: Static<typeof ClientWithKey> | Static<typeof ClientWithAmlyzeToken>): string {
  const [kind, key] = 'api_key' in client ? ['X-API-KEY', client.api_key] : ['AMLYZE token', client.amlyze_token]
  return `${kind} of client ${client.client_id}, not shown again: ${key}\n`
}
