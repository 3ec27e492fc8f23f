import { text } from 'node:stream/consumers'
import t from 'tap'
import { RULE_EXAMPLE } from '../../../schemas/stand-in-rule.js'
import { listenTo } from '../../support/event-stream.js'
import type { Test } from '../../support/folder.js'
import { hangUp, reply } from '../../support/issuer.js'
import { AUTHORIZATION, LIMITS, makeService, NO_STORE, updateBody, type TestService } from '../../support/service.js'
import { makeStandInService } from '../../support/stand-in.js'

async function serve (
  t: Test, options?: Parameters<typeof makeService>[2]
): Promise<TestService & { readonly address: string }> {
  const service = await makeService(t, undefined, options)
  return { ...service, address: await service.app.listen({ host: '127.0.0.1', port: 0 }) }
}

t.test('a listener hears what is committed with the new balances, and not what was refused or rehearsed', async (t) => {
  const { address, update, call } = await serve(t)
  const { next, response } = await listenTo(t, address)
  t.match(response.headers, {
    'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-request-id': /./
  })
  t.match(await next(), { type: 'ready', data: {} })
  await call('POST', '/stand-in/rules?dry_run=true', RULE_EXAMPLE)
  await update({ nothing: 'right' })
  await update(updateBody())
  const heard = await next()
  t.match(heard, {
    id: /^[0-9a-f]{8}\.1$/,
    type: 'balances',
    data: {
      source: 'paymentology', client_id: 123, identifier: '001', tid: null, has_more_changes: false
    }
  })
  t.same(heard.data['changes'], [{
    account_id: '1002',
    currency: '840',
    actual_balance: '200.00',
    blocked_balance: '50.00',
    available_balance: '150.00'
  }])
  await call('POST', '/stand-in/rules', RULE_EXAMPLE)
  t.match(await next(), { type: 'rule', data: { client_id: 123, rule_id: 'small-pos', change: 'created', at: /Z$/ } })
  await call('PUT', '/stand-in/rules/small-pos', RULE_EXAMPLE)
  t.match(await next(), { type: 'rule', data: { change: 'replaced' } })
  await call('DELETE', '/stand-in/rules/small-pos')
  t.match(await next(), { type: 'rule', data: { change: 'deleted' } })
})

t.test('how a client decides and how its issuer is asked is heard when it is changed', async (t) => {
  const { address, call } = await serve(t)
  const { next } = await listenTo(t, address)
  await next()
  await call('PUT', '/clients/123/stand-in', { manual: true })
  t.match(await next(), { type: 'stand_in', data: { client_id: 123, change: 'set' } })
  await call('PUT', '/clients/123/issuer', { url: 'http://127.0.0.1:9/fast' })
  t.match(await next(), { type: 'issuer', data: { client_id: 123, change: 'set' } })
  await call('PUT', '/clients/123/issuer/state', { state: 'off', reason: 'maintenance' })
  t.match(await next(), { type: 'issuer', data: { change: 'switched', state: 'off' } })
  await call('DELETE', '/clients/123/issuer')
  t.match(await next(), { type: 'issuer', data: { change: 'removed' } })
})

