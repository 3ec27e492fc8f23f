import t from 'tap'
import { everythingIn } from '../../support/database.js'
import { makeService, updateBody, type TestService } from '../../support/service.js'

const PREFER = { prefer: 'return=representation' }

async function rehearse (
  { app }: TestService, body: object, query = '?dry_run=true', headers: Record<string, string> = PREFER
): ReturnType<TestService['update']> {
  return await app.inject({
    method: 'POST',
    url: `/ppws/api/v1/pws_update_balance${query}`,
    headers: { 'x-api-key': 'key-of-123', ...headers },
    payload: body
  })
}

t.test('a dry run gives the answer that the same request gives afterwards, and writes nothing', async (t) => {
  const service = await makeService(t)
  const body = updateBody([{}, { input_id: 5 }, { input_id: 1004, act_balance: 1 }, { input_id: 1004, act_balance: 1 }])
  const before = everythingIn(service.databasePath)
  const rehearsed = await rehearse(service, body)
  t.equal(rehearsed.statusCode, 200)
  t.equal(rehearsed.headers['dry-run'], 'true')
  await service.app.flushJournal()
  t.same(everythingIn(service.databasePath), before, 'whenever the journal is written')
  const real = await service.update(body, PREFER)
  t.equal(real.headers['idempotent-replayed'], undefined, 'the identifier was not used up')
  t.equal(real.headers['dry-run'], undefined)
  t.equal(real.body, rehearsed.body)
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '200.00' })
})

t.test('a dry run of an identifier that was answered before gives that answer again', async (t) => {
  const service = await makeService(t)
  const first = await service.update(updateBody(), PREFER)
  const rehearsed = await rehearse(service, updateBody(), '?dry_run=true', {})
  t.equal(rehearsed.headers['idempotent-replayed'], 'true')
  t.equal(rehearsed.headers['dry-run'], 'true')
  t.equal(rehearsed.body, first.body)
  const reused = await rehearse(service, updateBody([{ act_balance: 1 }]))
  t.equal(reused.statusCode, 409)
  t.equal(reused.headers['dry-run'], 'true')
})

t.test('a dry run shows what strict handling would refuse', async (t) => {
  const service = await makeService(t)
  const response = await rehearse(service, updateBody([{}, { input_id: 5 }]), '?dry_run=true', {
    prefer: 'handling=strict'
  })
  t.equal(response.statusCode, 422)
  t.match(response.json(), { body: { total_failed: 1 } })
})

t.test('dry_run is true or false and nothing else, and a misspelt one never writes', async (t) => {
  const service = await makeService(t)
  const before = everythingIn(service.databasePath)
  for (const query of [
    '?dry_run=1', '?dry_run=TRUE', '?dry_run=', '?dry_run', '?dry_run=true&dry_run=false', '?dryrun=true'
  ]) {
    const response = await rehearse(service, updateBody(), query)
    t.equal(response.statusCode, 400, query)
    t.match(response.json(), { header: { error_id: 90400, error_desc: /^dry_?run / } })
  }
  t.same(everythingIn(service.databasePath), before)
  t.equal((await rehearse(service, updateBody(), '?dry_run=false')).headers['dry-run'], undefined)
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '200.00' })
})
