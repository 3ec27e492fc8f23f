import t from 'tap'
import { Faults } from '../../src/domain/faults.js'
import { fingerprintOfPayment, readPayment, type PaymentDocument } from '../../src/domain/new-payment.js'
import { PAYMENT_KINDS, type Payment } from '../../src/domain/payment.js'

const DOCUMENT: PaymentDocument = { token: '12345', amount: '18.40', currency: 'GBP' }

function read (document: Partial<PaymentDocument>): Payment {
  return readPayment({ ...DOCUMENT, ...document }, new Faults()) as Payment
}

function faultsOf (document: Partial<PaymentDocument>): readonly string[] {
  const faults = new Faults()
  t.equal(readPayment({ ...DOCUMENT, ...document }, faults), undefined)
  return faults.found
}

t.test('what a payment does not say has a default', async (t) => {
  t.match(read({}), {
    token: 12345n,
    amount: 1840n,
    currency: { numericCode: '826' },
    kind: 'purchase',
    messageType: '0100',
    channel: 'pos',
    entryMode: 'contactless',
    merchant: { name: 'TEST MERCHANT', country: 'GB', category: '5999', terminalId: 'TERM0001' },
    checks: { pin: 'NA', three_ds: 'NA' },
    processorDecision: undefined,
    partialApprovalCapable: false
  })
  t.match(read({ processor_decision: null, merchant: { city: 'LEEDS' }, checks: { pin: 'PASS' } }), {
    processorDecision: undefined, merchant: { city: 'LEEDS', country: 'GB' }, checks: { pin: 'PASS', cvv: 'NA' }
  })
})

t.test('what a payment cannot mean is refused with its place', async (t) => {
  t.strictSame(faultsOf({ currency: 'ZZZ' }),
    ['currency is ZZZ, which is no current ISO 4217 currency with a minor unit'])
  t.strictSame(faultsOf({ amount: '18.401' }), ['amount has more decimals than GBP has (2)'])
  t.strictSame(faultsOf({ amount: '-1' }),
    ['amount must not be negative. A payment that gives money has the kind refund'])
  t.strictSame(faultsOf({ amount: '10000000000.00' }),
    ['amount must have at most 12 digits in minor units of GBP (ISO 8583, DE4)'])
  t.strictSame(faultsOf({ token: '9223372036854775808' }), ['token must be at most 9223372036854775807'])
  t.equal(read({ amount: '9999999999.99' }).amount, 999_999_999_999n)
})

t.test('a payment that only asks has the amount 0', async (t) => {
  for (const kind of PAYMENT_KINDS) {
    if (kind === 'account_check' || kind === 'balance_inquiry') {
      t.strictSame(faultsOf({ kind, amount: '0.01' }), [`amount must be 0: the kind ${kind} moves no money`])
    } else t.match(read({ kind, amount: '0.01' }), { kind, amount: 1n })
    t.match(read({ kind, amount: '0.00' }), { kind, amount: 0n })
  }
})

t.test('payments that mean the same have the same fingerprint, and others another', async (t) => {
  const print = (document: Partial<PaymentDocument>): string => fingerprintOfPayment(read(document)).toString('hex')
  t.equal(print({}), print({ amount: '18.4', currency: '826', channel: 'pos' }))
  const others: Array<Partial<PaymentDocument>> = [
    {}, { token: '1' }, { amount: '18.41' }, { currency: 'EUR' }, { kind: 'refund' }, { message_type: '0200' },
    { channel: 'ecom' }, { entry_mode: 'chip' }, { merchant: { name: 'X' } }, { merchant: { city: 'X' } },
    { merchant: { country: 'KE' } }, { merchant: { category: '5411' } }, { merchant: { merchant_id: 'X' } },
    { merchant: { terminal_id: 'X' } }, { checks: { pin: 'PASS' } }, { checks: { cvv: 'PASS' } },
    { checks: { arqc: 'PASS' } }, { checks: { expiry: 'PASS' } }, { checks: { track: 'PASS' } },
    { checks: { three_ds: 'PASS' } }, { processor_decision: '05' }, { partial_approval_capable: true }
  ]
  t.equal(new Set(others.map(print)).size, others.length)
})
