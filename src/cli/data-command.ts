import { Option, type Command } from 'commander'
import { connectionOf, DEFAULT_URL, isTokenExposed, type Connection, type ConnectionOptions } from './connection.js'
import { interruptible } from './interruption.js'
import { startProgress } from './progress.js'
import { callService, type ServiceCall } from './service.js'
import { formatTable, type Column } from './table.js'
import { coloursFor, type Colours, type Terminal } from './terminal.js'

/** The options of every command about the data. */
export interface DataOptions extends ConnectionOptions {
  readonly json?: true
}

/** The options of a command that can be rehearsed. */
export interface DryRunOptions extends DataOptions {
  readonly dryRun?: true
}

/** The options of a list. */
export interface PageOptions extends DataOptions {
  readonly limit?: string
  readonly cursor?: string
}

/**
 * Adds a group of commands. For a command that it does not have, it names those that it has, and guesses none: a guess
 * that somebody follows in a hurry may set balances back.
 */
export function addGroup (parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description).showSuggestionAfterError(false).showHelpAfterError(true)
}

/** Adds a command with an example to its help. */
export function addCommand (parent: Command, nameAndArguments: string, description: string, example: string): Command {
  return parent.command(nameAndArguments).description(description).showSuggestionAfterError(true)
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', `\nExample:\n  $ stip-sandbox ${example}`)
}

const TOKEN_HELP = 'the admin token; else ADMIN_TOKEN, else the one that a service on this machine has made up. ' +
  'Other users see it in the list of processes: prefer ADMIN_TOKEN or --token-file'

/** Adds a command about the data, which talks to the running service. */
export function addDataCommand (
  parent: Command, nameAndArguments: string, description: string, example: string
): Command {
  return addCommand(parent, nameAndArguments, description, example)
    .addOption(urlOption())
    .addOption(new Option('--token <token>', TOKEN_HELP).conflicts('tokenFile'))
    .option('--token-file <file>', 'a file with the admin token')
    .option('--json', 'print what the API answers, for scripts')
}

export const urlOption = (fallback = DEFAULT_URL): Option =>
  new Option('--url <address>', `where the service is; else STIP_SANDBOX_URL, else ${fallback}`)

export const dryRunOption = (): Option => new Option('--dry-run', 'show what would be, and change nothing')

/** Adds the options of a list. */
export function addPageOptions (command: Command): Command {
  return command
    .option('--limit <count>', 'at most this many, 1 to 1000 (100 without it)')
    .option('--cursor <cursor>', 'cursor printed by the previous page')
}

/** What a command about the data works with. */
export interface DataContext {
  readonly terminal: Terminal
  readonly connection: Connection
  readonly colours: Colours
  /** Calls the service, and says so where that takes long. */
  call (call: ServiceCall): Promise<string>
  /** Prints an answer: as it came for a script, in words for a person. */
  print<Answer> (answer: string, describe: (answer: Answer) => string): void
  table<Row> (columns: ReadonlyArray<Column<Row>>, rows: readonly Row[]): string
}

/** Makes what a command about the data works with. */
export function contextOf (terminal: Terminal, options: DataOptions): DataContext {
  const connection = connectionOf(options, terminal.environment)
  warnWhereExposed(terminal, connection, 'the admin token')
  const colours = coloursFor(terminal)
  return {
    terminal,
    connection,
    colours,
    call: async (call) => {
      const progress = startProgress(terminal.errors, undefined)
      try {
        const describe = (): string => describeInterruption(call)
        return await interruptible(terminal.signals, describe, async (signal) =>
          await callService(connection, call, signal))
      } finally {
        progress.stop()
      }
    },
    print: (answer, describe) => {
      terminal.output.write(options.json === true ? `${answer}\n` : describe(JSON.parse(answer)))
    },
    table: (columns, rows) => formatTable(columns, rows, colours, terminal.output.columns)
  }
}

/** Warns where others can read a secret on its way. */
export function warnWhereExposed ({ errors }: Terminal, connection: Connection, secret: string): void {
  if (!isTokenExposed(connection)) return
  errors.write(`Warning: ${connection.url.origin} is not encrypted, and others can read ${secret} on the way. ` +
    'Use https\n')
}

function describeInterruption ({ method, query }: ServiceCall): string {
  if (method === 'GET' || query?.['dry_run'] === 'true') return 'Interrupted. Nothing was changed'
  return 'Interrupted. The service may have done it all the same: look before you repeat the command'
}

/** What follows a page, when it is not the last. */
export function describeNext (cursor: string | null): string {
  return cursor === null ? '' : `There are more: --cursor ${cursor}\n`
}

/** What stands above the result of a dry run. */
export function describeDryRun (dryRun: true | undefined): string {
  return dryRun === true ? 'Dry run: nothing was changed.\n' : ''
}
