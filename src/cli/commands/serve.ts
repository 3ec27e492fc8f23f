import type { Command } from 'commander'
import { readConfig } from '../../config.js'
import { startServer } from '../../server.js'
import { migratePostgres } from '../../store/postgres/store.js'
import { openDatabase } from '../../store/sqlite/database.js'
import { addCommand } from '../data-command.js'
import { demo, nameOf, nextCommand } from '../demo.js'
import type { Terminal } from '../terminal.js'

/** Adds the commands about the process and its file. Their settings come from the environment. */
export function addServeCommands (program: Command, { environment, output, errors }: Terminal): void {
  addCommand(program, 'serve', 'Start the service. Its settings come from the environment (docs/settings.md)', 'serve')
    .action(async () => {
      const config = readConfig(environment)
      const server = await startServer(config)
      if (config.adminToken !== undefined) return
      errors.write(`ADMIN_TOKEN is not set. Until the next start it is ${server.adminToken}\nNext, in another ` +
        `terminal: ${nextCommand(server, server.adminToken)}\n`)
    })

  addCommand(
    program,
    'demo',
    'Start the service with a database of its own and the accounts of examples/demo-scenario.json',
    'demo'
  )
    .action(async () => { output.write(await demo(environment)) })

  addCommand(
    program,
    'migrate',
    'Bring the database up to this version, or make it. "serve" does so by itself',
    'migrate'
  )
    .action(async () => {
      const { database } = readConfig(environment)
      const schema = database.kind === 'sqlite' ? migrateSqlite(database.path) : await migratePostgres(database.url)
      output.write(`${nameOf(database)} has schema ${schema}, and is up to date\n`)
    })
}

/** @returns the number of its newest migration */
function migrateSqlite (path: string): number {
  const database = openDatabase(path)
  const schema = Number(database.pragma('user_version', { simple: true }))
  database.close()
  return schema
}