t.test('a payment is heard from its arrival until its advice is acknowledged', async (t) => {
  const { app, issuer, pay, call } = await makeStandInService(t)
  const { next } = await listenTo(t, await app.listen({ host: '127.0.0.1', port: 0 }), '?types=transaction,advice')
  await next()
  issuer.script.push(hangUp, reply(503, ''))
  const { transaction: { tid, account_id: accountId } } = (await pay()).json()
  const about = { client_id: 123, tid, account_id: accountId, token: '12345' }
  t.match([await next(), await next(), await next(), await next()], [
    { type: 'transaction', data: { ...about, change: 'received' } },
    { type: 'transaction', data: { ...about, change: 'approved', de39: '00', decided_by: 'stand_in', advised: true } },
    { type: 'advice', data: { client_id: 123, tid, feed: 'active', state: 'retrying' } },
    { type: 'advice', data: { tid, state: 'acknowledged' } }
  ])
  await pay({ token: '999' })
  t.match(await next(), { data: { client_id: null, change: 'declined', de39: '14', account_id: null, advised: false } })

  await call('PUT', '/clients/123/issuer/state', { state: 'off', reason: 'the advice waits' })
  const { transaction: { tid: second } } = (await pay()).json()
  const { advices: [{ rid }] } = (await app.inject({
    url: `/sandbox/v1/advices?tid=${second}`, headers: AUTHORIZATION
  })).json()
  await call('DELETE', `/advices/${rid}`)
  t.match([await next(), await next()], [{ data: { change: 'approved' } }, { data: { rid, state: 'cancelled' } }])
  await call('PUT', '/clients/123/issuer/state', { state: 'on', reason: 'it is sent' })
  await call('POST', `/advices/${rid}/retry`)
  t.match([await next(), await next()], [{ data: { rid, state: 'waiting' } }, { data: { rid, state: 'acknowledged' } }])
})

t.test('a listener hears only the clients and types that it asks for', async (t) => {
  const { address, call, update } = await serve(t)
  const ofOther = await listenTo(t, address, '?client_id=456')
  const rules = await listenTo(t, address, '?types=rule,issuer')
  await ofOther.next()
  await rules.next()
  await update(updateBody())
  await call('POST', '/stand-in/rules', RULE_EXAMPLE)
  await call('POST', '/stand-in/rules', { ...RULE_EXAMPLE, rule_id: 'other', client_id: 456 })
  t.match(await ofOther.next(), { data: { rule_id: 'other' } })
  t.match(await rules.next(), { data: { rule_id: 'small-pos' } })
  t.match(await rules.next(), { data: { rule_id: 'other' } })
})

t.test('a listener that comes back hears what it missed, and a stranger\'s id means reading anew', async (t) => {
  const { address, call } = await serve(t)
  const first = await listenTo(t, address)
  const { id } = await first.next()
  await call('POST', '/stand-in/rules', RULE_EXAMPLE)
  const heard = await first.next()
  first.leave()
  await call('DELETE', '/stand-in/rules/small-pos')
  const back = await listenTo(t, address, '', { 'last-event-id': heard.id })
  const events = [await back.next(), await back.next()]
  t.same(events.map(({ type }) => type).sort(), ['ready', 'rule'])
  t.match(events.find(({ type }) => type === 'rule'), { data: { change: 'deleted' } })
  const again = await listenTo(t, address, '', { 'last-event-id': id })
  t.match([await again.next(), await again.next(), await again.next()], [
    { type: 'rule', data: { change: 'created' } }, { type: 'rule', data: { change: 'deleted' } }, { type: 'ready' }
  ])
  for (const strange of ['5f0c1a77.1', `${id.split('.')[0]}.999`, 'x', `${id.split('.')[0]}.-1`]) {
    const lost = await listenTo(t, address, '', { 'last-event-id': strange })
    t.match([await lost.next(), await lost.next()], [{ type: 'resync' }, { type: 'ready' }], strange)
  }
})

t.test('a listener that missed more than is sent at once reads anew, whatever the others heard', async (t) => {
  const { address, store } = await serve(t)
  const first = await listenTo(t, address)
  const { id: before } = await first.next()
  const rows = (type: string, number: bigint, length: number) => ({
    number, type, clientId: undefined, atMs: 0, data: JSON.stringify({ text: 'x'.repeat(length) })
  })
  const events = [rows('rule', 1n, 400_000), rows('issuer', 2n, 400_000), rows('rule', 3n, 400_000)]
  const { readEvents } = store
  store.readEvents = async (...asked) => {
    const rows = await readEvents(...asked)
    return { ...rows, events: events.splice(0), newest: { ...rows.newest, events: 3n } }
  }
  const heard = [await first.next(), await first.next(), await first.next()]
  const comeBack = async (id: string, query = ''): Promise<readonly string[]> => {
    const back = await listenTo(t, address, query, { 'last-event-id': id })
    t.equal(back.response.statusCode, 200)
    const types: string[] = []
    while (types.at(-1) !== 'ready') types.push((await back.next()).type)
    return types
  }
  t.same(await comeBack(before), ['resync', 'ready'])
  t.same(await comeBack(before), ['resync', 'ready'], 'as often as it comes')
  t.same(await comeBack(before, '?types=issuer'), ['issuer', 'ready'])
  t.same(await comeBack(String(heard[1]?.id)), ['rule', 'ready'])
})

