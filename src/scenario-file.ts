import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { ScenarioDocument } from '../schemas/scenario.js'
import { readScenario, ScenarioError, type Scenario } from './domain/scenario.js'
import { decodeUtf8, isExactNumber, JsonError, parseExactJson } from './exact-json/parse.js'
import { compileExact } from './exact-json/validator.js'
import { describeViolation, type Violation } from './exact-json/violation.js'

const validate = compileExact(ScenarioDocument)

/**
 * Reads the scenario file that a database is to be started from, and checks all of it.
 *
 * @throws ScenarioError naming the file, and the place of each fault in it
 */
export function readScenarioFile (path: string): Scenario {
  const document = readScenarioDocument(path, readBytes(path))
  return naming(path, () => readScenario(document))
}

/**
 * Reads the content of a scenario file, JSON or (by the ending of its name) YAML, and checks it against the schema.
 *
 * @throws ScenarioError naming the file and the place of the first fault
 */
export function readScenarioDocument (path: string, bytes: Uint8Array): ScenarioDocument {
  return naming(path, () => {
    const document = parseExactJson(/\.ya?ml$/i.test(path) ? jsonOfYaml(bytes) : bytes)
    if (!validate(document)) {
      const violation = validate.errors?.[0] as Violation
      throw new ScenarioError([`${describeViolation(violation, 'the scenario')}${hintFor(violation, document)}`])
    }
    return document as ScenarioDocument
  })
}

function readBytes (path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new ScenarioError([`the scenario ${path} cannot be read: ${(error as Error).message}. Set SCENARIO_FILE to the path of a scenario`])
  }
}

function naming<Result> (path: string, read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    if (error instanceof ScenarioError) throw new ScenarioError(error.faults.map((fault) => `${path}: ${fault}`))
    throw new ScenarioError([`${path} ${(error as JsonError).message}`])
  }
}

/** Turns YAML (1.2, core schema) into JSON, so that there is one way to read a scenario. */
function jsonOfYaml (bytes: Uint8Array): Buffer {
  const yaml = parseDocument(decodeUtf8(bytes))
  const [fault] = [...yaml.errors, ...yaml.warnings]
  if (fault !== undefined) throw new JsonError(`is not valid YAML: ${fault.message.split('\n')[0]}`)
  try {
    return Buffer.from(JSON.stringify(yaml.toJS()))
  } catch (error) {
    throw new JsonError(`is not valid YAML: ${(error as Error).message}`)
  }
}

/** YAML takes digits without quotation marks for a number, and a number may lose digits that an account number has. */
function hintFor ({ instancePath, keyword, params }: Violation, document: unknown): string {
  if (keyword !== 'type' || params['type'] !== 'string') return ''
  const value = instancePath.split('/').slice(1).reduce((parent, step) => (parent as Record<string, unknown>)[step], document)
  return isExactNumber(value) ? ': write it in quotation marks' : ''
}
