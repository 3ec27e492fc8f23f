import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { readScenarioFile } from '../src/scenario-file.js'
import { makeFolder } from './support/folder.js'

function write (t: Parameters<typeof makeFolder>[0], text: string): string {
  const path = join(makeFolder(t), 'scenario.json')
  writeFileSync(path, text)
  return path
}

t.test('the demo has accounts that one remembers', async (t) => {
  const { accounts } = readScenarioFile(fileURLToPath(new URL('../examples/demo-scenario.json', import.meta.url)))
  t.ok(accounts.some(({ balances }) => balances.actual < 0n), 'an overdrawn one')
  t.ok(accounts.some(({ balances }) => balances.actual === balances.blocked), 'a fully blocked one')
  t.ok(accounts.some(({ currency }) => currency.alphaCode === 'BHD'))
  t.ok(accounts.some(({ currency }) => currency.alphaCode === 'JPY'))
  t.ok(accounts.some(({ tokens }) => tokens.length === 2), 'two cards on one account')
})

for (const [what, text, message] of [
  ['not JSON', '{"clients":[}', "scenario.json is not valid JSON: Array item expected but got '}' at position 12"],
  ['against the schema', '{"clients":[{"client_id":123,"name":"x","api_key":"k","colour":"red"}]}', 'scenario.json: clients[0].colour is not a known field'],
  ['with a key that no header can carry', '{"clients":[{"client_id":123,"name":"x","api_key":"schl\u00fcssel"}]}', 'scenario.json: clients[0].api_key must match pattern "^[!-~]{1,32}$"'],
  ['with a key of two words', '{"clients":[{"client_id":123,"name":"x","api_key":"two words"}]}', 'scenario.json: clients[0].api_key must match pattern "^[!-~]{1,32}$"'],
  ['with a key of 33 characters', `{"clients":[{"client_id":123,"name":"x","api_key":"${'x'.repeat(33)}"}]}`, 'scenario.json: clients[0].api_key must match pattern "^[!-~]{1,32}$"'],
  ['no object', '[]', 'scenario.json: the scenario must be object'],
  ['without sense', '{"clients":[],"rates":[{"base":"840","quote":"840","rate":"1"}]}', 'scenario.json: rates[0] has the same base and quote']
] as const) {
  t.test(`a file that is ${what} is refused with the place`, async (t) => {
    const path = write(t, text)
    t.throws(() => readScenarioFile(path), { name: 'ScenarioError', message: path.replace('scenario.json', message) })
  })
}

t.test('a file that is not there, and a folder in its place, are named with the setting', async (t) => {
  const folder = makeFolder(t)
  for (const [path, cause] of [[join(folder, 'nowhere.json'), 'ENOENT'], [folder, 'EISDIR']] as const) {
    t.throws(() => readScenarioFile(path), {
      name: 'ScenarioError',
      message: new RegExp(`^the scenario ${path} cannot be read: ${cause}.*\\. Set SCENARIO_FILE to the path of a scenario$`)
    })
  }
})
