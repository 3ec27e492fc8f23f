import { once } from 'node:events'
import { createServer } from 'node:http'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { run } from '../../../src/cli/run.js'
import { everythingIn } from '../../support/database.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { updateBody } from '../../support/service.js'
import { makeTerminal, runHere, serveCommands, type CommandResult } from '../../support/terminal.js'

/** Starts a service, and gives what updates balances in it as client 123. */
async function makeUpdate (t: Test) {
  const service = await serveCommands(t)
  const { port } = service.app.server.address() as { port: number }
  const address = `http://127.0.0.1:${port}`
  return {
    ...service,
    address,
    send: async (args: readonly string[], key = 'key-of-123'): Promise<CommandResult> =>
      await runHere(['update', '--client', '123', ...args, '--url', address], { STIP_API_KEY: key })
  }
}

const DOLLARS = ['--actual', '200', '--blocked', '50.00', '--currency', 'usd']

t.test('balances are updated as a client does, and each item is shown', async (t) => {
  const { send, read } = await makeUpdate(t)
  const { exitCode, printed, complained } = await send([
    '--account', '1002', '9007199254740993', '--card-token', '9223372036854775807', ...DOLLARS
  ])
  t.match({ exitCode, complained }, { exitCode: 0, complained: '' })
  t.match(printed, /^Identifier: [\da-f-]{36}\nItem .*\naccount 1002 +updated +1002 +0\.00 → 200\.00 +0\.00 → 50\.00 /)
  t.match(printed, /\ntoken 9223372036854775807 +updated +9007199254740993 .* 404 +129\.05\nWhether it wiped holds, /)
  t.match((await read('/accounts/1002')).json(), { actual_balance: '200.00', blocked_balance: '50.00' })
})

t.test('a dry run changes nothing', async (t) => {
  const { send, databasePath } = await makeUpdate(t)
  const before = everythingIn(databasePath)
  t.match(await send(['--account', '1002', ...DOLLARS, '--dry-run']), {
    exitCode: 0, printed: /^Dry run: nothing was changed\.\nIdentifier: /
  })
  t.same(everythingIn(databasePath), before)
})

t.test('items that fail are named, and the exit code tells whether others were applied', async (t) => {
  const { send, read } = await makeUpdate(t)
  t.match(await send(['--account', '987', ...DOLLARS]), {
    exitCode: 1, printed: /\naccount 987 +failed: Account does not exist\n$/, complained: 'Items that failed: 1\n'
  })
  t.match(await send(['--account', '987', '1002', ...DOLLARS, '--strict']), {
    exitCode: 1,
    printed: '',
    complained: /^Refused \(422, error_id 90422\): .*\nAccount: 987, Reason: Account does not exist\n$/
  })
  t.equal((await read('/accounts/1002')).json().actual_balance, '0.00')
  t.match(await send(['--account', '987', '1002', ...DOLLARS]), { exitCode: 4, complained: 'Items that failed: 1\n' })
  t.equal((await read('/accounts/1002')).json().actual_balance, '200.00')
})

t.test('a replay is called one, also of a request that asked for no results', async (t) => {
  const { send, update } = await makeUpdate(t)
  const request = ['--account', '1002', ...DOLLARS, '--identifier', '002']
  const { printed } = await send(request)
  const note = '\nReplayed: the answer is that of before. Nothing was written\n'
  t.equal((await send(request)).printed, printed.replace('\n', note))
  const { body } = await update(updateBody())
  const again = ['--account', '1002', ...DOLLARS, '--identifier', '001']
  t.match((await send(again)).printed, `Answered: ${body}\n`)
  t.equal((await send([...again, '--json'])).printed, `${body}\n`)
  t.match(await send(['--account', '1003', ...DOLLARS, '--identifier', '001']), {
    exitCode: 1, complained: /^Refused \(409, error_id 90409\): /
  })
})

t.test('the key is that of the client, and comes from the environment or a file', async (t) => {
  const { send } = await makeUpdate(t)
  const request = ['--account', '1002', ...DOLLARS]
  for (const [key, complained] of [
    ['none', /^Refused \(401, error_id 90401\): .*\nSTIP_API_KEY or --api-key-file must have the key of the client\n$/],
    ['key-of-456', /^Refused \(403, error_id 996\): .*\nSTIP_API_KEY or/]
  ] as const) t.match(await send(request, key), { exitCode: 1, complained })
  t.match(await send(request, ''), {
    exitCode: 2, complained: /^Set STIP_API_KEY to the client's X-API-KEY, or name a/
  })
  t.match(await send(request, 'a b'), {
    exitCode: 2, complained: /^The API key must be 1 to 32 visible ASCII characters/
  })
  const file = join(makeFolder(t), 'key')
  writeFileSync(file, 'key-of-123\n')
  t.match(await send([...request, '--api-key-file', file], 'none'), { exitCode: 0 })
})

t.test('nothing is sent without an account, and over the open network the key is warned of', async (t) => {
  const { send } = await makeUpdate(t)
  t.match(await send(DOLLARS), { exitCode: 2, complained: 'Say which balance is meant: --account or --card-token\n' })
  t.match(await runHere(
    ['update', '--client', '123', '--account', '1', ...DOLLARS, '--url', 'http://0.0.0.0:1', '--identifier', 'x'],
    { STIP_API_KEY: 'x' }
  ), {
    exitCode: 3,
    complained: new RegExp('^Warning: .* others can read the API key on the way\\. .*\n.* cannot be reached.*\n' +
      'It may have been applied\\. Send it again with --identifier x: so it is not applied twice\n$')
  })
})

for (const [what, status, body, complained] of [
  ['a page', 200, '<html>', /but not as stip-sandbox does/],
  ['null', 200, 'null', /but not as stip-sandbox does/],
  ['a failure', 503, '{"header":{"error_id":90503,"error_desc":"locked"},"body":{}}', /^Failed \(503, .*locked\n$/]
] as const) {
  t.test(`${what} is no outcome of an update`, async (t) => {
    const server = createServer((_request, reply) => { reply.writeHead(status).end(body) }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => { server.close() })
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    t.match(
      await runHere(['update', '--client', '1', '--account', '1', ...DOLLARS, '--url', url], { STIP_API_KEY: 'x' }),
      { exitCode: 3, printed: '', complained }
    )
  })
}

t.test('who breaks an update off learns how to repeat it', async (t) => {
  const terminal = makeTerminal({ STIP_API_KEY: 'x' })
  const server = createServer(() => { terminal.signals.emit('SIGINT') }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
  const request = ['update', '--client', '1', '--account', '1', ...DOLLARS, '--url', url]
  t.equal(await run([...request, '--identifier', 'y'], terminal), 130)
  t.match(terminal.complained(), 'Interrupted. It may have been applied. Send it again with --identifier y: so it is')
  const rehearsal = makeTerminal({ STIP_API_KEY: 'x' })
  server.removeAllListeners('request').on('request', () => { rehearsal.signals.emit('SIGINT') })
  t.equal(await run([...request, '--dry-run'], rehearsal), 130)
  t.equal(rehearsal.complained(), 'Interrupted. Nothing was changed\n')
})
