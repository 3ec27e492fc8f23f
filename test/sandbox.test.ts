import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import type { ScenarioDocument } from '../schemas/scenario.js'
import { startSandbox, type Sandbox } from '../src/sandbox.js'
import { listenTo } from './support/event-stream.js'
import { makeFolder, type Test } from './support/folder.js'
import { decide, holdBack, reply, startIssuer } from './support/issuer.js'
import { NOW, SCENARIO, updateBody } from './support/service.js'
import { CALL_PATH } from './support/service-process.js'
import { ANY_PAYMENT, PAYMENT } from './support/stand-in.js'

/** All that other code in this process could notice of signals and of the end. */
const LISTENED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit', 'beforeExit', 'uncaughtException', 'unhandledRejection']
/** Gives those who listen. Those of other tests may go meanwhile. */
const listenersNow = (): unknown[] => LISTENED.flatMap((name) => process.listeners(name as NodeJS.Signals))

async function update ({ url }: Pick<Sandbox, 'url'>, body: object = updateBody()): Promise<unknown> {
  const answer = await fetch(`${url}${CALL_PATH}`, {
    method: 'POST',
    headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json' },
    body: JSON.stringify(body)
  })
  return await answer.json()
}

async function call (
  { url, adminToken }: Pick<Sandbox, 'url' | 'adminToken'>, method: string, path: string, body?: object
): Promise<unknown> {
  const answer = await fetch(`${url}/sandbox/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, ...body && { 'content-type': 'application/json' } },
    ...body && { body: JSON.stringify(body) }
  })
  return await answer.json()
}

/** Every row of every table. The numbers that were drawn go on. */
function contentOf (path: string): Record<string, unknown[]> {
  const database = new Database(path, { readonly: true }).defaultSafeIntegers(true)
  const tables =
    database.prepare<[], string>('SELECT name FROM sqlite_schema WHERE type = \'table\' AND name <> \'sequences\'')
      .pluck().all()
  const content = Object.fromEntries(tables.map((table) => [table, database.prepare(`SELECT * FROM "${table}"`).all()]))
  database.close()
  return content
}

/** Lets temporary files be made in a folder of the test's own. */
function useTemporary (t: Test): string {
  const temporary = makeFolder(t)
  const { TMPDIR: before } = process.env
  process.env['TMPDIR'] = temporary
  t.teardown(() => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  })
  return temporary
}

t.test('a sandbox runs in this process, hears no signals, and leaves nothing behind', async (t) => {
  const temporary = useTemporary(t)
  const before = new Set(listenersNow())
  const sandbox = await startSandbox({ scenario: SCENARIO, clock: () => NOW })
  t.same(listenersNow().filter((listener) => !before.has(listener)), [])
  t.match(sandbox.url, /^http:\/\/127\.0\.0\.1:\d+$/)
  t.match(await update(sandbox), { header: { error_id: 0 } })
  t.match(
    await call(sandbox, 'GET', '/accounts/1002'),
    { actual_balance: '200.00', updated_at: NOW.toISOString() }
  )
  t.equal(readdirSync(temporary).length, 1)
  await Promise.all([sandbox.close(), sandbox.close()])
  await sandbox.close()
  t.same(readdirSync(temporary), [])
  await t.rejects(fetch(sandbox.url))
  await t.rejects(sandbox.reset(), { message: 'The sandbox is closed. Start another one with startSandbox' })
})

t.test('a sandbox that is to log writes its lines to standard output', async (t) => {
  const lines: unknown[] = []
  const { write } = process.stdout
  t.teardown(() => { Object.assign(process.stdout, { write }) })
  Object.assign(process.stdout, {
    write: (text: string, ...more: never[]) =>
      text.startsWith('{"level"') ? lines.push(JSON.parse(text)) : write.call(process.stdout, text, ...more)
  })
  const sandbox = await startSandbox({ settings: { LOG_LEVEL: 'info' } })
  await sandbox.close()
  t.match(lines, [{ msg: `listening on ${sandbox.url}` }])
})

t.test('reset leaves every table as it was at the start, and the sandbox knows', async (t) => {
  const path = join(makeFolder(t), 'own.sqlite')
  const sandbox = await startSandbox({ scenario: SCENARIO, database: path, clock: () => NOW })
  t.teardown(sandbox.close)
  const { events: none, ...start } = contentOf(path)
  t.same(none, [])
  t.ok(Object.keys(start).length > 15)
  for (const round of ['first', 'second']) {
    t.match(await update(sandbox), { header: { error_id: 0 } }, `the ${round} time it is no replay`)
    t.match(
      await update(sandbox, updateBody([{ input_id: 1003, bill_ccy: '048' }], { api_call_unique_identifier: '2' })),
      { header: { error_id: 0 } }
    )
    await call(sandbox, 'POST', '/clients', { client_id: 789, name: 'Another Bank' })
    await call(sandbox, 'DELETE', '/accounts/1004')
    await call(sandbox, 'POST', '/snapshots', { name: 'later' })
    const { events: _later, ...later } = contentOf(path)
    t.notSame(later, start)
    await sandbox.reset()
    const { events, ...content } = contentOf(path)
    t.same(content, start)
    t.match(events, [{ type: 'resync', at_ms: BigInt(NOW.getTime()) }])
    t.equal(events?.length, 1)
    t.match(await call(sandbox, 'GET', '/requests'), { requests: [] }, 'the journal is empty')
    t.match(await call(sandbox, 'GET', '/accounts/1002'), { actual_balance: '0.00' })
    t.match(await call(sandbox, 'GET', '/accounts/1004'), { actual_balance: '5' })
  }
})

t.test('who listens reads anew after a reset, also when a write follows at once', async (t) => {
  const sandbox = await startSandbox({ scenario: SCENARIO })
  t.teardown(sandbox.close)
  const { next } = await listenTo(t, sandbox.url, '?types=balances', { authorization: `Bearer ${sandbox.adminToken}` })
  t.match(await next(), { type: 'ready' })
  await update(sandbox)
  t.match(await next(), { type: 'balances' })
  for (const round of ['first', 'second']) {
    await sandbox.reset()
    t.match(await update(sandbox), { header: { error_id: 0 } })
    t.match(await next(), { type: 'resync' }, `the ${round} time`)
    const body = updateBody([{}], { api_call_unique_identifier: 'behind' })
    t.match(await update(sandbox, body), { header: { error_id: 0 } })
    let heard = await next()
    // The listener may have gone on before the update that followed at once.
    if (heard.data['identifier'] === '001') heard = await next()
    t.match(heard, { type: 'balances', data: { identifier: 'behind' } })
  }
})

/** A scenario with a card whose payments the issuer decides. */
function scenarioWith (issuer: { readonly url: string }, settings: object = {}): ScenarioDocument {
  return {
    ...SCENARIO,
    clients: SCENARIO.clients.map((client) => client.client_id === 123
      ? { ...client, issuer: { url: issuer.url, deadline_ms: 20_000, ...settings } }
      : client),
    rules: [ANY_PAYMENT]
  }
}

t.test('an answer to what was asked or told before a reset changes nothing behind it', async (t) => {
  const issuer = await startIssuer(t)
  const [advice, asked, askedAnew] = [holdBack(), holdBack(), holdBack()]
  const sandbox = await startSandbox({ scenario: scenarioWith(issuer) })
  t.teardown(sandbox.close)
  const pay = async (amount: string): Promise<unknown> =>
    await call(sandbox, 'POST', '/simulations/authorizations', { ...PAYMENT, amount })
  const manual = async (): Promise<unknown> => await call(sandbox, 'PUT', '/clients/123/stand-in', { manual: true })
  await manual()
  issuer.script.push(advice.step)
  await pay('1.00')
  await issuer.hasReceived(1)
  await sandbox.reset()

  issuer.script.push(asked.step)
  const first = pay('2.00')
  await issuer.hasReceived(2)
  await sandbox.reset()
  t.match(await first, { status: 409, detail: /^The payment was ended while its issuer was asked/ })

  issuer.script.push(askedAnew.step)
  const second = pay('3.00')
  await issuer.hasReceived(3)
  asked.release(decide('00'))
  askedAnew.release(decide('51'))
  t.match(await second, { transaction: { de39: '51', amount: '3.00' } })

  await manual()
  const refused = holdBack()
  issuer.script.push(refused.step)
  const { transaction: { tid } } = await pay('4.00') as { transaction: { tid: string } }
  await issuer.hasReceived(4)
  advice.release(reply(200, ''))
  const names = issuer.received.map(({ message: { SUMMARY } }) => SUMMARY)
  t.equal(new Set(names.map(({ RID }) => RID)).size, 4)
  t.equal(new Set(names.map(({ TID }) => TID)).size, 4)
  t.match(await call(sandbox, 'GET', `/transactions/${tid}`), { hold: { known: false } })
  refused.release(decide('00'))
  t.match(await call(sandbox, 'GET', `/transactions/${tid}?wait_for=advice_acknowledged&timeout_ms=20000`), {
    reached: true
  })
})

t.test('a reset puts back throttling, built-in issuers, and faults', async (t) => {
  const issuer = await startIssuer(t)
  const settings = { throttle_on: ['error'], throttle: { failures: 1, within_ms: 60_000, for_ms: 60_000 } }
  const sandbox = await startSandbox({ scenario: scenarioWith(issuer, settings) })
  t.teardown(sandbox.close)
  await call(sandbox, 'PUT', '/issuers/main', { script: [{ behaviour: 'decline' }] })
  await call(sandbox, 'PUT', '/clients/123/faults', { fault: 'status', status: 503 })
  const outcome = async (): Promise<unknown> => {
    const { trace } = await call(sandbox, 'POST', '/simulations/authorizations', PAYMENT) as {
      trace: { issuer: { outcome: string } }
    }
    return trace.issuer.outcome
  }
  issuer.script.push(reply(500, ''))
  t.same([await outcome(), await outcome()], ['error', 'throttled'])
  await fetch(`${sandbox.url}/issuer/main`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(issuer.received[0]?.message)
  })
  t.match(await call(sandbox, 'GET', '/issuers/main'), { hits: { script: 1 } })
  await sandbox.reset()
  t.equal(await outcome(), 'answered')
  t.match(await call(sandbox, 'GET', '/issuers/main'), { hits: { script: 0 } })
  t.match(await update(sandbox), { header: { error_id: 0 } })
})

t.test('resets wait for each other, and for updates under way', async (t) => {
  const sandbox = await startSandbox({ scenario: SCENARIO })
  t.teardown(sandbox.close)
  const work = Array.from({ length: 20 }, async (_, index) => {
    if (index % 4 === 0) return await sandbox.reset()
    const body = updateBody([{}], { api_call_unique_identifier: String(index) })
    t.match(await update(sandbox, body), { header: { error_id: 0 } })
  })
  await Promise.all(work)
  await sandbox.reset()
  t.match(await call(sandbox, 'GET', '/accounts/1002'), { actual_balance: '0.00' })
  t.match(await update(sandbox), { header: { error_id: 0 } })
  t.match(await call(sandbox, 'GET', '/accounts/1002'), { actual_balance: '200.00' })
})

t.test('a database that was given stays, and a scenario is never loaded over it', async (t) => {
  const folder = makeFolder(t)
  const scenario = join(folder, 'scenario.json')
  writeFileSync(scenario, JSON.stringify(SCENARIO))
  const database = join(folder, 'own.sqlite')
  const first = await startSandbox({ scenario, database, settings: { ADMIN_TOKEN: 'secret' } })
  t.equal(first.adminToken, 'secret')
  await update(first)
  await first.close()
  t.ok(existsSync(database))
  await t.rejects(startSandbox({ scenario, database }), { message: /own\.sqlite is not empty.*another path/ })
  const second = await startSandbox({ database })
  t.teardown(second.close)
  t.match(await call(second, 'GET', '/accounts/1002'), { actual_balance: '200.00' })
  await update(second, updateBody([{ act_balance: 7 }], { api_call_unique_identifier: '2' }))
  await second.reset()
  t.match(await call(second, 'GET', '/accounts/1002'), { actual_balance: '200.00' }, 'its start is what it found')
})

t.test('a sandbox that cannot start says why, and leaves nothing behind', async (t) => {
  const folder = makeFolder(t)
  const temporary = useTemporary(t)
  const running = await startSandbox()
  for (const [options, message] of [
    [{ port: Number(new URL(running.url).port) }, /EADDRINUSE/],
    [{ port: 70_000 }, /^port must be a whole number from 0 to 65535$/],
    [{ settings: { RATE_LIMIT: 'many' } }, /RATE_LIMIT must be/],
    [{ settings: { HOST: '0.0.0.0' } }, /^ADMIN_TOKEN must be set, because HOST/],
    [{ scenario: join(folder, 'none.json') }, /none\.json cannot be read.*Set scenario to the path of a scenario/],
    [{ scenario: { clients: [], accounts: [{ client_id: 1, account_id: '1', currency: 'x' }] } }, /accounts\[0\]/]
  ] as const) {
    await t.rejects(startSandbox(options as object), { message })
  }
  await running.close()
  t.same(readdirSync(temporary), [])
})
