import fc from 'fast-check'
import t from 'tap'
import { Faults } from '../../src/domain/faults.js'
import { differencesOf, readNewAccounts, type NewAccount } from '../../src/domain/new-account.js'
import { currency } from '../support/arbitraries.js'
import { holds } from '../support/property.js'

const few = { min: 0n, max: 1n } as const

const anyAccount: fc.Arbitrary<NewAccount> = fc.record({
  clientId: fc.constantFrom(1, 2),
  accountId: fc.constant(1n),
  currency: fc.constantFrom(currency('404'), currency('840')),
  externalReference: fc.constantFrom(undefined, 'WALLET-1'),
  balances: fc.record({ actual: fc.bigInt(few), blocked: fc.bigInt(few) }),
  cards: fc.uniqueArray(fc.record({
    token: fc.constantFrom(1n, 2n),
    state: fc.constantFrom('active', 'lost'),
    expiry: fc.constantFrom(undefined, '2029-11')
  }), { selector: ({ token }) => token })
})

/** What makes two accounts the same, as one text. */
const essence = ({ clientId, currency, externalReference, balances, cards }: NewAccount): string =>
  [
    clientId, currency.numericCode, externalReference, balances.actual, balances.blocked,
    ...cards.map(({ token, state, expiry }) => `${token}:${state}:${expiry}`).toSorted()
  ].join(' ')

t.test('two accounts differ in nothing when and only when they are the same, whichever is asked about', async (t) => {
  holds(t, fc.property(anyAccount, anyAccount, (one, other) =>
    (differencesOf(one, other).length === 0) === (essence(one) === essence(other)) &&
      differencesOf(one, other).join() === differencesOf(other, one).join()), { numRuns: 1000 })
})

t.test('faults of accounts have the place in the list, and those of other lists are kept', async (t) => {
  const faults = new Faults()
  faults.add('clients[0]', 'is wrong')
  readNewAccounts(
    [{ client_id: 1, account_id: '1', currency: '000', actual_balance: '1', blocked_balance: '1' }], faults
  )
  t.same(faults.found, [
    'clients[0] is wrong',
    'accounts[0].currency is 000, which is no current ISO 4217 currency with a minor unit'
  ])
})
