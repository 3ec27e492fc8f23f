import { createServer } from 'node:net'
import { once } from 'node:events'
import pg from 'pg'
import t from 'tap'
import { patient } from '../../support/patience.js'
import { makeEmptyPostgresPlace } from '../../support/postgres-places.js'
import { runCommand } from '../../support/process.js'
import { makeFolder } from '../../support/folder.js'
import { AUTHORIZATION, updateBody } from '../../support/service.js'
import { startService, stop } from '../../support/service-process.js'
import { runHere } from '../../support/terminal.js'

const PASSWORD = 'secret-of-tests'

async function execute (url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}

t.test('a PostgreSQL database is migrated and verified', async (t) => {
  const DATABASE_URL = patient(await makeEmptyPostgresPlace())
  t.match(await runHere(['migrate'], { DATABASE_URL }), {
    exitCode: 0, printed: /^the database of DATABASE_URL has schema \d+, and is up to date\n$/, complained: ''
  })
  t.same(await runHere(['verify'], { DATABASE_URL }), {
    exitCode: 0, printed: 'the database of DATABASE_URL is sound\n', complained: ''
  })
  await execute(DATABASE_URL, `INSERT INTO operations (operation_id, source, answer_body, created_at_ms)
    VALUES (1, 'sandbox', 'no json', 0); UPDATE sequences SET last_number = 1 WHERE name = 'operation'`)
  t.same(await runHere(['verify'], { DATABASE_URL }), {
    exitCode: 1,
    printed: 'operation 1 has no identifier, no fingerprint and an answer\noperation 1 has an answer that is no JSON\n',
    complained: 'the database of DATABASE_URL has 2 faults\n'
  })
})

t.test('backup and restore name what PostgreSQL has for that, and do nothing', async (t) => {
  for (const command of ['backup', 'restore']) {
    t.same(await runHere([command, 'copy.sqlite'], { DATABASE_URL: 'postgresql://h/d' }), {
      exitCode: 1,
      printed: '',
      complained: `${command} works on SQLite files, and DATABASE_URL names a PostgreSQL database. Use pg_dump and ` +
        'pg_restore, or point-in-time recovery (PITR). See docs/postgresql.md\n'
    })
  }
})

t.test('Aurora DSQL is refused before anything is asked of it', async (t) => {
  const DATABASE_URL = `postgresql://admin:${PASSWORD}@abc.dsql.eu-west-1.on.aws/postgres`
  for (const command of [['serve'], ['migrate'], ['verify']]) {
    const { exitCode, complained } = await runHere(command, { DATABASE_URL })
    t.equal(exitCode, 1)
    t.match(complained, /^DATABASE_URL must not name Aurora DSQL: it has no foreign keys and no locks/)
    t.notMatch(complained, PASSWORD)
  }
})

t.test('the service runs on the database, and its password is nowhere to be read', async (t) => {
  const DATABASE_URL = patient(await makeEmptyPostgresPlace())
  const environment = { DATABASE_PATH: '', DATABASE_URL, DATABASE_ISOLATION: 'serializable', LOG_LEVEL: 'trace' }
  const service = await startService(t, environment)
  t.equal((await service.update(updateBody())).status, 200)
  const ready = await fetch(`${service.address}/health/ready`)
  t.match(await ready.json(), { status: 'ok', database: { engine: 'PostgreSQL' } })
  const metrics = await (await fetch(`${service.address}/metrics`, { headers: AUTHORIZATION })).text()
  t.match(metrics, /^stip_database_connections_idle [1-9]/m)
  const listed = runCommand(t, makeFolder(t), ['verify'], { DATABASE_PATH: '', DATABASE_URL })
  t.equal(await listed.exitCode, 0)
  const log = JSON.stringify(await stop(service))
  for (const text of [log, metrics, listed.output(), service.server.child.spawnargs.join(' ')]) {
    t.notMatch(text, PASSWORD)
  }
})

t.test('an address where nobody answers, or somebody else, is told without the password', async (t) => {
  const other = createServer((socket) => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n') }).listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => { other.close() })
  const { port } = other.address() as { port: number }
  const real = new URL(await makeEmptyPostgresPlace())
  real.password = 'very-secret'
  for (const url of [`postgresql://u:very-secret@127.0.0.1:1,127.0.0.1:${port}/d`, real.href]) {
    const { exitCode, complained } = await runHere(['serve'], { DATABASE_URL: url, LOG_LEVEL: 'silent' })
    t.equal(exitCode, 1)
    t.match(complained, /^the database of DATABASE_URL cannot be used: no connection to the database: /)
    t.notMatch(complained, 'very-secret')
  }
})

t.test('the demo says that its balances stay in that database', async (t) => {
  const DATABASE_URL = patient(await makeEmptyPostgresPlace())
  const environment = { PORT: '0', DATABASE_PATH: '', SCENARIO_FILE: '', LOG_LEVEL: '', ADMIN_TOKEN: 'x', DATABASE_URL }
  const demo = runCommand(t, makeFolder(t), ['demo'], environment)
  await demo.waitFor(/The balances stay in the database of DATABASE_URL\./)
  demo.child.kill('SIGTERM')
  t.equal(await demo.exitCode, 0)
})
