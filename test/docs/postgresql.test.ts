import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import t from 'tap'
import { parse } from 'yaml'
import { packageRoot } from '../../src/package-root.js'
import { RETRY_AFTER_SECONDS } from '../../src/store/port/unavailable.js'
import { SETTINGS } from '../../src/settings.js'
import { makeFolder, type Test } from '../support/folder.js'
import { sharedPostgresUrl } from '../support/postgres-places.js'
import { addressOf, MAIN, watchProcess, type CommandProcess } from '../support/process.js'
import { ADMIN_TOKEN } from '../support/service.js'
import { CALL_PATH, startService } from '../support/service-process.js'

const PAGE = readFileSync(new URL('docs/postgresql.md', packageRoot), 'utf8')

/** The server is shared with other tests: users and databases of this page have a name of their own there. */
const NAME = `stip_docs_${process.pid}`

/** The page's blocks of one kind, in their order. */
function blocksOf (kind: string, page = PAGE): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\``, 'gm'))].map(([, text = '']) =>
    text.replaceAll(/\bstip(?=\b(?!-)|_service\b|_copy\b)/g, NAME))
}

async function execute (database: string, statements: string): Promise<void> {
  const url = new URL(await sharedPostgresUrl())
  url.pathname = database
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    // One by one: a database cannot be made in a transaction.
    for (const statement of statements.split(';').filter((text) => text.trim() !== '')) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Runs a block as a user's shell would, with the command line of this version in the place of npx. */
async function runBlock (t: Test, block: string, environment: Record<string, string> = {}): Promise<CommandProcess> {
  const folder = makeFolder(t)
  mkdirSync(join(folder, 'bin'))
  writeFileSync(join(folder, 'bin', 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${MAIN}" "$@"\n`)
  chmodSync(join(folder, 'bin', 'npx'), 0o755)
  const { host } = new URL(await sharedPostgresUrl())
  const PATH = `${join(folder, 'bin')}:${String(process.env['PATH'])}`
  // A group of its own, so that what the shell has started ends with it.
  const child = spawn('/bin/sh', ['-ec', block.replaceAll('localhost:5432', host)], {
    cwd: folder, detached: true, env: { ...process.env, PATH, PORT: '0', ADMIN_TOKEN, ...environment }
  })
  const shell = watchProcess(t, child)
  t.teardown(async () => {
    if (child.exitCode === null) process.kill(-(child.pid as number), 'SIGTERM')
    await shell.exitCode
  })
  return shell
}

t.test('docs/postgresql.md: its commands do what it says', async (t) => {
  const [makeDatabase = '', makeService = ''] = blocksOf('sql')
  const [grant = ''] = blocksOf('sql in stip')
  const [serve = '', migrate = '', move = ''] = blocksOf('sh')
  t.teardown(async () => {
    await execute('postgres', `DROP DATABASE IF EXISTS ${NAME} WITH (FORCE); DROP ROLE IF EXISTS ${NAME}_service;
      DROP ROLE IF EXISTS ${NAME}`)
  })
  await execute('postgres', makeDatabase)
  const database = /postgresql:\S+/.exec(serve)?.[0].replace('localhost:5432', new URL(await sharedPostgresUrl()).host)

  await t.test('the owner migrates, and another user serves with the rights that are granted', async (t) => {
    const owner = await runBlock(t, migrate, { DATABASE_URL: String(database) })
    t.equal(await owner.exitCode, 0, owner.errors())
    await execute('postgres', makeService)
    await execute(NAME, grant)
    const user = String(database).replace(`//${NAME}:`, `//${NAME}_service:`)
    const service = await runBlock(t, 'npx stip-sandbox serve', { DATABASE_URL: user })
    const sqlite = await startService(t)
    const urls = move.replace('http://localhost:3000', sqlite.address)
      .replace('http://localhost:3001', await addressOf(service))
    const moved = await runBlock(t, urls)
    t.equal(await moved.exitCode, 0, moved.errors())
    t.match(moved.output(), /^Loaded clients: 2, accounts: 6, rates: 2$/m)
    const refused = await runBlock(t, 'npx stip-sandbox migrate', { DATABASE_URL: user })
    t.equal(await refused.exitCode, 0, 'there is nothing to be made')
  })

  await t.test('the service starts on it, and answers', async (t) => {
    const address = await addressOf(await runBlock(t, serve))
    const answer = await fetch(`${address}${CALL_PATH}`, {
      method: 'POST',
      headers: { 'x-api-key': 'key-of-123', 'content-type': 'application/json' },
      body: JSON.stringify({
        client_id: 123,
        api_call_unique_identifier: '1',
        balance_list: [{ input_type: 'a', input_id: 1002, act_balance: 5, blk_balance: 0, bill_ccy: '840' }]
      })
    })
    t.equal(answer.status, 200)
    const ready = await (await fetch(`${address}/health/ready`)).json()
    t.match(JSON.stringify(ready), /"engine":"PostgreSQL".*standby/)
    const verify = await runBlock(t, 'npx stip-sandbox verify', { DATABASE_URL: String(database) })
    t.equal(await verify.exitCode, 0, verify.errors())
  })
})

interface ComposeFile {
  readonly services: Readonly<Record<string, {
    readonly environment?: Readonly<Record<string, unknown>>
    readonly configs?: ReadonlyArray<{ readonly source: string }>
    readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>
    readonly volumes?: readonly string[]
  }>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly configs: Readonly<Record<string, { readonly content: string }>>
}

t.test('examples/postgresql/compose.yaml is whole: what it names is there', async (t) => {
  const text = readFileSync(new URL('examples/postgresql/compose.yaml', packageRoot), 'utf8')
  const { services, volumes, configs } = parse(text, { merge: true }) as ComposeFile
  t.same(Object.keys(services), ['balancer', 'stip-1', 'stip-2', 'primary', 'standby'])
  for (const [name, { environment = {}, ...service }] of Object.entries(services)) {
    const needed = service.depends_on ?? []
    const others = Array.isArray(needed) ? needed : Object.keys(needed)
    for (const other of others) t.ok(services[other], `${name}: ${other}`)
    for (const { source } of service.configs ?? []) t.ok(configs[source], `${name}: ${source}`)
    for (const volume of service.volumes ?? []) t.ok(volume.split(':')[0] as string in volumes, `${name}: ${volume}`)
    if (!name.startsWith('stip-')) continue
    for (const setting of Object.keys(environment)) t.ok(setting in SETTINGS, `${name}: ${setting}`)
    t.match(environment['DATABASE_URL'], /@primary:5432,standby:5432\/stip$/)
  }
  const haproxy = String(configs['haproxy']?.content)
  const [, interval, fall] = (/check inter (\d+)s fall (\d+)/.exec(haproxy) ?? []).map(Number)
  const { DRAIN_SECONDS: drain } = services['stip-1']?.environment ?? {}
  t.ok(Number(drain) > Number(interval) * Number(fall), 'a service that stops answers until the balancer knows')
  t.match(haproxy, new RegExp(`http-error status 503 .* hdr Retry-After ${RETRY_AFTER_SECONDS}\n`))
  t.match(haproxy, /server stip-1 stip-1:3000\n\s+server stip-2 stip-2:3000/)
})
