import { Command, CommanderError } from 'commander'
import { packageVersion } from '../package-root.js'
import { addAccountCommands } from './commands/accounts.js'
import { addAdviceCommands } from './commands/advices.js'
import { addBalanceFileCommands } from './commands/balance-files.js'
import { addBalanceCommands } from './commands/balances.js'
import { addClientCommands } from './commands/clients.js'
import { addCompletionCommand } from './commands/completion.js'
import { addHistoryCommand } from './commands/history.js'
import { addIssuerCommands } from './commands/issuer.js'
import { addMaintenanceCommands } from './commands/maintenance.js'
import { addPaymentCommands } from './commands/payments.js'
import { addProcessCommands } from './commands/process.js'
import { addPruneCommand } from './commands/prune.js'
import { addRateCommands } from './commands/rates.js'
import { addRequestCommands } from './commands/requests.js'
import { addRuleCommands } from './commands/rules.js'
import { addScenarioCommands } from './commands/scenarios.js'
import { addServeCommands } from './commands/serve.js'
import { addSnapshotCommands } from './commands/snapshots.js'
import { addTokenCommands } from './commands/tokens.js'
import { addUpdateCommand } from './commands/update.js'
import { CommandFailure, EXIT, type ExitCode } from './exit.js'
import type { Terminal } from './terminal.js'
import { passEmptyChoices, refuseWrongValues } from './values.js'

const EXIT_CODES = `
Exit codes:
  0  done
  1  refused, for the reason that it names
  2  the command line is wrong; nothing was sent
  3  the service cannot be reached, or failed
  4  done in part: rows of a file failed, saved accounts are gone, or the output could not be written
  130, 143  interrupted by Ctrl+C or SIGTERM`

/**
 * Runs a command, and sees to it that its output arrives.
 *
 * @param args what stands behind the program's name
 * @returns the exit code; a service that was started runs on
 */
export async function run (args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { output, errors } = terminal
  // An output that fails must not end the command before its work and its exit code. A standard stream forgets its
  // error.
  let fault: NodeJS.ErrnoException | undefined
  output.on('error', (error) => { fault ??= error })
  errors.on('error', () => {})
  const exitCode = await runCommand(args, terminal)
  await new Promise((resolve) => { output.write('', resolve) })
  // A reader may have seen enough, as `head` has.
  if (fault === undefined || fault.code === 'EPIPE') return exitCode
  errors.write(`The output could not be written: ${fault.message}\n`)
  return exitCode === EXIT.done ? EXIT.partly : exitCode
}

async function runCommand (args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    await makeProgram(terminal).parseAsync(args, { from: 'user' })
    return EXIT.done
  } catch (error) {
    // It has named the fault, or has printed the help.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    terminal.errors.write(`${(error as Error).message}\n`)
    return error instanceof CommandFailure ? error.exitCode : EXIT.refused
  }
}

/** Makes the whole command line. */
export function makeProgram (terminal: Terminal): Command {
  // What is set here holds for the commands that are added afterwards.
  const program = new Command('stip-sandbox')
    .description('A stand-in processing (STIP) sandbox: exact, durable account balances behind the card processors\' ' +
      'own calls')
    .version(packageVersion)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => { terminal.output.write(text) },
      writeErr: (text) => { terminal.errors.write(text) }
    })
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', EXIT_CODES)
    .hook('preAction', (_program, command) => { refuseWrongValues(command) })
  addServeCommands(program, terminal)
  addProcessCommands(program, terminal)
  addMaintenanceCommands(program, terminal)
  for (const add of [
    addScenarioCommands, addAccountCommands, addTokenCommands, addBalanceCommands, addBalanceFileCommands,
    addHistoryCommand, addSnapshotCommands, addRateCommands, addClientCommands, addPruneCommand, addRequestCommands,
    addUpdateCommand, addIssuerCommands, addRuleCommands, addPaymentCommands, addAdviceCommands, addCompletionCommand
  ]) {
    add(program, terminal)
  }
  passEmptyChoices(program)
  return program
}
