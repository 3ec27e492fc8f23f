import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import type { Command } from 'commander'
import { systemClock } from '../../clock.js'
import { readConfig } from '../../config.js'
import { endWithoutModules } from '../../open-files.js'
import { addCommand } from '../data-command.js'
import { nameOf } from '../demo.js'
import { CommandFailure, EXIT } from '../exit.js'
import type { Terminal } from '../terminal.js'

/** Adds the commands that keep a database safe. They work on the database itself, without the service. */
export function addMaintenanceCommands (program: Command, { environment, output }: Terminal): void {
  addCommand(
    program, 'backup', 'Copy the database as it is at this moment. The service may be running', 'backup backup.sqlite'
  )
    .argument('<file>', 'where the copy goes; there must be nothing yet')
    .action(async (file: string) => {
      const databasePath = findDatabase(environment, 'backup')
      const { backupDatabase } = await import('../../store/sqlite/backup.js').catch(endWithoutModules)
      backupDatabase(databasePath, file)
      output.write(`${databasePath} is backed up to ${file}\n`)
    })

  addCommand(
    program,
    'restore',
    'Put a backup in the place of the database, once it is verified. The service must not be running',
    'restore backup.sqlite'
  )
    .argument('<file>', 'the backup; it stays as it is')
    .action(async (file: string) => {
      const databasePath = readPath(environment, 'restore')
      const { restoreDatabase } = await import('../../store/sqlite/backup.js').catch(endWithoutModules)
      const aside = restoreDatabase(file, databasePath, systemClock())
      const kept = aside === undefined ? '' : `. The database that was there is kept as ${aside}`
      output.write(`${databasePath} is restored from ${file}${kept}\n`)
      const others = otherDatabases(databasePath)
      if (environment['DATABASE_PATH'] || others.length === 0) return
      output.write(`DATABASE_PATH is not set. ${others.join(', ')} stays as it is\n`)
    })

  addCommand(
    program,
    'verify',
    'Check a database against its own rules, and name every fault. The service may be running',
    'verify backup.sqlite'
  )
    .argument('[file]', 'the database; if it is not named, that of DATABASE_PATH or DATABASE_URL')
    .action(async (file: string | undefined) => {
      const { name, found } = await findFaults(environment, file)
      let faults = 0
      for await (const fault of found) {
        output.write(`${fault}\n`)
        faults += 1
      }
      if (faults > 0) {
        throw new CommandFailure(EXIT.refused, `${name} has ${faults} ${faults === 1 ? 'fault' : 'faults'}`)
      }
      output.write(`${name} is sound\n`)
    })
}

/** Checks a named file, or the database of the settings. */
async function findFaults (
  environment: Terminal['environment'], file: string | undefined
): Promise<{ name: string, found: Iterable<string> | AsyncIterable<string> }> {
  const { database } = file === undefined ? readConfig(environment) : { database: undefined }
  if (database?.kind === 'postgres') {
    const { verifyPostgres } = await import('../../store/postgres/store.js').catch(endWithoutModules)
    return { name: nameOf(database), found: verifyPostgres(database.url) }
  }
  const path = file ?? findDatabase(environment, 'verify')
  const { verifyDatabase } = await import('../../store/sqlite/verify.js').catch(endWithoutModules)
  return { name: path, found: verifyDatabase(path) }
}

/**
 * Gives the path of the SQLite file.
 *
 * @throws CommandFailure when the database is another one, naming what copies that
 */
function readPath (environment: Terminal['environment'], command: string): string {
  const { database } = readConfig(environment)
  if (database.kind === 'sqlite') return database.path
  throw new CommandFailure(EXIT.refused, `${command} works on SQLite files, and DATABASE_URL names a PostgreSQL ` +
    'database. Use pg_dump and pg_restore, or point-in-time recovery (PITR). See docs/postgresql.md')
}

/**
 * Gives the path of the database that is there.
 *
 * @throws CommandFailure naming the databases beside it when there is none
 */
function findDatabase (environment: Terminal['environment'], command: string): string {
  const databasePath = readPath(environment, command)
  if (existsSync(databasePath)) return databasePath
  const [other] = otherDatabases(databasePath)
  const why = environment['DATABASE_PATH'] ? 'DATABASE_PATH names it' : 'DATABASE_PATH is not set'
  const hint = other === undefined
    ? 'Set DATABASE_PATH to the file of the service'
    : `If you mean ${other}, set DATABASE_PATH=${other}`
  throw new CommandFailure(EXIT.refused, `There is no database ${databasePath} (${why}). ${hint}`)
}

/** Gives the databases beside another, by the ending of their names. */
function otherDatabases (path: string): string[] {
  const folder = dirname(path)
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.sqlite')).sort().map((name) => join(folder, name))
  return files.filter((file) => file !== normalize(path))
}
