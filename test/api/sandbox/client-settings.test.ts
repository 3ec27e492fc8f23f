import t from 'tap'
import { IssuerChange, StandInChoice } from '../../../schemas/client-settings.js'
import { ISSUER_DEFAULTS, STAND_IN_DEFAULTS } from '../../../src/domain/issuer-settings.js'
import { makeService, NOW } from '../../support/service.js'

/** Serves all tests that change nothing. */
const service = await makeService(t)

const URL = 'http://127.0.0.1:4000/fast'

t.test('stand-in is as by default until it is set, and both calls answer what holds', async (t) => {
  const { call, read } = await makeService(t)
  t.same((await read('/clients/123/stand-in')).json(), STAND_IN_DEFAULTS)
  const changed = await call('PUT', '/clients/123/stand-in', { mode: 'basic', stand_in_on: [] })
  t.equal(changed.statusCode, 200)
  t.same(changed.json(), { ...STAND_IN_DEFAULTS, mode: 'basic', stand_in_on: [] })
  t.same((await call('PUT', '/clients/123/stand-in')).json(), changed.json())
  t.same((await read('/clients/123/stand-in')).json(), changed.json())
})

t.test('an issuer is set, merged, shown without its secret, switched and removed', async (t) => {
  const { call, read } = await makeService(t)
  const made = await call('PUT', '/clients/123/issuer', { url: URL, header: { name: 'X-Key', value: 'secret' } })
  t.equal(made.statusCode, 200)
  const shown = { ...ISSUER_DEFAULTS, url: URL, header: { name: 'X-Key', value: null }, state: 'on' }
  t.same(made.json(), shown)
  const { state, ...settings } = shown
  const changed = await call('PUT', '/clients/123/issuer', { ...settings, deadline_ms: 100 })
  t.same(changed.json(), { ...shown, deadline_ms: 100 }, 'an answer can be sent back')
  t.same((await read('/clients/123/issuer')).json(), { ...shown, deadline_ms: 100 })
  const off = await call('PUT', '/clients/123/issuer/state', { state: 'off', reason: 'upkeep', user_id: 'qa-7' })
  const transition = { state: 'off', reason: 'upkeep', user_id: 'qa-7', at: NOW.toISOString() }
  t.same(off.json(), { state: 'off', throttle_state: 'on', transitions: [transition] })
  t.match((await read('/clients/123/issuer')).json(), { state: 'off' })
  t.same((await call('PUT', '/clients/123/issuer/state', { state: 'probe' })).json(), {
    state: 'on',
    throttle_state: 'on',
    transitions: [{ state: 'on', reason: null, user_id: null, at: NOW.toISOString() }, transition]
  })
  t.match((await read('/clients/123/issuer/state')).json(), { state: 'on', transitions: [{}, {}] })
  t.match((await call('DELETE', '/clients/123/issuer')).json(), { ...shown, deadline_ms: 100 })
  t.equal((await read('/clients/123/issuer')).statusCode, 404)
})

t.test('where there is no client or no issuer, the answer says which', async (t) => {
  const { call, read } = service
  const noIssuer = 'Client 123 has no issuer. Set one with PUT /sandbox/v1/clients/123/issuer'
  for (const [clientId, detail] of [['9', 'There is no client 9'], ['123', noIssuer]]) {
    for (const response of [
      await read(`/clients/${clientId}/issuer`), await call('DELETE', `/clients/${clientId}/issuer`),
      await read(`/clients/${clientId}/issuer/state`),
      await call('PUT', `/clients/${clientId}/issuer/state`, { state: 'off' })
    ]) {
      t.equal(response.statusCode, 404)
      t.equal(response.json().detail, detail)
    }
  }
  for (const response of [
    await read('/clients/9/stand-in'), await call('PUT', '/clients/9/stand-in', {}),
    await call('PUT', '/clients/9/issuer', { url: URL })
  ]) {
    t.equal(response.statusCode, 404)
    t.equal(response.json().detail, 'There is no client 9')
  }
})

