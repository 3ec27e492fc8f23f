import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { run } from '../../../src/cli/run.js'
import { everythingIn } from '../../support/database.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { ADMIN_TOKEN } from '../../support/service.js'
import { makeTerminal, serveCommands, type CommandResult } from '../../support/terminal.js'

/** Starts a service, and gives what applies a file to it. */
async function makeApply (t: Test) {
  const service = await serveCommands(t)
  const folder = makeFolder(t)
  return {
    ...service,
    apply: async (name: string, content: string, ...more: string[]): Promise<CommandResult> => {
      writeFileSync(join(folder, name), content)
      const { complained, ...result } = await service.cli(['accounts', 'apply', join(folder, name), ...more])
      return { ...result, complained: complained.replaceAll(`${folder}/`, '') }
    }
  }
}

const CSV = '\ufeffaccount_id,client_id,currency,actual_balance,blocked_balance,external_reference,tokens\n' +
  '5001,123,kes,200.00,10,R-5,71 72\n1002,123,USD,5,0,,\n1004,123,392,5.0,0,,\n'

t.test('accounts are made, set and left as they are, and a second time nothing is done', async (t) => {
  const { apply, read, databasePath } = await makeApply(t)
  const before = everythingIn(databasePath)
  const lines = 'line 2: account 5001 made: actual 200.00, blocked 10\n' +
    'line 3: account 1002 set: actual 0.00 → 5.00, blocked 0.00 → 0.00\n' +
    'line 4: account 1004 as it was\nMade: 1. Set: 1. As they were: 1\n'
  t.strictSame(await apply('a.csv', CSV, '--dry-run'), {
    exitCode: 0, printed: `Dry run: nothing was changed.\n${lines}`, complained: ''
  })
  t.same(everythingIn(databasePath), before)
  t.strictSame(await apply('a.csv', CSV), { exitCode: 0, printed: lines, complained: '' })
  t.match((await read('/accounts/5001')).json(), {
    currency: '404', actual_balance: '200.00', blocked_balance: '10.00', external_reference: 'R-5', tokens: ['71', '72']
  })
  t.equal((await read('/accounts/1002/history')).json().changes[0].operation.reason, 'accounts apply')
  const after = everythingIn(databasePath)
  t.match((await apply('a.csv', CSV)).printed, /\nMade: 0\. Set: 0\. As they were: 3\n$/)
  t.same(JSON.parse((await apply('a.csv', CSV, '--json')).printed)[1], { account_id: '1002', status: 'unchanged' })
  t.same(everythingIn(databasePath), after)
})

const ACCOUNT = '{client_id: 123, account_id: "1002", currency: "840", actual_balance: "7", blocked_balance: "1"}'

t.test('YAML and JSON say the same, in a file or the standard input', async (t) => {
  const { apply, app } = await makeApply(t)
  const json = JSON.stringify({
    accounts: [{
      client_id: 123, account_id: '1002', currency: '840', actual_balance: '7', blocked_balance: '1'
    }]
  })
  t.match((await apply('a.yaml', `accounts: [${ACCOUNT}]`)).printed, /^accounts\[0\]: account 1002 set: .* → 7\.00/)
  t.match((await apply('a.json', json)).printed, 'accounts[0]: account 1002 as it was\n')
  const { port } = app.server.address() as { port: number }
  for (const text of [json, `accounts:\n- ${ACCOUNT}\n`, CSV]) {
    const environment = { STIP_SANDBOX_URL: `http://127.0.0.1:${port}`, ADMIN_TOKEN }
    const terminal = makeTerminal(environment, text)
    t.equal(await run(['accounts', 'apply', '-', '--json'], terminal), 0)
    t.equal(JSON.parse(terminal.printed()).at(-1).status, 'unchanged')
  }
})

