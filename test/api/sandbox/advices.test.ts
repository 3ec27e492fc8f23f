import t from 'tap'
import { hangUp, reply } from '../../support/issuer.js'
import { AUTHORIZATION } from '../../support/service.js'
import { makeStandInService, STILL } from '../../support/stand-in.js'

/** One failed connection leaves the issuer alone. */
const ONE_FAILURE = {
  throttle_on: ['connection'], throttle: { failures: 1, within_ms: 60_000, for_ms: 60_000 }
}

t.test('an advice that is refused is tried again, with the same RID', async (t) => {
  const { issuer, pay, read, wait } = await makeStandInService(t)
  issuer.script.push(hangUp, reply(503, ''))
  const { transaction: { tid } } = (await pay()).json()
  t.match(await wait(tid, 'advice_acknowledged'), { reached: true })
  const advices = issuer.received.filter(({ kind }) => kind === 'advice')
  t.equal(advices.length, 2)
  t.equal(new Set(advices.map(({ message }) => message.SUMMARY?.RID)).size, 1)
  t.same(advices.map(({ headers }) => Number(headers['stip-sandbox-attempt'])), [...advices.keys()])
  t.match((await read(`/advices?tid=${tid}`)).json(), { advices: [{ state: 'acknowledged', last_error: null }] })
})

t.test('an advice can be cancelled, and sent by hand later', async (t) => {
  const { issuer, pay, read, call, wait } = await makeStandInService(t, STILL)
  issuer.script.push(hangUp)
  const { transaction: { tid } } = (await pay()).json()
  const { advices: [{ rid }] } = (await read(`/advices?tid=${tid}`)).json()
  t.match((await call('DELETE', `/advices/${rid}`)).json(), { state: 'cancelled', next_at: null })
  t.match((await call('POST', `/advices/${rid}/retry`)).json(), { rid, attempts: 0 })
  t.match(await wait(tid, 'advice_acknowledged'), { reached: true, hold: { known: true } })
  const acknowledged = await call('DELETE', `/advices/${rid}`)
  t.equal(acknowledged.statusCode, 409)
  t.match(acknowledged.json().detail, /^Advice \d+ was acknowledged at /)
})

t.test('an advice of a client without an issuer is parked', async (t) => {
  const { issuer, pay, read, call } = await makeStandInService(t, STILL)
  issuer.script.push(hangUp)
  const { transaction: { tid } } = (await pay()).json()
  const { advices: [{ rid }] } = (await read(`/advices?tid=${tid}`)).json()
  await call('DELETE', `/advices/${rid}`)
  t.equal((await call('DELETE', '/clients/123/issuer')).statusCode, 200)
  await call('POST', `/advices/${rid}/retry`)
  // No event tells of parking: each look waits a little for what never comes.
  let advice: Record<string, unknown> = {}
  while (advice['state'] !== 'parked') {
    await read(`/transactions/${tid}?wait_for=advice_acknowledged&timeout_ms=100`)
    advice = (await read(`/advices?tid=${tid}`)).json().advices[0]
  }
  t.match(advice, { state: 'parked', last_error: 'the client has no issuer', next_at: null })
})

t.test('the passive feed hears of each decision', async (t) => {
  const { issuer, pay, call } = await makeStandInService(t)
  await call('PUT', '/clients/123/issuer', { passive_url: issuer.url.replace('/fast', '/passive') })
  await pay()
  await issuer.hasReceived(2)
  t.match(issuer.received[1], { path: '/passive', message: { ISO_MSG: { DE39: '00' } } })
})

t.test('nobody is asked of an issuer that is switched off, or that failed too often', async (t) => {
  const { issuer, pay, call, read } = await makeStandInService(t, STILL)
  await call('PUT', '/clients/123/issuer/state', { state: 'off' })
  t.match((await pay()).json().trace, { issuer: { outcome: 'off' }, reason_code: '930' })
  t.equal(issuer.received.filter(({ kind }) => kind === 'request').length, 0)
  await call('PUT', '/clients/123/issuer/state', { state: 'on' })
  await call('PUT', '/clients/123/issuer', ONE_FAILURE)
  issuer.script.push(hangUp, hangUp)
  await pay({ amount: '1.00' })
  t.match((await pay({ amount: '1.00' })).json().trace, { issuer: { outcome: 'throttled' }, reason_code: '930' })
  t.match((await read('/clients/123/issuer/state')).json(), { state: 'on', throttle_state: 'throttled' })
  const probed = await call('PUT', '/clients/123/issuer/state', { state: 'probe' })
  t.match(probed.json(), { state: 'on', throttle_state: 'probing' })
})

t.test('stand-in decides for a client without an issuer, and nobody is told', async (t) => {
  const { pay, read, call, app } = await makeStandInService(t)
  await call('DELETE', '/clients/123/issuer')
  const { transaction: { tid }, trace } = (await pay()).json()
  t.match(trace, { decided_by: 'stand_in', issuer: { outcome: 'not_configured' } })
  t.same((await read(`/advices?tid=${tid}`)).json().advices, [])
  const { body } = await app.inject({ url: '/metrics', headers: AUTHORIZATION })
  t.match(body, /stip_payments_decided_total\{decided_by="stand_in",de39="00"\} 1\n/)
})

t.test('an issuer that is left alone is probed by hand, and asked again after a restore', async (t) => {
  const { issuer, pay, call } = await makeStandInService(t, STILL)
  await call('PUT', '/clients/123/issuer', ONE_FAILURE)
  const outcomeOf = async (): Promise<string> => (await pay({ amount: '1.00' })).json().trace.issuer.outcome
  const fail = async (): Promise<string> => {
    issuer.script.push(...Array.from({ length: 9 }, () => hangUp))
    return await outcomeOf()
  }
  t.equal(await fail(), 'connection')
  t.equal(await outcomeOf(), 'throttled')
  await call('PUT', '/clients/123/issuer/state', { state: 'probe' })
  t.equal(await outcomeOf(), 'connection', 'the probe fails')
  t.equal(await outcomeOf(), 'throttled')
  await call('POST', '/reset?client_id=123')
  t.equal(await outcomeOf(), 'connection')
  await call('POST', '/reset')
  t.equal(await outcomeOf(), 'connection')
})