for (const [path, body, status, detail] of [
  ['stand-in', { mode: 'x' }, 400, /^mode must be equal to one of the allowed values: \["basic",/],
  ['stand-in', { stand_in_on: ['throttled'] }, 400, /^stand_in_on\[0\] must be equal to one of/],
  ['stand-in', { decline_code: '00' }, 400, /^decline_code must be/],
  ['stand-in', { manually: true }, 400, /^manually is not a known field$/],
  ['issuer', { url: 'ftp://x' }, 400, /^url must be an address that begins with http:\/\/ or https:\/\/$/],
  ['issuer', { url: URL, deadline_ms: 99 }, 400, /^deadline_ms must be from 100 to 30000$/],
  ['issuer', { url: URL, deadline_ms: 30_001 }, 400, /^deadline_ms must be from 100 to 30000$/],
  ['issuer', { url: URL, late_answer_ms: 120_001 }, 400, /^late_answer_ms must be from 0 to 120000$/],
  ['issuer', { url: URL, throttle: { failures: 0 } }, 400, /^throttle\.failures must be from 1 to 1000$/],
  ['issuer', { url: URL, header: { name: 'a b', value: 'x' } }, 400,
    /^header\.name must be the name of an HTTP header$/],
  ['issuer', { url: URL, header: { name: 'a', value: ' x' } }, 400, /^header\.value must be 1 to 1000 visible ASCII/],
  ['issuer', { url: 'http://[x' }, 422, /^url must be a URL such as/],
  ['issuer', { url: URL, passive_url: 'http://me@x' }, 422, /^passive_url must have no user and no password/],
  ['issuer', { url: URL, header: { name: 'HOST', value: null } }, 422, /^header must not be HOST, which the sandbox/],
  ['issuer', {}, 422, /^url is required, because the client has no issuer yet$/],
  ['issuer/state', {}, 400, /^state is required$/]
] as const) {
  t.test(`${path} does not take ${JSON.stringify(body)}`, async (t) => {
    const response = await service.call('PUT', `/clients/123/${path}`, body)
    t.equal(response.statusCode, status)
    t.match(response.json().detail, detail)
    t.equal((await service.read('/clients/123/issuer')).statusCode, 404)
    t.same((await service.read('/clients/123/stand-in')).json(), STAND_IN_DEFAULTS)
  })
}

/** The default that a description names. */
function documented (schema: { readonly description?: string }): string | undefined {
  return /Default: `?([\w ]+)/.exec(String(schema.description))?.[1]
}

t.test('the descriptions name the defaults that hold', async (t) => {
  const { mode, decline_code: code, manual, unaware_updates: unaware } = StandInChoice.properties
  t.same([mode, code, manual, unaware].map(documented), [
    STAND_IN_DEFAULTS.mode, STAND_IN_DEFAULTS.decline_code, String(STAND_IN_DEFAULTS.manual),
    STAND_IN_DEFAULTS.unaware_updates
  ])
  const { deadline_ms: deadline, late_answer_ms: late, throttle_on: on, throttle } = IssuerChange.properties
  const { failures, within_ms: within, for_ms: forMs } = throttle.properties
  t.same([deadline, late, on, failures, within, forMs].map(documented), [
    ISSUER_DEFAULTS.deadline_ms, ISSUER_DEFAULTS.late_answer_ms, ISSUER_DEFAULTS.throttle_on.join(),
    ...Object.values(ISSUER_DEFAULTS.throttle)
  ].map(String))
})

t.test('an issuer is where ISSUER_HOSTS allows it', async (t) => {
  const { call } = await makeService(t, undefined, { issuers: { hosts: new Set(['issuer.example']) } })
  t.equal((await call('PUT', '/clients/123/issuer', { url: 'https://issuer.example/fast' })).statusCode, 200)
  for (const body of [{ url: URL }, { passive_url: URL }]) {
    const response = await call('PUT', '/clients/123/issuer', body)
    t.equal(response.statusCode, 422)
    t.match(
      response.json().detail,
      /url must have a host that ISSUER_HOSTS allows: issuer\.example; it has "127\.0\.0\.1"/
    )
  }
})
