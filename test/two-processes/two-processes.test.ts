import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { verifyPostgres } from '../../src/store/postgres/store.js'
import { allOf } from '../support/all-of.js'
import { startBuiltService } from '../support/built-service.js'
import { makeFolder } from '../support/folder.js'
import { patient } from '../support/patience.js'
import { makeEmptyPostgresPlace } from '../support/postgres-places.js'
import { ADMIN_TOKEN, AUTHORIZATION } from '../support/service.js'
import { makeSeed } from '../support/standalone.js'
import { anyAction, Clients, SCENARIO } from './actions.js'
import { findFaults, groupBy, readStories } from './model.js'

/** So many clients, each of which does so many things. */
const [LINES, ACTIONS] = [12, 20]

// To see the same actions again, give their seed as STIP_TEST_SEED.
t.test('two processes on one database do as one process would that does one thing after the other', async (t) => {
  const seed = Number(process.env['STIP_TEST_SEED'] ?? makeSeed())
  t.comment(`the seed is ${seed}`)
  const url = await makeEmptyPostgresPlace()
  const scenario = join(makeFolder(t), 'scenario.json')
  writeFileSync(scenario, JSON.stringify(SCENARIO))
  // Both start at the same moment: one of them migrates the empty database, and one loads the scenario.
  const environment = { DATABASE_URL: patient(url), SCENARIO_FILE: scenario, ADMIN_TOKEN, RATE_LIMIT: '0' }
  const addresses = await Promise.all([1, 2].map(async () => await startBuiltService(t, { environment }).address))

  const clients = new Clients(addresses)
  const lines = fc.sample(fc.array(anyAction, { minLength: ACTIONS, maxLength: ACTIONS }), { seed, numRuns: LINES })
  await Promise.all(lines.map(async (actions, line) => { await clients.run(line, actions) }))

  const stories = await readStories(async (path) =>
    await fetch(`${addresses[0] as string}/sandbox/v1${path}`, { headers: AUTHORIZATION }))
  t.same(findFaults(clients.told, stories), [])
  t.same(await allOf(verifyPostgres(url)), [])
  const counts = groupBy(clients.told, ({ kind, status, replayed }) =>
    `${kind} ${status}${replayed ? ' replayed' : ''}`)
  t.comment([...counts].map(([name, all]) => `${name}: ${all.length}`).join(', '))
  for (const kind of ['update 200', 'update 200 replayed', 'delete 200', 'create 201', 'restore 200', 'set 200']) {
    t.ok(counts.has(kind), `there was ${kind}`)
  }
})