for (const [name, content, complained] of [
  ['a.csv', 'account_id,client_id\n1,x\n', 'a.csv: line 2, currency is required\n'],
  ['a.csv', 'account_id\n', /^a\.csv: accounts must NOT have fewer than 1 items\n$/],
  ['a.csv', CSV.replace(',123,kes', ',x,kes'), /^a\.csv: line 2, client_id must be a whole number/],
  ['a.csv', CSV.replace('tokens', 'token'), /^a\.csv: line 2, token is not a known field/],
  ['a.csv', CSV.replace('200.00', '200.001'), 'a.csv: line 2, actual_balance has more decimals than KES has (2)\n'],
  ['a.csv', CSV.replace('1004', '1002'), /^a\.csv: line 4, account_id is the same as line 3, account_id, and/],
  ['a.csv', `${CSV}1,2\n`, /^a\.csv cannot be read as CSV/],
  ['a.json', '{', /^a\.json is not valid JSON/],
  ['a.yaml', 'accounts: [{client_id: 1, account_id: 1}]', /^a\.yaml: accounts\[0\]\.currency is required/]
] as const) {
  t.test(`a file that is not right changes nothing: ${complained}`, async (t) => {
    const { apply, databasePath } = await makeApply(t)
    const before = everythingIn(databasePath)
    t.match(await apply(name, content), { exitCode: 2, printed: '', complained })
    t.same(everythingIn(databasePath), before)
  })
}

t.test('accounts that differ in more than balances are named, and nothing is changed', async (t) => {
  const { apply, databasePath } = await makeApply(t)
  const before = everythingIn(databasePath)
  const csv = CSV.replace('1004,123,392,5.0', '9007199254740993,456,392,5').replace('USD,5,0,,', 'USD,5,0,OTHER,9')
  t.strictSame(await apply('a.csv', csv), {
    exitCode: 1,
    printed: '',
    complained: 'a.csv: line 3: account 1002 has another external_reference, tokens\n' +
      'a.csv: line 4: account 9007199254740993 has another client_id, currency\n' +
      'Only balances are set. Nothing was changed\n'
  })
  t.same(everythingIn(databasePath), before)
})

t.test('what a file leaves out of a card does not count, and what it says does', async (t) => {
  const { apply, cli } = await makeApply(t)
  await apply('a.csv', CSV)
  await cli(['tokens', 'set', '5001', '71', '--state', 'lost'])
  t.match((await apply('a.csv', CSV)).printed, /\nMade: 0\. Set: 0\. As they were: 3\n$/)
  const account = (token: string): string => `accounts: [{account_id: "5001", client_id: 123, currency: kes,
    actual_balance: "200.00", blocked_balance: "10", tokens: [${token}, "72"]}]`
  t.match((await apply('a.yaml', account('{token: "71", state: lost}'))).printed, /As they were: 1\n$/)
  t.match(await apply('a.yaml', account('{token: "71", state: active}')), {
    exitCode: 1, complained: /account 5001 has another tokens\.state\n/
  })
})

t.test('where an account is refused, it is named, and those before it stay', async (t) => {
  const { apply, read } = await makeApply(t)
  const header = `${CSV.split('\n')[0]}\n`
  const [first, unknown] = ['5001,123,kes,200.00,10,R-5,71\n', '5002,789,kes,1,0,,\n']
  t.match(await apply('a.csv', header + unknown), {
    exitCode: 1, complained: /^line 2: account 5002: accounts\[0\]\.client_id is 789, and .*\n$/
  })
  t.match(await apply('a.csv', header + first + unknown), {
    exitCode: 4,
    printed: /^line 2: account 5001 made: .*\nMade: 1\. Set: 0/,
    complained: /^The accounts above are done\. .*\nline 3: account 5002: /
  })
  t.match(await apply('a.csv', header + '5003,123,kes,1,0,,\n' + unknown, '--dry-run'), {
    exitCode: 1, complained: /^line 3: account 5002: /
  })
  t.equal((await read('/accounts/5001')).statusCode, 200)
})

t.test('a token that is wrong ends it before anything', async (t) => {
  const { apply } = await makeApply(t)
  t.match(await apply('a.csv', CSV, '--token', 'wrong'), { exitCode: 1, printed: '', complained: /admin token/ })
})
