import { mock } from 'node:test'
import t from 'tap'
import { run } from '../../../src/cli/run.js'
import type { JournalRecord } from '../../../src/store/port/journal.js'
import { ADMIN_TOKEN, makeService, updateBody } from '../../support/service.js'
import { makeTerminal, serveCommands } from '../../support/terminal.js'

const renamed = (identifier: string): object => updateBody([{}], { api_call_unique_identifier: identifier })

t.test('requests are listed, newest first, with what went wrong', async (t) => {
  const { cli, update, app } = await serveCommands(t)
  await update(updateBody([{}, { input_id: 987 }]))
  await update(updateBody([{}, { input_id: 987 }]))
  await update(updateBody(Array.from({ length: 9 }, (_, index) => ({ input_id: 900 + index })), {
    api_call_unique_identifier: '002'
  }))
  await app.inject({ method: 'POST', url: '/amlyze-ws-rest/nothing' })
  await app.inject({ method: 'PUT', url: '/amlyze-ws-rest/account-balance' })
  const { printed } = await cli(['requests', 'list'])
  const lines = printed.trimEnd().split('\n')
  t.match(lines[0], /^Request +When +Client +Identifier +Status +Items +Failed +What$/)
  t.match(lines[1], /^ +5 +\S+ +401 +amlyze; unauthorized$/)
  t.match(lines[2], /^ +4 +\S+ +404 +no such call; Not Found$/)
  t.match(lines[3], /^ +3 +\S+ +123 +002 +200 +9 +9 +Account: 900, Reason: Account does not exist; .{0,60}…$/)
  t.match(lines[4], /^ +2 +\S+ +123 +001 +200 +2 +1 +replayed; Account: 987, Reason: Account does not exist$/)
  t.match((await cli(['requests', 'list', '--limit', '1'])).printed, /\nThere are more: --cursor \S+\n$/)
  const count = async (...filter: string[]): Promise<number> =>
    JSON.parse((await cli(['requests', 'list', '--json', ...filter])).printed).requests.length
  t.equal(await count('--client', '123'), 3)
  t.equal(await count('--status', '4xx'), 2)
  t.equal(await count('--failed'), 3)
  t.equal(await count('--identifier', '002'), 1)
  t.equal(await count('--account', '987'), 2)
})

t.test('a request is shown with its texts, and nothing in them steers the terminal', async (t) => {
  const { cli, update } = await serveCommands(t)
  await update('{"client_id":\n\t"\u001b[31m"}')
  t.match((await cli(['requests', 'show', '1'])).printed,
    /^request_id +1\n(.*\n)*status +400\n(.*\n)*\nBody\n\{"client_id":\n\t"\\u001b\[31m"\}\n\nAnswer\n\{"header".*\}\n$/
  )
  await update(Buffer.from([0xff]))
  t.match((await cli(['requests', 'show', '2'])).printed, /\nBody\nnot UTF-8, as base64: \/w==\n/)
  await update(updateBody(), { 'x-api-key': 'unknown' })
  t.match((await cli(['requests', 'show', '3'])).printed, /\nBody\nnot kept\n/)
  t.match(await cli(['requests', 'show', '9']), { exitCode: 1, complained: /^The journal has no request 9\./ })
})

t.test('a request without an answer is shown as one', async (t) => {
  const { cli, store, update } = await serveCommands(t)
  await update(updateBody())
  await cli(['requests', 'list'])
  const found = await store.readRequest(1n)
  const hungUp = { ...found as JournalRecord, requestId: 1n, status: undefined, answer: undefined }
  store.readRequest = async () => hungUp
  store.listRequests = async () => ({ items: [hungUp], next: undefined })
  t.match((await cli(['requests', 'list'])).printed, / hung up /)
  t.match((await cli(['requests', 'show', '1'])).printed, /\nAnswer\nnot kept, or the client hung up before it\n$/)
})

t.test('a request is sent again', async (t) => {
  const { cli, update } = await serveCommands(t)
  await update(updateBody())
  t.match((await cli(['requests', 'resend', '1'])).printed, /^request_id +2\n(.*\n)*resent_from +1\n/)
  t.match((await cli(['requests', 'resend', '1', '--same-identifier'])).printed, /\nreplayed +true\n/)
  t.match((await cli(['requests', 'resend', '1', '--dry-run'])).printed, /\ndry_run +true\n/)
  t.match((await cli(['requests', 'list', '--limit', '1'])).printed, /dry run; repeats 1\n/)
})

