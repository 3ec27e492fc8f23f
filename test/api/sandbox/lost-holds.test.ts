import t from 'tap'
import { ACCOUNT, makeStandInService, STILL, type StandInService } from '../../support/stand-in.js'
import { hangUp } from '../../support/issuer.js'
import { sendFile, summaryOf } from '../../support/balance-files.js'
import { AUTHORIZATION, updateBody } from '../../support/service.js'
import type { Test } from '../../support/folder.js'

/** 500.00 KES with 20.00 blocked, as its client sends them. */
const ITEM = { input_type: 't', input_id: 12345, act_balance: 500, blk_balance: 20, bill_ccy: '404' }
const BY_HAND = { actual_balance: '500.00', blocked_balance: '20.00', currency: 'KES', reason: 'end of day' }

/** A service with a hold of 100.00 KES that its issuer does not know of: its advice is never due. */
async function makeHeld (t: Test): Promise<StandInService & { readonly tid: string, readonly rid: string }> {
  const service = await makeStandInService(t, STILL)
  service.issuer.script.push(hangUp)
  const { transaction: { tid, rid } } = (await service.pay()).json()
  return { ...service, tid, rid }
}

async function newestChange ({ read }: StandInService): Promise<unknown> {
  return (await read(`/accounts/${ACCOUNT}/history?limit=1`)).json().changes[0]
}

t.test('an update that does not know of a hold wipes it, once, and says so', async (t) => {
  const service = await makeHeld(t)
  const { update, balances, read, tid, app } = service
  t.match((await update(updateBody([ITEM]))).json(), { body: { total_failed: 0 } })
  t.same(await balances(), ['500.00', '20.00'], 'the balances are set as published')
  t.match(await newestChange(service), { lost_holds: [tid], operation: { source: 'paymentology' } })
  t.match((await read(`/transactions/${tid}`)).json(), { hold: { remaining: '100.00', counted: false, known: false } })
  t.match((await service.call('PUT', `/accounts/${ACCOUNT}/balances`, BY_HAND)).json(), { lost_holds: [] })
  const metrics = await app.inject({ url: '/metrics', headers: AUTHORIZATION })
  t.match(metrics.body, /stip_lost_holds_total\{source="paymentology"\} 1\n/)
})

t.test('balances that are set by hand say what they wiped', async (t) => {
  const { call, tid, balances } = await makeHeld(t)
  const rehearsed = await call('PUT', `/accounts/${ACCOUNT}/balances?dry_run=true`, BY_HAND)
  t.match(rehearsed.json(), { lost_holds: [tid] })
  t.same(await balances(), ['1000.00', '110.00'])
  t.match((await call('PUT', `/accounts/${ACCOUNT}/balances`, BY_HAND)).json(), { lost_holds: [tid] })
})

t.test('two updates that come together lose a hold once', async (t) => {
  const service = await makeHeld(t)
  const { update, read, tid } = service
  await Promise.all([
    update(updateBody([ITEM])), update(updateBody([ITEM], { api_call_unique_identifier: '002' }))
  ])
  const { changes } = (await read(`/accounts/${ACCOUNT}/history?limit=2`)).json()
  t.same(changes.flatMap(({ lost_holds: lost }: { lost_holds: string[] }) => lost), [tid])
})

t.test('keep_holds adds the hold to what was sent, and a lost one comes back', async (t) => {
  const service = await makeHeld(t)
  const { call, update, balances, tid, read } = service
  await update(updateBody([ITEM]))
  await call('PUT', '/clients/123/stand-in', { unaware_updates: 'keep_holds' })
  await update(updateBody([ITEM], { api_call_unique_identifier: '002' }))
  t.same(await balances(), ['500.00', '120.00'])
  t.match(await newestChange(service), { lost_holds: [], sent: { blocked_balance: '20.00' } })
  t.match((await read(`/transactions/${tid}`)).json(), { hold: { counted: true, known: false } })
})

t.test('a hold that was lost counts again once its issuer has heard of it and sends balances', async (t) => {
  const service = await makeHeld(t)
  const { call, update, read, tid, wait, issuer, balances } = service
  await update(updateBody([ITEM]))
  issuer.script.length = 0
  const { advices: [{ rid }] } = (await read(`/advices?tid=${tid}`)).json()
  await call('POST', `/advices/${rid}/retry`)
  t.match(await wait(tid, 'advice_acknowledged'), { reached: true, hold: { counted: false, known: true } })
  await update(updateBody([ITEM], { api_call_unique_identifier: '002' }))
  t.same(await balances(), ['500.00', '20.00'])
  t.match(await newestChange(service), { lost_holds: [] })
  t.match((await read(`/transactions/${tid}`)).json(), { hold: { counted: true, known: true } })
})

t.test('balances as of a message contain its hold', async (t) => {
  const service = await makeHeld(t)
  const { call, update, balances, tid, rid, read } = service
  await call('PUT', '/clients/123/stand-in', { unaware_updates: 'keep_holds' })
  await update(updateBody([ITEM]), { 'stip-sandbox-as-of-rid': rid })
  t.same(await balances(), ['500.00', '120.00'], 'the request may not have reached the issuer')
  const ofAdvice = String(BigInt(rid) + 1n)
  await update(updateBody([ITEM], { api_call_unique_identifier: '002' }), { 'stip-sandbox-as-of-rid': ofAdvice })
  t.same(await balances(), ['500.00', '20.00'])
  t.match(await newestChange(service), { lost_holds: [] })
  t.match((await read(`/transactions/${tid}`)).json(), { hold: { counted: true, known: true } })
})

