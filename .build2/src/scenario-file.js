import { readFileSync } from 'node:fs';
import { isScalar, parseDocument, visit } from 'yaml';
import { ScenarioDocument } from '../schemas/scenario.js';
import { readScenario, ScenarioError } from './domain/scenario.js';
import { excerptOf } from './domain/excerpt.js';
import { decodeUtf8, isExactNumber, JsonError, parseExactJson } from './exact-json/parse.js';
import { compileExact } from './exact-json/validator.js';
import { describeViolation } from './exact-json/violation.js';
const SCENARIO = { validate: compileExact(ScenarioDocument), whole: 'the scenario' };
/**
 * Reads the scenario file that a database is to be started from, and checks all of it.
 *
 * @param setting what names the file
 * @throws ScenarioError naming the file, and the place of each fault in it
 */
export function readScenarioFile(path, setting = 'SCENARIO_FILE') {
    return readContent(path, readBytes(path, setting));
}
/** Reads a scenario that a program gives, by the same rules. @throws ScenarioError with the place of each fault */
export function readScenarioObject(scenario) {
    return readContent('the scenario', Buffer.from(JSON.stringify(scenario)));
}
function readContent(path, bytes) {
    const document = readScenarioDocument(path, bytes);
    return naming(path, () => readScenario(document));
}
/**
 * Reads the content of a scenario file, JSON or (by the ending of its name) YAML, and checks it against the schema.
 *
 * @throws ScenarioError naming the file and the place of the first fault
 */
export function readScenarioDocument(path, bytes) {
    return naming(path, () => readDocument(bytes, /\.ya?ml$/i.test(path), SCENARIO));
}
/**
 * Reads a document and checks it against its schema.
 *
 * @throws JsonError when it cannot be read, and ScenarioError with the place of the first fault
 */
export function readDocument(bytes, isYaml, { validate, whole }) {
    const document = parseExactJson(isYaml ? jsonOfYaml(bytes) : bytes);
    if (validate(document))
        return document;
    const violation = validate.errors?.[0];
    throw new ScenarioError([`${describeViolation(violation, whole)}${hintFor(violation, document)}`]);
}
function readBytes(path, setting) {
    try {
        return readFileSync(path);
    }
    catch (error) {
        throw new ScenarioError([`the scenario ${path} cannot be read: ${error.message}. Set ${setting} to ` +
                'the path of a scenario']);
    }
}
function naming(path, read) {
    try {
        return read();
    }
    catch (error) {
        if (error instanceof ScenarioError)
            throw new ScenarioError(error.faults.map((fault) => `${path}: ${fault}`));
        throw new ScenarioError([`${path} ${error.message}`]);
    }
}
/** What holds whatever a file declares: no directive and no tag of its own gives a text another meaning. */
const YAML_OPTIONS = {
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false
};
/** A file may refer to its anchors this often: enough for defaults, too few to grow beyond measure. */
const YAML_ALIASES_MAX = 100;
/** Turns YAML (1.2, core schema) into JSON, so that there is one way to read a scenario. */
function jsonOfYaml(bytes) {
    try {
        const yaml = parseDocument(decodeUtf8(bytes), YAML_OPTIONS);
        const [fault] = [...yaml.errors, ...yaml.warnings];
        if (fault !== undefined)
            throw fault;
        refuseRepeats(yaml);
        return Buffer.from(JSON.stringify(yaml.toJS({ maxAliasCount: YAML_ALIASES_MAX })));
    }
    catch (error) {
        if (error instanceof JsonError)
            throw error;
        const [message = ''] = error.message.split('\n');
        throw new JsonError(`is not valid YAML: ${message.includes('call stack') ? 'it is nested too deep' : message}`);
    }
}
/** The library itself compares each key of a map with all others, and looks for each anchor through the whole file. */
function refuseRepeats(yaml) {
    let aliases = 0;
    visit(yaml, {
        Alias: () => {
            aliases += 1;
            if (aliases > YAML_ALIASES_MAX) {
                throw new JsonError(`is not valid YAML: it has more than ${YAML_ALIASES_MAX} aliases`);
            }
        },
        Map: (_key, { items }) => {
            const names = new Set();
            for (const { key } of items) {
                const name = String(isScalar(key) ? key.value : key);
                if (names.has(name))
                    throw new JsonError(`holds the name ${excerptOf(name)} twice in one map`);
                names.add(name);
            }
        }
    });
}
/** YAML takes digits without quotation marks for a number, and a number may lose digits that an account number has. */
function hintFor({ instancePath, keyword, params }, document) {
    if (keyword !== 'type' || params['type'] !== 'string')
        return '';
    const value = instancePath.split('/').slice(1).reduce((parent, step) => parent[step], document);
    return isExactNumber(value) ? ': write it in quotation marks' : '';
}
//# sourceMappingURL=scenario-file.js.map