t.test('a request that is sent again ends as an update does', async (t) => {
  const { cli, update } = await serveCommands(t)
  await update(updateBody([{}, { input_id: 987 }]))
  t.match(await cli(['requests', 'resend', '1']), { exitCode: 4, complained: /^Items that failed: 1\n$/ })
  await update(updateBody([{ input_id: 987 }], { api_call_unique_identifier: '002' }))
  const [, all] = [await cli(['requests', 'list']), await cli(['requests', 'resend', '3', '--json'])]
  t.match(all, { exitCode: 1, printed: /^\{.*"failed_items":1/, complained: /^Items that failed: 1\n$/ })
  await update(updateBody([{ bill_ccy: '9999' }], { api_call_unique_identifier: '003' }))
  t.match(await cli(['requests', 'resend', '5']), { exitCode: 1, complained: /^Answered with 400: \S/ })
})

t.test('a request that is sent again and fails ends with the code for that', async (t) => {
  const { cli, store, update } = await serveCommands(t)
  await update(updateBody())
  await cli(['requests', 'list'])
  store.updateBalances = async () => { throw new Error('broken') }
  t.match(await cli(['requests', 'resend', '1']), { exitCode: 3, complained: /^Answered with 500: / })
})

t.test('a value that cannot be is refused before anything is sent', async (t) => {
  const { cli } = await serveCommands(t)
  for (const wrong of [
    ['list', '--client', 'x'], ['list', '--status', '4x'], ['list', '--account', '1.5'], ['show', 'x'], ['resend', 'x']
  ]) t.match(await cli(['requests', ...wrong]), { exitCode: 2, complained: / must /, printed: '' }, wrong.join(' '))
})

/** Ticks the mocked clock until something is so. */
async function until (isReached: () => boolean): Promise<void> {
  while (!isReached()) {
    mock.timers.tick(1000)
    await new Promise((resolve) => { setImmediate(resolve) })
  }
}

t.test('requests are shown as they arrive, each once, until Ctrl+C', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const service = await makeService(t)
  const address = await service.app.listen({ host: '127.0.0.1', port: 0 })
  const { listRequests } = service.store
  let looks = 0
  service.store.listRequests = async (...query) => {
    looks += 1
    return await listRequests(...query)
  }
  for (const more of [[], ['--json']]) {
    const terminal = makeTerminal({ STIP_SANDBOX_URL: address, ADMIN_TOKEN })
    await service.update(renamed(`first-${more.length}`))
    const ended = run(['requests', 'tail', ...more], terminal)
    await until(() => terminal.printed().includes(`first-${more.length}`))
    for (const name of ['second', 'third']) await service.update(renamed(`${name}-${more.length}`))
    await until(() => terminal.printed().includes(`third-${more.length}`))
    const seen = looks
    await until(() => looks > seen + 1)
    terminal.signals.emit('SIGINT')
    t.equal(await ended, 130)
    t.equal(terminal.complained(), 'Stopped\n')
    const identifier = more.length === 0 ? / (\w+)-0 /g : /"identifier":"(\w+)-1"/g
    const names = [...terminal.printed().matchAll(identifier)].map(([, name]) => name)
    t.same(names, ['first', 'second', 'third'])
  }
})

t.test('requests that came faster than they were looked at are missed, and it is said', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.teardown(() => { mock.timers.reset() })
  const { app, store, update } = await makeService(t)
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  await update(updateBody())
  await app.flushJournal()
  const found = await store.readRequest(1n) as JournalRecord
  let newest = 0
  store.listRequests = async (_filter, { limit }) => {
    newest += limit
    const items = Array.from({ length: limit }, (_, index) => ({ ...found, requestId: BigInt(newest - index) }))
    return { items, next: undefined }
  }
  const terminal = makeTerminal({ STIP_SANDBOX_URL: address, ADMIN_TOKEN })
  const ended = run(['requests', 'tail'], terminal)
  await until(() => terminal.printed().includes('Some requests are not shown'))
  terminal.signals.emit('SIGINT')
  t.equal(await ended, 130)
})
