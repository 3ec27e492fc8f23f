import t from 'tap'
import { systemClock } from '../../../src/clock.js'
import { allOf } from '../../support/all-of.js'
import { makeUpdate } from '../../support/updates.js'
import { connect } from './holders.js'
import { openAt, openBeside, placeFor } from './places.js'

const HOUR_MS = 60 * 60 * 1000

t.test('the clock of the server holds, and not those of the processes', async (t) => {
  const place = await placeFor(t)
  const ahead = await openAt(t, place, { clock: systemClock })
  const behind = await openBeside(t, place, { clock: systemClock })
  let offsetMs = 0
  const RealDate = Date
  t.intercept(globalThis, 'Date', {
    value: class extends RealDate {
      constructor (ms: number = RealDate.now() + offsetMs) {
        super(ms)
      }
    }
  })
  offsetMs = HOUR_MS
  const { rates: [published] } = await ahead.publishRates(
    [{ base: '840', quote: '404', rate: '129', effectiveAtMs: undefined }])
  offsetMs = -HOUR_MS
  const { atMs, published: found } = await behind.findConversion({ from: '840', to: '404', atMs: undefined })
  t.match(found, [{ rate: '129' }])
  t.ok(Number(published?.effectiveAtMs) <= atMs)
  await behind.publishRates([{ base: '840', quote: '404', rate: '130', effectiveAtMs: undefined }])
  offsetMs = HOUR_MS
  t.match((await ahead.findConversion({ from: '840', to: '404', atMs: undefined })).published, [{ rate: '130' }])
})

t.test('a version that runs while another migrates the database writes and reads no more', async (t) => {
  const place = await placeFor(t)
  const store = await openAt(t, place)
  const client = await connect(t, place)
  await client.query('INSERT INTO stip_migrations VALUES (1000, 0)')
  const refused = {
    name: 'StoreUnavailableError',
    message: /^the database has another schema than this version knows: .* Start stip-sandbox anew/
  }
  await t.rejects(store.updateBalances(makeUpdate(5)), refused)
  await t.rejects(store.readAccount(1002n), refused)
  await t.rejects(allOf(store.exportScenario()), refused)
  await client.query('DELETE FROM stip_migrations WHERE version = 1000')
  t.match(await store.updateBalances(makeUpdate(5)), { kind: 'applied' })
})
