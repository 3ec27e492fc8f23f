import fc from 'fast-check'
import {
  CHANNELS, CHECK_NAMES, ENTRY_MODES, MESSAGE_TYPES, PAYMENT_KINDS, type CheckName, type CheckResult, type Payment,
  type PaymentThread
} from '../../src/domain/payment.js'
import { FAST_AMOUNT_MAX } from '../../src/fast/fields.js'
import { anyCharacter, anyCurrency, currency } from './arbitraries.js'

/** A payment of 18.40 GBP by a card of a KES account. */
export const PAYMENT: Payment = {
  token: 12345n,
  amount: 1840n,
  currency: currency('826'),
  kind: 'purchase',
  messageType: '0100',
  channel: 'pos',
  entryMode: 'contactless',
  merchant: {
    name: 'HARBOUR GROCER',
    city: 'LEEDS',
    country: 'GB',
    category: '5411',
    merchantId: 'HARBOUR00000007',
    terminalId: 'TERM0007'
  },
  checks: { pin: 'NA', cvv: 'NA', arqc: 'PASS', expiry: 'PASS', track: 'PASS', three_ds: 'NA' },
  processorDecision: undefined,
  partialApprovalCapable: false
}

/** The thread of {@link PAYMENT}. */
export const THREAD: PaymentThread = {
  tid: 7_300_000_000_000_000_042n,
  clientId: 123,
  receivedAtMs: Date.UTC(2027, 1, 3, 14, 5, 9),
  payment: PAYMENT,
  accountId: 1001n,
  externalReference: 'NIA-1',
  billing: { amount: 299_000n, currency: currency('404') },
  cardExpiry: '2029-11',
  processorDecision: '00',
  rules: [
    { ruleId: 'small-pos', name: 'Small purchases', triggered: true },
    { ruleId: 'atm', name: 'Cash at machines', triggered: false }
  ]
}

const someDigits = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })

const int64 = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })
const amount = fc.bigInt({ min: 0n, max: FAST_AMOUNT_MAX })
const anyText = fc.string({ unit: anyCharacter, maxLength: 60 })
const anyCheck = fc.constantFrom<CheckResult[]>('PASS', 'FAIL', 'NA')
const decision = fc.constantFrom('00', '05', '14', '82', 'N7')

const anyPayment: fc.Arbitrary<Payment> = fc.record({
  token: int64,
  amount,
  currency: anyCurrency,
  kind: fc.constantFrom(...PAYMENT_KINDS),
  messageType: fc.constantFrom(...MESSAGE_TYPES),
  channel: fc.constantFrom(...CHANNELS),
  entryMode: fc.constantFrom(...ENTRY_MODES),
  merchant: fc.record({
    name: anyText,
    city: anyText,
    country: fc.constantFrom('GB', 'KE'),
    category: fc.oneof(fc.constantFrom('5411', '0763'), someDigits(4)),
    merchantId: anyText,
    terminalId: anyText
  }),
  checks: fc.record(Object.fromEntries(CHECK_NAMES.map((name) => [name, anyCheck])) as
    Record<CheckName, fc.Arbitrary<CheckResult>>),
  processorDecision: fc.option(decision, { nil: undefined }),
  partialApprovalCapable: fc.boolean()
})

/** Any payment that the API would take, with amounts that FAST can carry. */
export const anyThread: fc.Arbitrary<PaymentThread> = fc.record({
  tid: int64,
  clientId: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  receivedAtMs: fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2099, 11, 31) }),
  payment: anyPayment,
  accountId: int64,
  externalReference: fc.option(anyText, { nil: undefined }),
  billing: fc.record({ amount, currency: anyCurrency }),
  cardExpiry: fc.option(fc.constantFrom('2029-11', '2030-01'), { nil: undefined }),
  processorDecision: decision,
  rules: fc.array(fc.record({
    ruleId: fc.constantFrom('small-pos', 'atm', '007'), name: anyText, triggered: fc.boolean()
  }), { maxLength: 4 })
})
