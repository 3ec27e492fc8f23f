import Database from 'better-sqlite3'
import t from 'tap'
import { makeService } from '../support/service.js'

t.test('the process is live and ready', async (t) => {
  const { app } = await makeService(t)
  for (const path of ['/health/live', '/health/ready']) {
    const response = await app.inject(path)
    t.equal(response.statusCode, 200)
    t.same(response.json(), { status: 'ok' })
  }
})

for (const [what, version] of [['of a newer version', 9999], ['that lacks a migration', 0]] as const) {
  t.test(`it is live but not ready on a database ${what}`, async (t) => {
    const { app, databasePath } = await makeService(t)
    const database = new Database(databasePath)
    database.pragma(`user_version = ${version}`)
    database.close()
    const response = await app.inject('/health/ready')
    t.equal(response.statusCode, 503)
    t.match(response.json(), { title: 'Service Unavailable', status: 503 })
    t.equal((await app.inject('/health/live')).statusCode, 200)
  })
}
