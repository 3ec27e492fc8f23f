import t from 'tap'
import { Faults } from '../../src/domain/faults.js'
import {
  completeIssuer, ISSUER_DEFAULTS, mergeIssuer, type IssuerChange, type IssuerChoice
} from '../../src/domain/issuer-settings.js'

const BEFORE: IssuerChoice = { url: 'https://issuer.example/fast', header: { name: 'X-Key', value: 'secret' } }

function merge (sent: IssuerChange, before: IssuerChoice | undefined = BEFORE): unknown {
  const faults = new Faults()
  const choice = mergeIssuer(before, sent, faults)
  return faults.count > 0 ? faults.found : choice
}

t.test('what is left out stays, null ends what may be none, and a header keeps its value by its name', async (t) => {
  t.same(merge({}), BEFORE)
  t.same(merge({ passive_url: 'http://a.example' }), { ...BEFORE, passive_url: 'http://a.example' })
  t.same(merge({ passive_url: null }, { ...BEFORE, passive_url: 'http://a.example' }), { ...BEFORE, passive_url: null })
  t.same(merge({ header: null }), { ...BEFORE, header: null })
  t.same(merge({ header: { name: 'X-Key', value: null } }), BEFORE)
  t.same(merge({ header: { name: 'Another', value: null } }), [
    'header.value is required, because no value of Another is known'
  ])
  t.same(merge({ header: { name: 'X-Key', value: 'new' } }), { ...BEFORE, header: { name: 'X-Key', value: 'new' } })
  t.same(completeIssuer({ url: 'u', throttle: { for_ms: 1 } }), {
    ...ISSUER_DEFAULTS, url: 'u', throttle: { failures: 5, within_ms: 10_000, for_ms: 1 }
  })
})

t.test('a first issuer needs an address, and each fault is named', async (t) => {
  const faults = new Faults()
  mergeIssuer(undefined, { header: { name: 'X-Key', value: null } }, faults)
  t.same(faults.found, [
    'url is required, because the client has no issuer yet',
    'header.value is required, because no value of X-Key is known'
  ])
})
