import t from 'tap'
import { RULE_EXAMPLE } from '../../../schemas/stand-in-rule.js'
import { everythingIn } from '../../support/database.js'
import { makeService, NO_FILE } from '../../support/service.js'

const RULES = '/stand-in/rules'

/** Serves all tests that change nothing. */
const service = await makeService(t)

t.test('a rule is created, read, replaced and deleted', async (t) => {
  const { call, read } = await makeService(t)
  const created = await call('POST', RULES, RULE_EXAMPLE)
  t.equal(created.statusCode, 201)
  t.same(created.json(), RULE_EXAMPLE)
  t.same((await read(`${RULES}/small-pos`)).json(), RULE_EXAMPLE)

  const replaced = await call('PUT', `${RULES}/small-pos`, { rule_id: 'small-pos', client_id: 123 })
  t.equal(replaced.statusCode, 200)
  t.match(replaced.json(), { name: 'small-pos', priority: 100, active: true, limits: {}, counts: { per: 'token' } })
  t.same((await read(`${RULES}/small-pos`)).json(), replaced.json())
  t.equal((await call('PUT', `${RULES}/atm`, { rule_id: 'atm', client_id: 123 })).statusCode, 201)

  t.same((await call('DELETE', `${RULES}/small-pos`)).json(), replaced.json())
  for (const gone of [await read(`${RULES}/small-pos`), await call('DELETE', `${RULES}/small-pos`)]) {
    t.match([gone.statusCode, gone.json()], [404, { detail: 'There is no rule small-pos' }])
  }
})

t.test('a dry run tells the same and writes nothing', { skip: NO_FILE }, async (t) => {
  const { call, databasePath } = await makeService(t)
  await call('POST', RULES, RULE_EXAMPLE)
  const before = everythingIn(databasePath)
  for (const [method, path, body, status] of [
    ['POST', RULES, { ...RULE_EXAMPLE, rule_id: 'another' }, 201],
    ['PUT', `${RULES}/small-pos`, { ...RULE_EXAMPLE, name: 'Another' }, 200],
    ['DELETE', `${RULES}/small-pos`, undefined, 200],
    ['POST', '/stand-in/presets/visa-like?client_id=123', undefined, 201]
  ] as const) {
    const response = await call(method, `${path}${path.includes('?') ? '&' : '?'}dry_run=true`, body)
    t.match([response.statusCode, response.headers['dry-run']], [status, 'true'], `${method} ${path}`)
  }
  t.same(everythingIn(databasePath), before)
})

t.test('an identifier belongs to one rule of one client, and the owner is named', async (t) => {
  const { call } = await makeService(t)
  await call('POST', RULES, RULE_EXAMPLE)
  const taken = [409, { detail: 'There is a rule small-pos already, of client 123' }]
  for (const response of [
    await call('POST', RULES, RULE_EXAMPLE), await call('POST', RULES, { ...RULE_EXAMPLE, client_id: 456 }),
    await call('PUT', `${RULES}/small-pos`, { ...RULE_EXAMPLE, client_id: 456 })
  ]) t.match([response.statusCode, response.json()], taken)
})

t.test('a client has at most 100 rules, and replacing one goes on', async (t) => {
  const { call } = await makeService(t)
  const put = async (number: number) =>
    await call('PUT', `${RULES}/r${number}`, { rule_id: `r${number}`, client_id: 123, priority: number })
  for (let number = 1; number <= 100; number += 1) t.equal((await put(number)).statusCode, 201)
  const refused = await put(101)
  t.equal(refused.statusCode, 409)
  t.equal(refused.json().detail, 'Client 123 may have at most 100 rules. Delete one first')
  t.equal((await call('POST', RULES, { ...RULE_EXAMPLE, client_id: 456 })).statusCode, 201)
  t.equal((await put(100)).statusCode, 200)
  await call('DELETE', `${RULES}/r1`)
  t.equal((await put(101)).statusCode, 201)
})

t.test('rules are listed by client, priority and identifier, page by page', async (t) => {
  const { call, read } = await makeService(t)
  for (const [ruleId, clientId, priority] of [
    ['b', 456, 1], ['e', 123, 20], ['d', 123, 100], ['c', 123, 3], ['a', 123, 20], ['B', 123, 20]
  ] as const) {
    await call('POST', RULES, { rule_id: ruleId, client_id: clientId, priority })
  }
  const idsOf = async (query: string, cursor?: string): Promise<string> => {
    const page = (await read(`${RULES}?${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`)).json()
    const others = page.next_cursor === null ? '' : await idsOf(query, page.next_cursor)
    return `${page.rules.map((rule: { rule_id: string }) => rule.rule_id).join('')}${others}`
  }
  for (const limit of ['limit=1', 'limit=2', 'limit=3', 'limit=1000']) {
    t.equal(await idsOf(limit), 'cBaedb', limit)
    t.equal(await idsOf(`${limit}&client_id=123`), 'cBaed', limit)
    t.equal(await idsOf(`${limit}&client_id=9`), '', limit)
  }
})

