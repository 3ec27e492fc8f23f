import type { Command } from 'commander'
import { systemClock } from '../../clock.js'
import { readConfig } from '../../config.js'
import { backupDatabase, restoreDatabase } from '../../store/sqlite/backup.js'
import { verifyDatabase } from '../../store/sqlite/verify.js'
import { addCommand } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import type { Terminal } from '../terminal.js'

/** Adds the commands that keep a database safe. They work on the file itself, which DATABASE_PATH names. */
export function addKeepingCommands (program: Command, { environment, output }: Terminal): void {
  addCommand(program, 'backup', 'Copy the database as it is at this moment. The service may be running', 'backup backup.sqlite')
    .argument('<file>', 'where the copy goes; there must be nothing yet')
    .action((file: string) => {
      const { databasePath } = readConfig(environment)
      backupDatabase(databasePath, file)
      output.write(`${databasePath} is backed up to ${file}\n`)
    })

  addCommand(program, 'restore', 'Put a backup in the place of the database, once it is verified. The service must not be running', 'restore backup.sqlite')
    .argument('<file>', 'the backup; it stays as it is')
    .action((file: string) => {
      const { databasePath } = readConfig(environment)
      const aside = restoreDatabase(file, databasePath, systemClock())
      const kept = aside === undefined ? '' : `. The database that was there is kept as ${aside}`
      output.write(`${databasePath} is restored from ${file}${kept}\n`)
    })

  addCommand(program, 'verify', 'Check a database against its own rules, and name every fault. The service may be running', 'verify backup.sqlite')
    .argument('[file]', 'the database; if it is not named, that of DATABASE_PATH')
    .action((file: string | undefined) => {
      const path = file ?? readConfig(environment).databasePath
      let faults = 0
      for (const fault of verifyDatabase(path)) {
        output.write(`${fault}\n`)
        faults += 1
      }
      if (faults > 0) throw new CommandFailure(EXIT.refused, `${path} has ${faults} ${faults === 1 ? 'fault' : 'faults'}`)
      output.write(`${path} is sound\n`)
    })
}
