import t from 'tap'
import { makeService, NOW } from '../../support/service.js'

t.test('an issuer is made, shown in full, listed by name, and removed', async (t) => {
  const { call, read } = await makeService(t)
  t.same((await read('/issuers')).json(), { issuers: [] })
  const made = await call('PUT', '/issuers/main', {})
  t.equal(made.statusCode, 200)
  const main = {
    name: 'main',
    path: '/issuer/main',
    definition: { default: { behaviour: 'approve' }, rules: [], script: [], ledger: [] },
    hits: { requests: 0, advices: 0, script: 0, default: 0, rules: [] },
    waiting: 0,
    last_request_at: null
  }
  t.same(made.json(), main)
  const definition = {
    default: { behaviour: 'ledger', shadow: 'stale', delay_ms: 5 },
    rules: [{ when: { tokens: ['5'], until: NOW.toISOString(), probability: 50 }, then: { behaviour: 'drop' } }],
    script: [{ behaviour: 'decline', code: '51' }],
    advices: { behaviour: 'status', status: 500 },
    ledger: [{ token: '5', currency: '404', actual_balance: '1.00', blocked_balance: '0.00' }]
  }
  t.same((await call('PUT', '/issuers/a', definition)).json().definition, definition)
  t.same((await call('PUT', '/issuers/b')).statusCode, 200)
  t.match((await read('/issuers')).json(), { issuers: [{ name: 'a', definition }, { name: 'b' }, main] })
  t.same((await call('DELETE', '/issuers/main')).json(), main)
  t.equal((await read('/issuers/main')).statusCode, 404)
})

t.test('where there is no issuer, the answer says how to make one', async (t) => {
  const { call, read } = await makeService(t)
  for (const response of [
    await read('/issuers/main'), await call('PUT', '/issuers/main/script', { steps: [] }),
    await call('POST', '/issuers/main/reset'), await call('DELETE', '/issuers/main')
  ]) {
    t.equal(response.statusCode, 404)
    t.equal(response.json().detail, 'There is no built-in issuer main. Make it with PUT /sandbox/v1/issuers/main')
  }
})

for (const [path, body, status, detail] of [
  ['MAIN', {}, 400, /^name must be 1 to 50 small letters/],
  ['main', { default: { behaviour: 'x' } }, 400, /^default\.behaviour must be equal to one of the allowed/],
  ['main', { default: { behaviour: 'decline', code: '5' } }, 400, /^default\.code must be a code \(DE39\)/],
  ['main', { default: { behaviour: 'approve', delay_ms: 120_001 } }, 400,
    /^default\.delay_ms must be from 0 to 120000$/],
  ['main', { rules: [{ when: { probability: 0 }, then: { behaviour: 'drop' } }] }, 400,
    /probability must be from 1 to 100/],
  ['main', { advices: { behaviour: 'approve' } }, 400, /^advices\.behaviour must be/],
  ['main', { default: { behaviour: 'approve', code: '51' } }, 422, /^default\.code does not belong to the behaviour/],
  ['main/script', { steps: [{ behaviour: 'drop', code: '51' }] }, 422, /^steps\[0\]\.code does not belong to/]
] as const) {
  t.test(`an issuer is not set by ${JSON.stringify(body)}`, async (t) => {
    const { call, read } = await makeService(t)
    const response = await call('PUT', `/issuers/${path}`, body)
    t.equal(response.statusCode, status)
    t.match(response.json().detail, detail)
    t.same((await read('/issuers')).json(), { issuers: [] })
  })
}

t.test('a process has at most a hundred issuers', async (t) => {
  const { call } = await makeService(t)
  for (let number = 0; number < 100; number += 1) await call('PUT', `/issuers/i${number}`, {})
  t.match((await call('PUT', '/issuers/main', {})).json(), {
    status: 409, detail: 'There are 100 built-in issuers. Delete one first'
  })
  t.equal((await call('PUT', '/issuers/i5', {})).statusCode, 200)
})
