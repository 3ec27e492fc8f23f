import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { readDatabaseUrl } from '../../../src/database-url.js'
import { makeHosts } from '../../../src/store/postgres/hosts.js'
import { openPostgresStore } from '../../../src/store/postgres/store.js'
import { readTlsOptions } from '../../../src/store/postgres/tls.js'
import { makeCertificate } from '../../support/certificates.js'
import { makeFolder } from '../../support/folder.js'
import { sharedPostgresUrl } from '../../support/postgres-places.js'
import { FLAGS, startPostgresServer } from '../../support/postgres-server.js'
import { NOW } from '../../support/service.js'

const options = { pivotCurrency: '840', clock: () => NOW }

t.test('each mode encrypts and checks as libpq does', async (t) => {
  const folder = makeFolder(t)
  const root = await makeCertificate(folder, 'root', { isAuthority: true })
  const other = await makeCertificate(folder, 'other', { isAuthority: true })
  const { cert, key } = await makeCertificate(folder, 'server', { issuer: root })
  const ssl = ['-c', 'ssl=on', '-c', 'ssl_cert_file=../server.crt', '-c', 'ssl_key_file=../server.key']
  const server = await startPostgresServer([...FLAGS, ...ssl], { 'server.crt': cert, 'server.key': key })
  t.teardown(async () => { await server.stop() })
  const byName = new URL(server.url)
  byName.hostname = 'localhost'
  const watcher = new pg.Client({ connectionString: server.url })
  await watcher.connect()
  t.teardown(async () => { await watcher.end() })

  let looked = 0
  for (const [query, isEncrypted] of [
    ['sslmode=disable', false], ['sslmode=allow', false], ['', true], ['sslmode=prefer', true],
    ['sslmode=require', true], [`sslmode=require&sslrootcert=${root.certFile}`, true],
    [`sslmode=verify-ca&sslrootcert=${root.certFile}`, true],
    [`sslmode=verify-full&sslrootcert=${root.certFile}`, true]
  ] as const) {
    // The server may remember the connections of the store before for a while.
    const name = `looked-at-${looked += 1}`
    const store = await openPostgresStore({ url: `${server.url}?${query}&application_name=${name}`, ...options })
    const { rows } = await watcher.query(`SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
      WHERE application_name = $1`, [name])
    t.same(rows, [{ ssl: isEncrypted }], query)
    await store.close()
  }
  const verifyCa = `${byName.href}?sslmode=verify-ca&sslrootcert=${root.certFile}`
  await (await openPostgresStore({ url: verifyCa, ...options })).close()
  for (const [url, message] of [
    [`${server.url}?sslmode=verify-ca&sslrootcert=${other.certFile}`, /cannot be used: no connection .*certificate/],
    [`${server.url}?sslmode=require&sslrootcert=${other.certFile}`, /certificate/],
    [`${byName.href}?sslmode=verify-full&sslrootcert=${root.certFile}`, /does not match certificate's altnames/],
    [`${server.url}?sslmode=verify-full&sslrootcert=system`, /certificate/]
  ] as const) {
    await t.rejects(openPostgresStore({ url, ...options }), { name: 'DatabaseError', message }, url)
  }
})

t.test('a server without TLS is used in plain only where the mode allows it', async (t) => {
  const url = await sharedPostgresUrl()
  await t.rejects(openPostgresStore({ url: `${url}?sslmode=require`, ...options }), {
    name: 'DatabaseError', message: /The server does not support SSL connections$/
  })
})

t.test('files are those of the URL, or those of libpq\'s folder', async (t) => {
  const home = makeFolder(t)
  const read = (query: string): unknown => readTlsOptions(readDatabaseUrl(`postgresql://h/d?${query}`), home)
  t.throws(() => read('sslmode=verify-full'), {
    name: 'DatabaseError', message: /no roots to check the server's certificate against: add sslrootcert=FILE/
  })
  t.throws(() => read('sslcert=/none.crt'), {
    name: 'DatabaseError', message: /^sslcert of DATABASE_URL cannot be read: ENOENT.*none\.crt/
  })
  t.match(read('sslmode=verify-full&sslrootcert=system'), { rejectUnauthorized: true })
  const file = join(home, 'any.pem')
  writeFileSync(file, 'content')
  const named = read(`sslmode=require&sslrootcert=${file}&sslcert=${file}&sslkey=${file}&sslcrl=${file}`)
  t.match(named, { rejectUnauthorized: true, ca: 'content', cert: 'content', key: 'content', crl: 'content' })
  mkdirSync(join(home, '.postgresql'))
  writeFileSync(join(home, '.postgresql', 'root.crt'), 'root')
  writeFileSync(join(home, '.postgresql', 'postgresql.key'), 'key')
  t.match(read('sslmode=verify-ca'), { rejectUnauthorized: true, ca: 'root', key: 'key', cert: undefined })
})

t.test('with allow, TLS is used where the server asks for it; a Unix socket has none', async (t) => {
  const tls = { rejectUnauthorized: false }
  const hosts = makeHosts(readDatabaseUrl('postgresql://h/d?sslmode=allow'), tls)
  t.match(hosts.way(), { host: 'h', port: 5432, tls: undefined })
  t.equal(hosts.changeTls(hosts.way(), 'password authentication failed'), false)
  t.equal(hosts.changeTls(hosts.way(), 'no pg_hba.conf entry for host "h", user "u", no encryption'), true)
  t.match(hosts.way(), { tls })
  t.equal(hosts.changeTls(hosts.way(), 'no pg_hba.conf entry for host "h", user "u", no encryption'), false)
  const socket = makeHosts(readDatabaseUrl('postgresql:///d?host=/run/postgresql'), tls)
  t.match(socket.way(), { host: '/run/postgresql', tls: undefined })
})
