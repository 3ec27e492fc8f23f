import { chmodSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { verifyDatabase } from '../../src/store/sqlite/verify.js'
import { startBuiltService, type BuiltService } from '../support/built-service.js'
import { makeFolder, type Test } from '../support/folder.js'
import { makeRichDatabase, tamper } from '../support/history.js'
import { ADMIN_TOKEN, SCENARIO, updateBody } from '../support/service.js'

function environmentIn (folder: string): Record<string, string> {
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(SCENARIO))
  return { DATABASE_PATH: join(folder, 'test.sqlite'), SCENARIO_FILE: join(folder, 'scenario.json'), ADMIN_TOKEN }
}

async function update (service: BuiltService, identifier: string, actual: number): Promise<Response> {
  return await fetch(`${await service.address}/ppws/api/v1/pws_update_balance`, {
    method: 'POST',
    headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json' },
    body: JSON.stringify(updateBody([{ act_balance: actual }], { api_call_unique_identifier: identifier }))
  })
}

async function read (service: BuiltService, path: string): Promise<Response> {
  return await fetch(`${await service.address}${path}`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })
}

/**
 * Sends one request after the other, numbered from 1. @returns how many were accepted, and the first answer that is
 * none
 */
async function untilRefused (sendOne: (number: number) => Promise<Response>): Promise<{
  accepted: number
  answer: Response
}> {
  for (let accepted = 0; ; accepted += 1) {
    const answer = await sendOne(accepted + 1)
    if (answer.status !== 200) return { accepted, answer }
  }
}

async function requireEnd (
  t: Test & { equal: (found: unknown, wanted: unknown) => unknown, match: (found: unknown, wanted: RegExp) => unknown },
  service: BuiltService,
  message: RegExp
): Promise<void> {
  t.equal(await service.exitCode, 1)
  t.match(service.errors(), message)
}

t.test('a full disk is answered with 503, loses nothing, and is forgotten when there is room again', async (t) => {
  const environment = environmentIn(makeFolder(t))
  const service = startBuiltService(t, { environment, fileBlocksMax: 2048 })
  const { accepted, answer: refused } = await untilRefused(async (number) =>
    await update(service, `full-${number}`, number))
  t.equal(refused.status, 503)
  t.equal(refused.headers.get('retry-after'), '5')
  t.same(await refused.json(), {
    header: {
      error_id: 90503,
      error_desc: 'The database is not available for now. Send the request again, with the same identifier'
    },
    body: {}
  })
  const [cause] = await service.waitFor(/SQLITE_\w+/) // What a process writes may arrive later than what it answers.
  t.match(cause, /^SQLITE_(IOERR_WRITE|FULL)$/, 'the cause is in the log')
  // A service that is idle for a second makes room by itself, unless somebody reads the log.
  const database = new Database(environment['DATABASE_PATH'])
  t.teardown(() => { database.close() })
  database.exec('BEGIN')
  database.prepare('SELECT count(*) FROM clients').get()
  // What is smaller may still have room.
  const {
    answer: report
  } = await untilRefused(async (number) => await fetch(`${await service.address}/amlyze-ws-rest/account-balance`, {
    method: 'PUT',
    headers: { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' },
    body: JSON.stringify({
      communicationNumber: `COM${number}`,
      requester: 'x'.repeat(100),
      accountExtId: 'DOLLAR',
      balanceAt: '2024-05-26T16:49:50.237',
      value: 1
    })
  }))
  t.match([report.status, await report.json()], [
    503,
    { status: 503, error: 'Service Unavailable', path: '/amlyze-ws-rest/account-balance' }
  ])
  const creation = await fetch(`${await service.address}/sandbox/v1/clients`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      'content-type': 'application/json'
    },
    body: '{"client_id":7,"name":"Seventh"}'
  })
  t.match([creation.status, await creation.json()], [
    503,
    { title: 'Service Unavailable', detail: /Send the request again/ }
  ])
  t.equal((await read(service, '/health/live')).status, 200)

  // What is in the write-ahead log goes into the main file, and the log has room again.
  database.exec('COMMIT')
  database.pragma('wal_checkpoint(TRUNCATE)')
  database.close()
  t.match(
    await (await read(service, '/sandbox/v1/accounts/1002')).json(),
    { actual_balance: `${accepted}.00` },
    'the last answered balance is kept'
  )
  t.equal((await update(service, 'room-again', 5)).status, 200)
  t.match(await (await read(service, '/sandbox/v1/accounts/1002')).json(), { actual_balance: '5.00' })
  t.equal((await update(service, 'full-1', 1)).headers.get('idempotent-replayed'), 'true')
  service.child.kill('SIGTERM')
  t.equal(await service.exitCode, 0)
  t.same([...verifyDatabase(String(environment['DATABASE_PATH']))], [])
})

t.test('a lock of another process is waited for, and the service goes on meanwhile', async (t) => {
  const environment = environmentIn(makeFolder(t))
  const service = startBuiltService(t, { environment })
  await service.address
  const holder = new Database(environment['DATABASE_PATH'])
  t.teardown(() => { holder.close() })
  holder.exec('BEGIN IMMEDIATE')
  const waiting = [1, 2, 3].map(async (number) => await update(service, `locked-${number}`, 9))
  const first = await Promise.race([read(service, '/health/live'), ...waiting])
  t.equal(new URL(first.url).pathname, '/health/live', 'what needs no lock is answered at once')
  for (let times = 0; times < 20; times += 1) t.equal((await read(service, '/health/live')).status, 200)
  holder.exec('ROLLBACK')
  t.same(
    (await Promise.all(waiting)).map(({ status }) => status),
    [200, 200, 200],
    'all of them are applied when the lock is gone'
  )
})

t.test('a database that is locked at the start is refused with what to do', async (t) => {
  const path = await makeRichDatabase(t)
  const holder = new Database(path)
  t.teardown(() => { holder.close() })
  holder.exec('BEGIN EXCLUSIVE')
  await requireEnd(
    t,
    startBuiltService(t, { environment: { DATABASE_PATH: path } }),
    /cannot be used as the database: database is locked\. Another process has locked it: end that process/
  )
})

t.test('a file that must not be written is refused with what to do', async (t) => {
  const path = await makeRichDatabase(t)
  chmodSync(path, 0o444)
  chmodSync(dirname(path), 0o555)
  t.teardown(() => { chmodSync(dirname(path), 0o755) })
  // Rights do not bind root, and so root runs the service as somebody else.
  const uid = process.getuid?.() === 0 ? 65534 : undefined
  await requireEnd(
    t,
    startBuiltService(t, { environment: { DATABASE_PATH: path }, uid }),
    /cannot be used as the database: .*\. If it is the right file, let the user who runs stip-sandbox write the file/
  )
})

t.test('a file that is not what its schema number says is refused with what to do', async (t) => {
  const path = await makeRichDatabase(t)
  tamper(path, 'PRAGMA user_version = 0')
  await requireEnd(
    t,
    startBuiltService(t, { environment: { DATABASE_PATH: path } }),
    /cannot be used as the database: table sequences already exists.*It is not what its schema number says/
  )
})
