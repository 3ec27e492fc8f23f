import { ISSUER_DEFAULTS, STAND_IN_DEFAULTS } from '../../../src/domain/issuer-settings.js'
import { SCENARIO } from '../../support/service.js'
import { contract } from './engines.js'

const URL = 'http://127.0.0.1:4000/fast'

contract('what a client sets of its stand-in is merged, and the defaults fill the rest', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  t.same(await store.readStandIn(123), STAND_IN_DEFAULTS)
  t.same(await store.setStandIn(123, { mode: 'basic' }), { ...STAND_IN_DEFAULTS, mode: 'basic' })
  const both = { ...STAND_IN_DEFAULTS, mode: 'basic', manual: true, stand_in_on: ['timeout'] }
  t.same(await store.setStandIn(123, { manual: true, stand_in_on: ['timeout'] }), both)
  t.same(await store.readStandIn(123), both)
  t.same(await store.readStandIn(456), STAND_IN_DEFAULTS)
  t.equal(await store.setStandIn(9, {}), undefined)
  t.equal(await store.readStandIn(9), undefined)
  t.same(await place.verify(store), [])
})

contract('an issuer begins with an address, and what is set of it is merged', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  t.same(await store.readIssuer(123), { kind: 'no-issuer' })
  t.same(await store.readIssuer(9), { kind: 'client-unknown' })
  t.same(await store.setIssuer(9, { url: URL }), { kind: 'client-unknown' })
  t.same(await store.setIssuer(123, { deadline_ms: 500 }), {
    kind: 'refused', faults: ['url is required, because the client has no issuer yet']
  })
  t.same(await store.readIssuer(123), { kind: 'no-issuer' })
  const settings = { ...ISSUER_DEFAULTS, url: URL }
  t.same(await store.setIssuer(123, { url: URL }), { kind: 'set', issuer: { settings, state: 'on' } })
  await store.setIssuer(123, { throttle: { failures: 2 }, header: { name: 'X-Key', value: 'secret' } })
  const issuer = {
    settings: {
      ...settings,
      deadline_ms: 500,
      throttle: { ...ISSUER_DEFAULTS.throttle, failures: 2, for_ms: 7 },
      header: { name: 'X-Key', value: 'secret' }
    },
    state: 'on'
  }
  t.same(await store.setIssuer(123, { deadline_ms: 500, throttle: { for_ms: 7 } }), { kind: 'set', issuer })
  t.same(await store.readIssuer(123), { kind: 'found', issuer })
  t.same(await store.removeIssuer(123), { kind: 'found', issuer })
  t.same(await store.removeIssuer(123), { kind: 'no-issuer' })
  t.same(await store.removeIssuer(9), { kind: 'client-unknown' })
})

contract('who switched an issuer, when and why is kept, the newest first', async (t, place) => {
  let at = new Date('2027-02-03T14:05:09.000Z')
  const store = await place.open({ scenario: SCENARIO, clock: () => at })
  const off = { state: 'off', reason: 'maintenance', userId: 'qa-7' } as const
  const on = { state: 'on', reason: undefined, userId: undefined } as const
  t.same(await store.switchIssuer(123, off), { kind: 'no-issuer' })
  t.same(await store.switchIssuer(9, off), { kind: 'client-unknown' })
  t.same(await store.readIssuerState(9), { kind: 'client-unknown' })
  await store.setIssuer(123, { url: URL })
  t.same(await store.readIssuerState(123), { kind: 'found', state: 'on', transitions: [] })
  const first = { ...off, at }
  t.same(await store.switchIssuer(123, off), { kind: 'found', state: 'off', transitions: [first] })
  t.match(await store.setIssuer(123, { deadline_ms: 700 }), { issuer: { state: 'off' } })
  at = new Date('2027-02-03T15:00:00.000Z')
  const both = { kind: 'found', state: 'on', transitions: [{ ...on, at }, first] }
  t.same(await store.switchIssuer(123, on), both)
  t.same(await store.readIssuerState(123), both)
  await store.removeIssuer(123)
  await store.setIssuer(123, { url: URL })
  t.same(await store.readIssuerState(123), both)
  t.same(await place.verify(store), [])
})

contract('settings that two change at once are both kept', async (t, place) => {
  const [store, other] = [await place.open({ scenario: SCENARIO }), await place.open()]
  await store.setIssuer(123, { url: URL })
  await Promise.all([
    store.setIssuer(123, { deadline_ms: 500 }), other.setIssuer(123, { late_answer_ms: 0 }),
    store.setStandIn(123, { mode: 'basic' }), other.setStandIn(123, { manual: true })
  ])
  t.match(await store.readIssuer(123), { issuer: { settings: { deadline_ms: 500, late_answer_ms: 0 } } })
  t.match(await store.readStandIn(123), { mode: 'basic', manual: true })
})
