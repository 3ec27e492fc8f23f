import { Option, type Command } from 'commander'
import { ADVICE_STATES, type Advice, type AdvicePage } from '../../../schemas/sandbox/transactions.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeNext, type DataOptions, type PageOptions
} from '../data-command.js'
import { pathStep } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'

interface AdviceOptions extends PageOptions {
  readonly client?: string
  readonly state?: string
}

const COLUMNS: ReadonlyArray<Column<Advice>> = [
  { title: 'Advice', value: ({ rid }) => rid, align: 'right' },
  { title: 'Transaction', value: ({ tid }) => tid, align: 'right' },
  { title: 'Client', value: ({ client_id: client }) => client, align: 'right', spare: 2 },
  { title: 'Type', value: ({ message_type: type, feed }) => feed === 'passive' ? `${type} passive` : type },
  { title: 'State', value: ({ state }) => state },
  { title: 'Attempts', value: ({ attempts }) => attempts, align: 'right' },
  { title: 'Next', value: ({ next_at: next }) => next, spare: 3 },
  { title: 'Last error', value: ({ last_error: error }) => error, spare: 1 }
]

/** Adds `advices`: what is sent to issuers until they acknowledge it. */
export function addAdviceCommands (program: Command, terminal: Terminal): void {
  const advices = addGroup(program, 'advices', 'Look at what issuers are told, and send it by hand')

  addPageOptions(addDataCommand(advices, 'list', 'List advices, newest first', 'advices list --state parked'))
    .option('--client <client>', 'to this client\'s issuer only')
    .addOption(new Option('--state <state>', 'in this state only').choices(ADVICE_STATES))
    .action(async (options: AdviceOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const { client, state, limit, cursor } = options
      const query = { client_id: client, state, limit, cursor }
      print(await call({ method: 'GET', path: '/advices', query }), (page: AdvicePage) =>
        `${table(COLUMNS, page.advices)}${describeNext(page.next_cursor)}`)
    })

  for (const { name, method, step, description } of [
    { name: 'retry', method: 'POST', step: '/retry', description: 'Send an advice now that was not acknowledged' },
    { name: 'cancel', method: 'DELETE', step: '', description: 'End an advice: nothing sends it any more' }
  ] as const) {
    addDataCommand(advices, `${name} <advice>`, description, `advices ${name} 910007`)
      .action(async (rid: string, options: DataOptions) => {
        const { call, print, table } = contextOf(terminal, options)
        print(await call({ method, path: `/advices/${pathStep(rid)}${step}` }), (advice: Advice) =>
          table(COLUMNS, [advice]))
      })
  }
}
