import { EventEmitter, on } from 'node:events'
import t from 'tap'
import { makeEventFeed } from '../../../src/event-feed.js'
import type { Store } from '../../../src/store/port/store.js'
import type { Test } from '../../support/folder.js'
import { rule } from '../../support/rules.js'
import { connect } from './holders.js'
import { openAt, placeFor } from './places.js'

/** Listens to a store. @returns what gives the rule of the next event that is heard */
async function listen (t: Test, store: Store): Promise<() => Promise<unknown>> {
  const heard = new EventEmitter()
  const events = on(heard, 'event')
  const feed = makeEventFeed({ store, log: { warn: () => {} }, now: () => performance.now(), pollMs: 1 })
  t.teardown(() => { feed.close() })
  const nothing = (): void => {}
  await feed.listen({
    ready: nothing,
    take: (taken) => { for (const event of taken) heard.emit('event', event) },
    catchUp: nothing,
    resync: nothing,
    beat: nothing,
    end: nothing
  }, undefined)
  return async () => JSON.parse((await events.next()).value[0].data).rule_id
}

async function storeRule (store: Store, ruleId: string): Promise<void> {
  await store.storeRules([rule({ rule_id: ruleId, client_id: 123 })], { replaces: false, max: 9 }, false)
}

t.test('an event whose transaction commits late is heard then, behind those with greater numbers', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const client = await connect(t, url)
  // As many others were committed behind it, before anybody listened, as may be numbered behind one that is open.
  await client.query(`BEGIN; UPDATE sequences SET last_number = 10000 WHERE name = 'event'; INSERT INTO events
    SELECT number, 'rule', 123, 0, '{}' FROM generate_series(1, 10000) AS number WHERE number <> 2; COMMIT; BEGIN;
    INSERT INTO events (event_id, type, client_id, at_ms, data) VALUES (2, 'rule', 123, 0, '{"rule_id":"late"}')`)
  const next = await listen(t, store)
  await storeRule(store, 'early')
  t.equal(await next(), 'early')
  await client.query('COMMIT')
  t.equal(await next(), 'late')
})

t.test('so is one whose number lies before all that were there when the listening began', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const client = await connect(t, url)
  await client.query(`BEGIN; UPDATE sequences SET last_number = 1 WHERE name = 'event'; COMMIT; BEGIN;
    INSERT INTO events (event_id, type, client_id, at_ms, data) VALUES (1, 'rule', 123, 0, '{"rule_id":"late"}')`)
  await storeRule(store, 'before')
  const next = await listen(t, store)
  await client.query('COMMIT')
  const heard: unknown[] = []
  for (const ruleId of ['behind', 'last']) {
    await storeRule(store, ruleId)
    do heard.push(await next()); while (heard.at(-1) !== ruleId)
  }
  t.same(heard.sort(), ['behind', 'last', 'late'])
})
