import t from 'tap'
import type { ShadowBalance } from '../../src/domain/issuer-outcome.js'
import { statedBalance } from '../../src/domain/shadow.js'
import { currency, decimal } from '../support/arbitraries.js'

function balance (code: string, actual = '1'): ShadowBalance {
  return { actual: decimal(actual), blocked: decimal('0'), currency: code }
}

const KES = currency('404')

t.test('the balances in the account\'s currency are meant, or else the only ones', async (t) => {
  for (const code of ['404', 'KES']) {
    const own = balance(code)
    t.equal(statedBalance({ kind: 'balances', balances: [balance('840'), own, balance('978')] }, KES), own)
  }
  const dollars = balance('USD')
  t.equal(statedBalance({ kind: 'balances', balances: [dollars] }, KES), dollars)
})

t.test('where more than one could be meant, none is', async (t) => {
  for (const [balances, counted] of [
    [[balance('404'), balance('KES', '2')], '2 of 2'], [[balance('840'), balance('978')], '0 of 2']
  ] as const) {
    t.equal(statedBalance({ kind: 'balances', balances }, KES),
      `SHADOW.balances must have one balance in KES, or one balance in all; it has ${counted}`)
  }
})

t.test('what cannot be read states nothing', async (t) => {
  t.equal(statedBalance({ kind: 'unreadable', reason: 'SHADOW must be an object' }, KES), 'SHADOW must be an object')
})
