import fc from 'fast-check'
import t from 'tap'
import { readThread, writeThread } from '../../src/domain/payment-thread.js'
import { PAYMENT_KINDS, CHANNELS, SPEND_TYPES, spendTypeOf } from '../../src/domain/payment.js'
import { currency } from '../support/arbitraries.js'
import { anyThread } from '../support/payments.js'

t.test('a stored thread is read as it was written', async (t) => {
  fc.assert(fc.property(anyThread, (thread) => { t.same(readThread(writeThread(thread), currency), thread) }),
    { numRuns: 50 })
})

t.test('each kind in each channel has a spend type of its own', async (t) => {
  t.equal(spendTypeOf({ channel: 'pos', kind: 'purchase' }), 'POS - Purchase')
  t.equal(new Set(SPEND_TYPES).size, PAYMENT_KINDS.length * CHANNELS.length)
})