t.test('an operation on many accounts tells the first 25', async (t) => {
  const { address, call } = await serve(t)
  const { next } = await listenTo(t, address)
  await next()
  await call('POST', '/accounts', {
    accounts: Array.from({ length: 26 }, (_, index) => ({
      client_id: 123, account_id: String(5000 + index), currency: '404', actual_balance: '1', blocked_balance: '0'
    }))
  })
  const { data } = await next()
  t.match(data, { source: 'sandbox', has_more_changes: true })
  t.equal((data['changes'] as unknown[]).length, 25)
})

t.test('a listener that does not read is cut off', { skip: NO_STORE }, async (t) => {
  const { address, store } = await serve(t)
  const { response } = await listenTo(t, address)
  const data = JSON.stringify({ text: 'x'.repeat(4_000_000) })
  let number = 0n
  // No system keeps so much for a connection that nobody reads.
  await new Promise<void>((resolve) => {
    store.readEvents = async () => {
      number += 1n
      if (number === 6n) resolve()
      const events = [{ number, type: 'rule', clientId: undefined, atMs: 0, data }]
      return { operations: [], events, newest: { operations: 6n, events: number } }
    }
  })
  const closed = new Promise((resolve) => { response.once('close', resolve) })
  response.resume()
  await closed
  t.notOk(response.complete)
})

t.test('a quiet stream has a comment now and then', { skip: NO_STORE }, async (t) => {
  const { address } = await serve(t)
  const { response, next } = await listenTo(t, address)
  await next()
  const { now } = performance
  t.teardown(() => { performance.now = now })
  performance.now = () => now.call(performance) + 15_000
  const { value: comment } = await response[Symbol.asyncIterator]().next()
  t.equal(comment, ': still here\n\n')
})

t.test('when the service ends, streams end', { skip: NO_STORE }, async (t) => {
  const { address, app } = await serve(t)
  const { response, next } = await listenTo(t, address)
  await next()
  const [ended] = await Promise.all([next().catch((error: unknown) => error), app.close()])
  t.match(ended, new Error('the stream has ended'))
  t.ok(response.complete)
})

t.test('more listeners than there may be are refused, and one that leaves makes room', { skip: NO_STORE }, async (
  t
) => {
  const { address, read } = await serve(t, { limits: { ...LIMITS, eventListeners: 1 } })
  const { next, leave } = await listenTo(t, address)
  await next()
  const refused = await read('/events')
  t.match([refused.statusCode, refused.headers['retry-after'], refused.json().detail], [
    503, '5', 'At most 1 may listen at once (EVENT_LISTENERS). Close another connection first'
  ])
  leave()
  for (;;) {
    const { response, leave } = await listenTo(t, address)
    leave()
    if (response.statusCode === 200) break
  }
})

t.test('a type that there is not, no token and another method are refused', { skip: NO_STORE }, async (t) => {
  const { address, app, read } = await serve(t)
  t.match((await read('/events?types=rules')).json(), { status: 400, detail: /^types must be of these, with commas/ })
  t.equal((await app.inject('/sandbox/v1/events')).statusCode, 401)
  const { response } = await listenTo(t, address, '', { authorization: 'Bearer wrong' })
  t.equal(response.statusCode, 401)
  t.match(await text(response), /admin|ADMIN_TOKEN/)
  t.equal((await app.inject({ method: 'HEAD', url: '/sandbox/v1/events' })).statusCode, 404)
})