t.test('a cursor that no page has given is refused', async (t) => {
  for (const cursor of ['x', Buffer.from('1 2').toString('base64url')]) {
    const response = await service.read(`${RULES}?cursor=${cursor}`)
    t.match([response.statusCode, response.json()], [400, { detail: /^cursor is none that a page of this list/ }])
  }
})

for (const [what, changes, status, detail] of [
  ['an unknown spend type', { when: { spend_types: ['POS - Purchases'] } }, 400,
    /^when\.spend_types\[0\] must be equal/],
  ['a country in words', { when: { countries: ['Kenya'] } }, 400, /^when\.countries\[0\] must be an ISO 3166-1 code/],
  ['a misspelt limit', { limits: { ammount: { max: '1' } } }, 400, /^limits\.ammount is not a known field/],
  ['a comma in its identifier', { rule_id: 'a,b' }, 400, /^rule_id must be 1 to 50 letters/],
  ['a window in words', { limits: { count: { max: 1, window: 'a day' } } }, 400, /^limits\.count\.window must be day/],
  ['a window of a month', { limits: { count: { max: 1, window: 'P1M' } } }, 422, /^limits\.count\.window must be day/],
  ['no currency', { limits: { amount: { max: '1.00' } } }, 422, /^limits\.currency is missing/],
  ['a range that ends first', { when: { merchant_categories: ['9-1'] } }, 400,
    /^when\.merchant_categories\[0\] must be/],
  ['a client that there is not', { client_id: 9 }, 409, /^client_id is 9, and there is no such client/]
] as const) {
  t.test(`a rule with ${what} is refused with its place`, async (t) => {
    const response = await service.call('POST', RULES, { ...RULE_EXAMPLE, ...changes })
    t.match([response.statusCode, response.json()], [status, { detail }])
  })
}

t.test('a rule is not put under another address', async (t) => {
  const response = await service.call('PUT', `${RULES}/other`, RULE_EXAMPLE)
  t.match([response.statusCode, response.json()], [
    422, { detail: /^rule_id is small-pos, and the address names other/ }
  ])
})

t.test('a preset makes the rules of a client, in the currency of its first account, all or none', async (t) => {
  const { call, read } = await makeService(t)
  const { presets } = (await read('/stand-in/presets')).json()
  t.same(presets.map(({ name }: { name: string }) => name), ['visa-like', 'paymentology-example'])
  for (const { name } of presets) {
    const response = await call('POST', `/stand-in/presets/${name}?client_id=123`)
    t.equal(response.statusCode, 201)
    // Account 1002 is kept in US dollars.
    for (const rule of response.json().rules) {
      t.match(rule, { rule_id: /-123$/, client_id: 123, limits: { currency: '840' } })
    }
  }
  t.equal((await read(`${RULES}?client_id=123`)).json().rules.length, 3)
  const again = await call('POST', '/stand-in/presets/visa-like?client_id=123')
  t.match(again.json(), { status: 409, detail: 'There is a rule visa-purchase-123 already, of client 123' })

  const yen = await call('POST', '/stand-in/presets/visa-like?client_id=456&currency=jpy')
  t.match(yen.json().rules, [
    { rule_id: 'visa-purchase-456', limits: { currency: '392', amount: { max: '200' } } }, { rule_id: 'visa-cash-456' }
  ])
})

for (const [query, status, detail] of [
  ['client_id=9', 422, 'currency is missing, and client 9 has no account to take it from'],
  ['client_id=123&currency=XXX', 422, /^currency is XXX, which is no current ISO 4217 currency/],
  ['client_id=9&currency=EUR', 409, 'client_id is 9, and there is no such client'],
  ['currency=EUR', 400, /client_id/]
] as const) {
  t.test(`a preset is refused for ${query}`, async (t) => {
    const response = await service.call('POST', `/stand-in/presets/visa-like?${query}`)
    t.match([response.statusCode, response.json()], [status, { detail }])
  })
}
