import { buffer } from 'node:stream/consumers'
import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { ScenarioLoaded } from '../../../schemas/sandbox/scenarios.js'
import { endWithoutModules } from '../../open-files.js'
import {
  addDataCommand, addGroup, contextOf, describeDryRun, dryRunOption, type DataOptions, type DryRunOptions
} from '../data-command.js'
import { openInput } from '../files.js'
import { jsonBody } from '../service.js'
import type { Terminal } from '../terminal.js'

/** Adds `scenario load` and `export`. */
export function addScenarioCommands (program: Command, terminal: Terminal): void {
  const scenarios = addGroup(program, 'scenario', 'Fill an empty database, or print all of it as a scenario')

  addDataCommand(
    scenarios,
    'load <file>',
    'Load a scenario (JSON or YAML) into an empty database; - is JSON from the standard input',
    'scenario load examples/demo-scenario.json'
  )
    .addOption(dryRunOption())
    .action(async (path: string, options: DryRunOptions) => {
      const { call, print } = contextOf(terminal, options)
      const { content } = await openInput(path, terminal.input)
      const { readScenarioDocument } = await import('../../scenario-file.js').catch(endWithoutModules)
      const body = jsonBody(readScenarioDocument(path, await buffer(content)))
      print(
        await call({ method: 'POST', path: '/scenario', query: { dry_run: options.dryRun && 'true' }, body }),
        ({ clients, accounts, rates, rules }: Static<typeof ScenarioLoaded>) =>
          `${describeDryRun(options.dryRun)}Loaded clients: ${clients}, accounts: ${accounts}, rates: ${rates}` +
            `${rules === undefined ? '' : `, rules: ${rules}`}\n`
      )
    })

  addDataCommand(
    scenarios,
    'export',
    'Print all that is there as a scenario, with the hashes of keys',
    'scenario export > scenario.json'
  )
    .action(async (options: DataOptions) => {
      const { call, print } = contextOf(terminal, options)
      print(await call({ method: 'GET', path: '/scenario' }), (scenario: object) =>
        `${JSON.stringify(scenario, null, 2)}\n`)
    })
}
