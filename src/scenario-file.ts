import { readFileSync } from 'node:fs'
import { isScalar, parseDocument, visit, type Document } from 'yaml'
import { ScenarioDocument } from '../schemas/scenario.js'
import { StandInRule } from '../schemas/stand-in-rule.js'
import { readScenario, ScenarioError, type Scenario } from './domain/scenario.js'
import { excerptOf } from './domain/excerpt.js'
import { decodeUtf8, isExactNumber, JsonError, parseExactJson } from './exact-json/parse.js'
import { compileExact } from './exact-json/validator.js'
import { describeViolation, firstViolation, type Violation } from './exact-json/violation.js'

/** A kind of file that a person writes in JSON or YAML. */
interface DocumentKind {
  readonly schema: object
  /** How a message calls all of it. */
  readonly whole: string
}

const SCENARIO: DocumentKind = { schema: ScenarioDocument, whole: 'the scenario' }

const RULE: DocumentKind = { schema: StandInRule, whole: 'the rule' }

/**
 * Reads the scenario file that a database is to be started from, and checks all of it.
 *
 * @param setting what names the file
 * @throws ScenarioError naming the file, and the place of each fault in it
 */
export function readScenarioFile (path: string, setting = 'SCENARIO_FILE'): Scenario {
  return readContent(path, readBytes(path, setting))
}

/** Reads a scenario that a program gives, by the same rules. @throws ScenarioError with the place of each fault */
export function readScenarioObject (scenario: ScenarioDocument): Scenario {
  return readContent('the scenario', Buffer.from(JSON.stringify(scenario)))
}

function readContent (path: string, bytes: Uint8Array): Scenario {
  const document = readScenarioDocument(path, bytes)
  return naming(path, () => readScenario(document))
}

/**
 * Reads the content of a scenario file, JSON or (by the ending of its name) YAML, and checks it against the schema.
 *
 * @throws ScenarioError naming the file and the place of the first fault
 */
export function readScenarioDocument (path: string, bytes: Uint8Array): ScenarioDocument {
  return naming(path, () => readDocument(bytes, /\.ya?ml$/i.test(path), SCENARIO) as ScenarioDocument)
}

/** Reads the content of a file with one stand-in rule, by the same rules and with the same errors. */
export function readRuleDocument (path: string, bytes: Uint8Array): StandInRule {
  return naming(path, () => readDocument(bytes, /\.ya?ml$/i.test(path), RULE) as StandInRule)
}

/**
 * Reads a document and checks it against its schema.
 *
 * @throws JsonError when it cannot be read, and ScenarioError with the place of the first fault
 */
export function readDocument (bytes: Uint8Array, isYaml: boolean, { schema, whole }: DocumentKind): unknown {
  const validate = compileExact(schema)
  const document = parseExactJson(isYaml ? jsonOfYaml(bytes) : bytes)
  if (validate(document)) return document
  const violation = firstViolation(validate.errors)
  throw new ScenarioError([`${describeViolation(violation, whole)}${hintFor(violation, document)}`])
}

function readBytes (path: string, setting: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new ScenarioError([`the scenario ${path} cannot be read: ${(error as Error).message}. Set ${setting} to ` +
      'the path of a scenario'])
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

/** What holds whatever a file declares: no directive and no tag of its own gives a text another meaning. */
const YAML_OPTIONS = {
  version: '1.2',
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  uniqueKeys: false
} as const

/** A file may refer to its anchors this often: enough for defaults, too few to grow beyond measure. */
const YAML_ALIASES_MAX = 100

/** Turns YAML (1.2, core schema) into JSON, so that there is one way to read a scenario. */
function jsonOfYaml (bytes: Uint8Array): Buffer {
  try {
    const yaml = parseDocument(decodeUtf8(bytes), YAML_OPTIONS)
    const [fault] = [...yaml.errors, ...yaml.warnings]
    if (fault !== undefined) throw fault
    refuseRepeats(yaml)
    return Buffer.from(JSON.stringify(yaml.toJS({ maxAliasCount: YAML_ALIASES_MAX })))
  } catch (error) {
    if (error instanceof JsonError) throw error
    const [message = ''] = (error as Error).message.split('\n')
    throw new JsonError(`is not valid YAML: ${message.includes('call stack') ? 'it is nested too deep' : message}`)
  }
}

/** The library itself compares each key of a map with all others, and looks for each anchor through the whole file. */
function refuseRepeats (yaml: Document): void {
  let aliases = 0
  visit(yaml, {
    Alias: () => {
      aliases += 1
      if (aliases > YAML_ALIASES_MAX) {
        throw new JsonError(`is not valid YAML: it has more than ${YAML_ALIASES_MAX} aliases`)
      }
    },
    Map: (_key, { items }) => {
      const names = new Set<string>()
      for (const { key } of items) {
        const name = String(isScalar(key) ? key.value : key)
        if (names.has(name)) throw new JsonError(`holds the name ${excerptOf(name)} twice in one map`)
        names.add(name)
      }
    }
  })
}

/** YAML takes digits without quotation marks for a number, and a number may lose digits that an account number has. */
function hintFor ({ instancePath, keyword, params }: Violation, document: unknown): string {
  if (keyword !== 'type' || params['type'] !== 'string') return ''
  const value =
    instancePath.split('/').slice(1).reduce((parent, step) => (parent as Record<string, unknown>)[step], document)
  return isExactNumber(value) ? ': write it in quotation marks' : ''
}