t.test('a restore ends payments: holds, advices and what rules count', async (t) => {
  const { call, read, balances, tid, pay } = await makeHeld(t)
  t.equal((await call('POST', '/snapshots/scenario/restore')).statusCode, 200)
  t.same(await balances(), ['1000.00', '10.00'])
  t.match((await read(`/transactions/${tid}`)).json(), { status: 'reset', hold: { remaining: '0.00' } })
  t.match((await read(`/advices?tid=${tid}`)).json(), { advices: [{ state: 'cancelled', next_at: null }] })
  t.equal((await pay()).json().transaction.de39, '00')
})

t.test('an account that is deleted has no hold any more', async (t) => {
  const { call, read, tid } = await makeHeld(t)
  t.equal((await call('DELETE', `/accounts/${ACCOUNT}`)).statusCode, 200)
  t.match((await read(`/transactions/${tid}`)).json(), { hold: { remaining: '0.00', counted: false } })
})

t.test('a balance file that does not know of a hold wipes it, once, and says so', async (t) => {
  const service = await makeHeld(t)
  const { app, balances, tid, read } = service
  const rows = [`r1,${ACCOUNT},404,50000,2000,`, `r2,${ACCOUNT},404,50000,2000,`]
  t.match(summaryOf(await sendFile(service, rows)), { Passed_Records: 2 })
  t.same(await balances(), ['500.00', '20.00'])
  const { changes } = (await read(`/accounts/${ACCOUNT}/history?limit=2`)).json()
  t.match(changes, [
    { lost_holds: [], operation: { source: 'batch-file' } }, { lost_holds: [tid], operation: { source: 'batch-file' } }
  ])
  const metrics = await app.inject({ url: '/metrics', headers: AUTHORIZATION })
  t.match(metrics.body, /stip_lost_holds_total\{source="batch-file"\} 1\n/)
})

t.test('a balance file beside keep_holds adds the hold to its figures, also when it is sent again', async (t) => {
  const service = await makeHeld(t)
  const { balances, call } = service
  await call('PUT', '/clients/123/stand-in', { unaware_updates: 'keep_holds' })
  const rows = [`r1,${ACCOUNT},404,50000,2000,`]
  for (const more of [[], ['r2,1002,840,1,0,']]) {
    t.match(summaryOf(await sendFile(service, [...rows, ...more])), { Failed_Records: 0 })
    t.same(await balances(), ['500.00', '120.00'])
  }
})

t.test('balances as of a message before a hold do not contain it, also once its advice was acknowledged', async (t) => {
  const service = await makeStandInService(t)
  const { issuer, pay, call, update, balances, wait, read } = service
  await pay()
  issuer.script.push(hangUp)
  const { transaction: { tid, rid } } = (await pay()).json()
  await wait(tid, 'advice_acknowledged')
  const earlier = { 'stip-sandbox-as-of-rid': String(BigInt(rid) - 1n) }
  await update(updateBody([ITEM]), earlier)
  t.same(await balances(), ['500.00', '20.00'])
  t.match(await newestChange(service), { lost_holds: [tid] })
  await call('PUT', '/clients/123/stand-in', { unaware_updates: 'keep_holds' })
  await update(updateBody([ITEM], { api_call_unique_identifier: '002' }), earlier)
  t.same(await balances(), ['500.00', '120.00'])
  await update(updateBody([ITEM], { api_call_unique_identifier: '003' }), earlier)
  t.same(await balances(), ['500.00', '120.00'], 'the second of the same finds the hold again')
  await update(updateBody([ITEM], { api_call_unique_identifier: '004' }))
  t.same(await balances(), ['500.00', '20.00'], 'who does not say what it knows is taken to know it')
  t.match((await read(`/transactions/${tid}`)).json(), { hold: { counted: true, known: true } })
})

t.test('a hold of which nothing went out yet is in no balances, whatever RID they name', async (t) => {
  const service = await makeStandInService(t, STILL)
  const { pay, call, update, balances } = service
  await call('PUT', '/clients/123/stand-in', { manual: true, unaware_updates: 'keep_holds' })
  const { transaction: { rid } } = (await pay()).json()
  await update(updateBody([ITEM]), { 'stip-sandbox-as-of-rid': rid })
  t.same(await balances(), ['500.00', '120.00'], 'the request was never sent')
  await update(updateBody([ITEM], { api_call_unique_identifier: '002' }), { 'stip-sandbox-as-of-rid': '999' })
  t.same(await balances(), ['500.00', '120.00'], 'there is no such message yet')
  await update(updateBody([ITEM], { api_call_unique_identifier: '003' }), {
    'stip-sandbox-as-of-rid': String(BigInt(rid) + 1n)
  })
  t.same(await balances(), ['500.00', '20.00'], 'the advice tells of it')
})

t.test('a restore leaves the payments of an account alone that is another one by now', async (t) => {
  const { call, pay, read, balances } = await makeStandInService(t)
  await call('PUT', '/clients/123/stand-in', { manual: true })
  await call('POST', '/snapshots', { name: 'before' })
  await call('DELETE', `/accounts/${ACCOUNT}`)
  await call('POST', '/accounts', {
    accounts: [{
      client_id: 123,
      account_id: ACCOUNT,
      currency: '404',
      actual_balance: '700.00',
      blocked_balance: '0.00',
      tokens: ['12345']
    }]
  })
  const { transaction: { tid } } = (await pay()).json()
  t.match((await call('POST', '/snapshots/before/restore')).json(), { replaced: 1 })
  t.same(await balances(), ['700.00', '100.00'])
  t.match((await read(`/transactions/${tid}`)).json(), { status: 'pending', hold: { remaining: '100.00' } })
})
