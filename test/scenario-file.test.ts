import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { ScenarioError } from '../src/domain/scenario.js'
import { packageRoot } from '../src/package-root.js'
import { readScenarioFile } from '../src/scenario-file.js'
import { makeFolder } from './support/folder.js'

function write (t: Parameters<typeof makeFolder>[0], text: string | Buffer, name = 'scenario.json'): string {
  const path = join(makeFolder(t), name)
  writeFileSync(path, text)
  return path
}

t.test('the demo has accounts that one remembers', async (t) => {
  const { accounts } = readScenarioFile(fileURLToPath(new URL('examples/demo-scenario.json', packageRoot)))
  t.ok(accounts.some(({ balances }) => balances.actual < 0n), 'an overdrawn one')
  t.ok(accounts.some(({ balances }) => balances.actual === balances.blocked), 'a fully blocked one')
  t.ok(accounts.some(({ currency }) => currency.alphaCode === 'BHD'))
  t.ok(accounts.some(({ currency }) => currency.alphaCode === 'JPY'))
  t.ok(accounts.some(({ cards }) => cards.length === 2), 'two cards on one account')
})

for (const [what, text, message] of [
  ['not JSON', '{"clients":[}', 'scenario.json is not valid JSON: a value must stand at position 12, not "}"'],
  [
    'against the schema',
    '{"clients":[{"client_id":123,"name":"x","api_key":"k","colour":"red"}]}',
    'scenario.json: clients[0].colour is not a known field'
  ],
  [
    'with a key that no header can carry',
    '{"clients":[{"client_id":123,"name":"x","api_key":"schl\u00fcssel"}]}',
    'scenario.json: clients[0].api_key must be 1 to 32 visible ASCII characters without spaces'
  ],
  [
    'with a key of two words',
    '{"clients":[{"client_id":123,"name":"x","api_key":"two words"}]}',
    'scenario.json: clients[0].api_key must be 1 to 32 visible ASCII characters without spaces'
  ],
  [
    'with a key of 33 characters',
    `{"clients":[{"client_id":123,"name":"x","api_key":"${'x'.repeat(33)}"}]}`,
    'scenario.json: clients[0].api_key must be 1 to 32 visible ASCII characters without spaces'
  ],
  ['no object', '[]', 'scenario.json: the scenario must be object'],
  [
    'without sense',
    '{"clients":[],"rates":[{"base":"840","quote":"840","rate":"1"}]}',
    'scenario.json: rates[0] has the same base and quote'
  ]
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
      message: new RegExp(`^the scenario ${path} cannot be read: ${cause}.*\\. Set SCENARIO_FILE to the path of a ` +
        'scenario$')
    })
  }
})

const YAML = `# Accounts that one remembers
clients:
  - client_id: 123
    name: First Bank
    api_key: key-of-123
accounts:
  - { client_id: 123, account_id: "9007199254740993", currency: "048",
      actual_balance: "1.500", blocked_balance: '0.000', tokens: ["12345"] }
rates:
  - { base: "840", quote: "404", rate: "129.05", effective_at: 2026-07-01T00:00:00Z }
`

t.test('a scenario in YAML is the same as in JSON', async (t) => {
  const document = {
    clients: [{ client_id: 123, name: 'First Bank', api_key: 'key-of-123' }],
    accounts: [{
      client_id: 123,
      account_id: '9007199254740993',
      currency: '048',
      actual_balance: '1.500',
      blocked_balance: '0.000',
      tokens: ['12345']
    }],
    rates: [{ base: '840', quote: '404', rate: '129.05', effective_at: '2026-07-01T00:00:00Z' }]
  }
  const wanted = readScenarioFile(write(t, JSON.stringify(document)))
  for (const name of ['scenario.yaml', 'scenario.YML']) {
    t.strictSame(readScenarioFile(write(t, YAML, name)), wanted, name)
  }
})

