import { EventEmitter, on } from 'node:events'
import pg from 'pg'
import t from 'tap'
import { makeEventFeed } from '../../../src/event-feed.js'
import { rule } from '../../support/rules.js'
import { openAt, placeFor } from './places.js'

t.test('an event whose transaction commits late is heard then, behind those with greater numbers', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  t.teardown(async () => { await client.end() })
  // As many others were committed behind it, before anybody listened, as may be numbered behind one that is open.
  await client.query(`BEGIN; UPDATE sequences SET last_number = 10000 WHERE name = 'event'; INSERT INTO events
    SELECT number, 'rule', 123, 0, '{}' FROM generate_series(1, 10000) AS number WHERE number <> 2; COMMIT; BEGIN;
    INSERT INTO events (event_id, type, client_id, at_ms, data) VALUES (2, 'rule', 123, 0, '{"rule_id":"late"}')`)
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
  const next = async (): Promise<unknown> => JSON.parse((await events.next()).value[0].data).rule_id
  await store.storeRules([rule({ rule_id: 'early', client_id: 123 })], { replaces: false, max: 9 }, false)
  t.equal(await next(), 'early')
  await client.query('COMMIT')
  t.equal(await next(), 'late')
})
