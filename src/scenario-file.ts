import { readFileSync } from 'node:fs'
import { ScenarioDocument } from '../schemas/scenario.js'
import { readScenario, ScenarioError, type Scenario } from './domain/scenario.js'
import { JsonError, parseExactJson } from './exact-json/parse.js'
import { compileExact } from './exact-json/validator.js'
import { describeViolation, type Violation } from './exact-json/violation.js'

const validate = compileExact(ScenarioDocument)

/**
 * Reads a scenario file (JSON) and checks all of it.
 *
 * @throws ScenarioError naming the file, and the place of each fault in it
 */
export function readScenarioFile (path: string): Scenario {
  try {
    const document = parseExactJson(readFileSync(path))
    if (!validate(document)) {
      const violation = validate.errors?.[0] as Violation
      throw new ScenarioError([describeViolation(violation, 'the scenario')])
    }
    return readScenario(document as ScenarioDocument)
  } catch (error) {
    if (error instanceof ScenarioError) throw new ScenarioError(error.faults.map((fault) => `${path}: ${fault}`))
    if (error instanceof JsonError) throw new ScenarioError([`${path} ${error.message}`])
    throw new ScenarioError([`the scenario ${path} cannot be read: ${(error as Error).message}. Set SCENARIO_FILE to the path of a scenario`])
  }
}