for (const [what, from, to, message] of [
  [
    'an account number',
    '"9007199254740993"',
    '9007199254740993',
    'accounts[0].account_id must be string: write it in quotation marks'
  ],
  ['a token', '["12345"]', '[12345]', 'accounts[0].tokens[0] must be string: write it in quotation marks'],
  ['a currency', '"048"', '048', 'accounts[0].currency must be string: write it in quotation marks'],
  ['an amount', '"1.500"', '1.500', 'accounts[0].actual_balance must be string: write it in quotation marks'],
  ['a rate', '"129.05"', '129.05', 'rates[0].rate must be string: write it in quotation marks']
] as const) {
  t.test(`${what} without quotation marks is refused in YAML, because it would be a number`, async (t) => {
    const path = write(t, YAML.replace(from, to), 'scenario.yaml')
    t.throws(() => readScenarioFile(path), { name: 'ScenarioError', message: `${path}: ${message}` })
  })
}

for (const [what, text, message] of [
  ['no YAML', 'clients: [', /^ is not valid YAML: .* at line 1, column 11:$/],
  ['with a name twice', 'clients: []\nclients: []\n', /^ holds the name "clients" twice in one map$/],
  ['with two documents', 'clients: []\n---\nclients: []\n', /^ is not valid YAML: Source contains multiple documents/],
  ['with a tag', 'clients: !!binary ""\n', /^ is not valid YAML: Unresolved tag: tag:yaml.org,2002:binary/],
  ['with an anchor that holds itself', 'clients: &all [*all]\n', /^ is not valid YAML: /],
  [
    'with what is no number',
    'clients: [{ client_id: .nan, name: x }]\n',
    /^: clients\[0\]\.client_id must be a whole number$/
  ],
  [
    'with nothing where a text is wanted',
    'clients: [{ client_id: 1, name: }]\n',
    /^: clients\[0\]\.name must be string$/
  ],
  ['empty', '', /^: the scenario must be object$/],
  ['no UTF-8', Buffer.from([0x61, 0xff]), /^ is not valid UTF-8$/]
] as const) {
  t.test(`a file that is ${what} is refused with the place in YAML, too`, async (t) => {
    const path = write(t, text, 'scenario.yaml')
    try {
      readScenarioFile(path)
      t.fail('it is refused')
    } catch (error) {
      t.ok(error instanceof ScenarioError && error.message.startsWith(path))
      t.match((error as Error).message.slice(path.length), message)
    }
  })
}

for (const [what, text, message] of [
  ['a time of old YAML', '%YAML 1.1\n---\nclients: []\nx: 1:30\n', /x is not a known field$/],
  [
    'a merge',
    'clients: [&a {client_id: 1, name: x}, {<<: *a}]\n',
    /clients\[1\]\["<<"\] is not a known field$|client_id is required$/
  ],
  ['very many levels', `clients: ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /nested/],
  ['a hundred and one aliases', `clients: [&a 1${', *a'.repeat(101)}]`, /it has more than 100 aliases$/],
  ['a name that is a list', '? [a]\n: 1\nclients: []\n', /is not a known field$/],
  ['U+0000 in a text', 'clients: [{client_id: 1, name: "a\\0b"}]\n', /holds the character U\+0000/],
  ['half a surrogate pair in a text', 'clients: [{client_id: 1, name: "a\\uD800"}]\n', /half a surrogate pair/]
] as const) {
  t.test(`YAML with ${what} is refused`, async (t) => {
    t.throws(() => readScenarioFile(write(t, text, 'scenario.yaml')), { name: 'ScenarioError', message })
  })
}

t.test('a text of YAML 1.1 that is a number there is none here', async (t) => {
  const scenario = readScenarioFile(write(
    t, '%YAML 1.1\n---\nclients: [{client_id: 1, name: 1:30}, {client_id: 2, name: yes}]\n', 'scenario.yaml'
  ))
  t.same(scenario.clients.map(({ name }) => name), ['1:30', 'yes'])
})
