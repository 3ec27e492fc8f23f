import { AccountsFile, type NewAccountDocument } from '../../schemas/account.js'
import { Faults } from '../domain/faults.js'
import { readNewAccounts } from '../domain/new-account.js'
import { ScenarioError } from '../domain/scenario.js'
import { readDocument } from '../scenario-file.js'
import { readCsvRows, type CsvRow } from './csv-rows.js'
import { CommandFailure, EXIT } from './exit.js'

/** An account of a file, and where it stands there: `line 2`, or `accounts[0]`. */
export interface PlacedAccount {
  readonly place: string
  readonly account: NewAccountDocument
}

const KIND = { schema: AccountsFile, whole: 'the file' }

/** The first line of CSV. JSON has a brace before the name, and YAML a colon. */
const CSV_BEGINNING = /^[^:{\n]*\baccount_id\b/

/**
 * Reads a file of accounts: CSV, JSON or YAML. The name tells which; without an ending of these, the beginning does.
 *
 * @throws CommandFailure with the place of each fault
 */
export function readAccountsFile (path: string, bytes: Buffer): PlacedAccount[] {
  const beginning = bytes.toString('utf8', 0, 1000).trimStart()
  const isDocument = /\.(json|ya?ml)$/i.test(path)
  const rows = /\.csv$/i.test(path) || (!isDocument && CSV_BEGINNING.test(beginning))
    ? readCsvRows(path, bytes)
    : undefined
  const isYaml = rows === undefined && (/\.ya?ml$/i.test(path) || !beginning.startsWith('{'))
  try {
    const { accounts } =
      readDocument(rows === undefined ? bytes : documentOf(rows), isYaml, KIND) as AccountsFile
    const faults = new Faults(ScenarioError)
    readNewAccounts(accounts, faults)
    faults.refuse()
    return accounts.map((account, index) =>
      ({ place: rows === undefined ? `accounts[${index}]` : `line ${rows[index]?.line}`, account }))
  } catch (error) {
    const faults = error instanceof ScenarioError
      ? error.faults.map((fault) => `${path}: ${withLines(fault, rows)}`)
      : [`${path} ${(error as Error).message}`]
    throw new CommandFailure(EXIT.usage, faults.join('\n'))
  }
}

/** Names lines in place of the accounts' numbers, for example `line 2, currency is required`. */
function withLines (fault: string, rows: readonly CsvRow[] | undefined): string {
  if (rows === undefined) return fault
  return fault.replaceAll(/accounts\[(\d+)\]\.?/g, (_place, index) => `line ${rows[Number(index)]?.line}, `)
}

/** Writes rows as the document that they stand for. An empty cell says nothing. */
function documentOf (rows: readonly CsvRow[]): Buffer {
  const accounts = rows.map(({ record }) =>
    Object.fromEntries(Object.entries(record).filter(([, text]) => text !== '').map(([name, text]) =>
      [name, valueOf(name, text)])))
  return Buffer.from(JSON.stringify({ accounts }))
}

function valueOf (name: string, text: string): unknown {
  if (name === 'tokens') return text.split(/\s+/)
  return name === 'client_id' && /^\d{1,10}$/.test(text) ? Number(text) : text
}
