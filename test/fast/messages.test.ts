import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { PaymentThread } from '../../src/domain/payment.js'
import { FAST_AMOUNT_MAX } from '../../src/fast/fields.js'
import type { FastMessage } from '../../src/fast/message.js'
import { adviceMessage, passiveMessage, requestMessage, reversalAdviceMessage } from '../../src/fast/messages.js'
import { currency } from '../support/arbitraries.js'
import { faultsOf, kindsOf, type FastKind } from '../support/fast-schema.js'
import { anyThread, PAYMENT, THREAD } from '../support/payments.js'
import { holds } from '../support/property.js'

const LATER = { rid: 910_007n, originalRid: 910_001n, atMs: Date.UTC(2027, 1, 3, 14, 5, 11) }

/** One message of each kind about a payment. */
function messagesAbout (thread: PaymentThread, rid = 910_001n): Record<FastKind, FastMessage> {
  return {
    request: requestMessage(thread, rid),
    advice: adviceMessage(thread, { ...LATER, rid, de39: '00', reasonCode: '900' }),
    reversal: reversalAdviceMessage(thread, { ...LATER, rid, reason: 'issuer time-out' }),
    passive: passiveMessage(thread, { rid, de39: '00', processorReasonCode: '000' })
  }
}

t.test('a request has the five objects of the reference, member by member', async (t) => {
  t.strictSame(requestMessage(THREAD, 910_001n), {
    MESSAGE_TYPE: { Message_Type: '0100', Message_Desc: 'Authorisation Request' },
    SUMMARY: {
      TID: '7300000000000000042',
      RID: '910001',
      PID: '5',
      Client_Id: '123',
      Transaction_Date_Time: '03-02-2027 14:05:09',
      Network: 'MASTERCARD',
      Spend_Type: 'POS - Purchase',
      Spend_Location: 'HARBOUR GROCER          LEEDS         GB',
      Transaction_Amount: '18.40',
      Transaction_Currency: 'GBP',
      Billing_Amount: '2990.00',
      Billing_Currency: 'KES',
      Card_Use_Type: 'Contactless',
      Customer_Validation: 'No CVM + ARQC',
      Processor_Decision_Code: '00',
      Processor_Reason_Code: '000',
      Processor_Decision_Desc: 'Approve',
      Merchant_Category: '5411 - Grocery Stores',
      Account_Id: '1001',
      Customer_Ac: 'NIA-1',
      Total_Fee_Bill: '0.0'
    },
    PROCESSOR_VALIDATIONS: {
      Pan_Check: 'PASS',
      Pin_Check: 'NA',
      Expiry_Check: 'PASS',
      Track_Check: 'PASS',
      CVV_Type: '0',
      CVV_Check: 'NA',
      ARQC_Check: 'PASS',
      '3DS_Check': 'NA',
      Test_Matrix: '0',
      Test_Results: '0',
      Rules_Checked: 'small-pos,atm',
      Rules_Triggered: 'small-pos',
      Rules_Decision: '00'
    },
    ISO_MSG: {
      DE2: '12345',
      DE3_1: '00',
      DE3_2: '00',
      DE3_3: '00',
      DE4: '000000001840',
      DE5: '000000001840',
      DE6: '000000299000',
      DE7: '0203140509',
      DE10: '41625000',
      DE11: '000042',
      DE12: '140509',
      DE13: '0203',
      DE14: '2911',
      DE15: '0203',
      DE18: '5411',
      DE22_1: '07',
      DE37: '703414000042',
      DE41: 'TERM0007',
      DE42: 'HARBOUR00000007',
      DE43: 'HARBOUR GROCER          LEEDS         GB',
      DE48: {},
      DE49: '826',
      DE51: '404'
    },
    RULES: [
      { Rule_Id: 'small-pos', Rule_Name: 'Small purchases', Action: 'STIP', Triggered: 'true' },
      { Rule_Id: 'atm', Rule_Name: 'Cash at machines', Action: 'STIP', Triggered: 'false' }
    ]
  })
})

t.test('an advice repeats every member of its request, and tells the decision', async (t) => {
  const request = requestMessage(THREAD, 910_001n)
  t.strictSame(adviceMessage(THREAD, { ...LATER, de39: '00', reasonCode: '900' }), {
    ...request,
    MESSAGE_TYPE: { Message_Type: '0120', Message_Desc: 'Authorisation Advice' },
    SUMMARY: {
      ...request.SUMMARY,
      RID: '910007',
      original_RID: '910001',
      Transaction_Date_Time: '03-02-2027 14:05:11',
      Network: 'PPWR',
      Processor_Reason_Code: '900',
      Processor_Decision_Desc: 'Approve - Response Timed Out'
    },
    ISO_MSG: { ...request.ISO_MSG, DE7: '0203140511', DE39: '00' }
  })
})

for (const [de39, reasonCode, description] of [
  ['00', '900', 'Approve - Response Timed Out'],
  ['61', '900', 'Decline - Response Timed Out'],
  ['00', '930', 'Approve - Response Overriden'],
  ['05', '930', 'Decline - Response Overriden']
] as const) {
  t.test(`the decision ${de39} for reason ${reasonCode} is described as "${description}"`, async (t) => {
    const summary = {
      Processor_Decision_Code: de39, Processor_Reason_Code: reasonCode, Processor_Decision_Desc: description
    }
    t.match(adviceMessage(THREAD, { ...LATER, de39, reasonCode }), { SUMMARY: summary, ISO_MSG: { DE39: de39 } })
    const passive = passiveMessage(THREAD, { rid: 1n, de39, processorReasonCode: reasonCode })
    t.match(passive, { SUMMARY: summary, ISO_MSG: { DE39: de39 } })
  })
}

t.test('a reversal advice gives all of the amount back, and says why', async (t) => {
  const request = requestMessage(THREAD, 910_001n)
  t.strictSame(reversalAdviceMessage(THREAD, { ...LATER, reason: 'issuer time-out' }), {
    ...request,
    MESSAGE_TYPE: { Message_Type: '0420', Message_Desc: 'Reversal Advice' },
    SUMMARY: {
      ...request.SUMMARY,
      RID: '910007',
      original_RID: '910001',
      Transaction_Date_Time: '03-02-2027 14:05:11',
      Network: 'PPWR'
    },
    ISO_MSG: { ...request.ISO_MSG, DE7: '0203140511', DE60_1: 'issuer time-out' }
  })
})

t.test('the passive feed gets the request with the decision in it', async (t) => {
  const request = requestMessage(THREAD, 910_002n)
  const passive = passiveMessage(THREAD, { rid: 910_002n, de39: '51', processorReasonCode: '000' })
  t.strictSame(passive, { ...request, ISO_MSG: { ...request.ISO_MSG, DE39: '51' } })
})

t.test('a decline of the processor itself stands in the request', async (t) => {
  const { SUMMARY } = requestMessage({ ...THREAD, processorDecision: '82' }, 1n)
  t.match(SUMMARY, {
    Processor_Decision_Code: '82', Processor_Reason_Code: '000', Processor_Decision_Desc: 'Decline'
  })
})

t.test('single-message networks and pre-authorisations have their own words', async (t) => {
  const about = (payment: Partial<PaymentThread['payment']>): FastMessage =>
    requestMessage({ ...THREAD, payment: { ...PAYMENT, ...payment } }, 1n)
  t.match(about({ messageType: '0200', kind: 'withdrawal', channel: 'atm' }), {
    MESSAGE_TYPE: { Message_Type: '0200', Message_Desc: 'Financial Request' },
    SUMMARY: { Spend_Type: 'ATM - Withdrawal' },
    ISO_MSG: { DE3_1: '01', DE61_7: undefined }
  })
  t.match(about({ kind: 'pre_authorization' }), {
    MESSAGE_TYPE: { Message_Desc: 'Pre-Authorisation Request' }, ISO_MSG: { DE3_1: '00', DE61_7: '4' }
  })
  t.match(about({ kind: 'refund' }), { ISO_MSG: { DE3_1: '20' } })
})

t.test('checks tell how the cardholder was verified', async (t) => {
  const about = (payment: Partial<PaymentThread['payment']>): FastMessage =>
    requestMessage({ ...THREAD, payment: { ...PAYMENT, ...payment } }, 1n)
  const checks = { ...PAYMENT.checks, arqc: 'NA', cvv: 'FAIL', three_ds: 'PASS' } as const
  t.match(about({ entryMode: 'ecommerce', checks }), {
    SUMMARY: { Card_Use_Type: 'E-Commerce', Customer_Validation: 'No CVM + CVV + 3DS' },
    PROCESSOR_VALIDATIONS: { CVV_Type: '2', CVV_Check: 'FAIL', '3DS_Check': 'PASS' },
    ISO_MSG: { DE22_1: '81' }
  })
  t.match(about({ entryMode: 'magnetic_stripe', checks: { ...checks, pin: 'PASS' } }), {
    SUMMARY: { Customer_Validation: 'PIN + CVV + 3DS' }, PROCESSOR_VALIDATIONS: { CVV_Type: '1', Pin_Check: 'PASS' }
  })
})

t.test('members without a value are empty or absent', async (t) => {
  const message = requestMessage({ ...THREAD, externalReference: undefined, cardExpiry: undefined, rules: [] }, 1n)
  t.equal(message.SUMMARY.Customer_Ac, '')
  t.notOk('DE14' in message.ISO_MSG)
  t.match(message.PROCESSOR_VALIDATIONS, { Rules_Checked: '', Rules_Triggered: '' })
  t.strictSame(message.RULES, [])
})

t.test('an amount with more than twelve digits is refused, never cut', async (t) => {
  const about = (amount: bigint): FastMessage =>
    requestMessage({ ...THREAD, billing: { amount, currency: currency('392') } }, 1n)
  t.equal(about(FAST_AMOUNT_MAX).ISO_MSG.DE6, '999999999999')
  for (const amount of [FAST_AMOUNT_MAX + 1n, -1n]) {
    t.throws(() => about(amount), {
      name: 'RangeError', message: `FAST carries amounts from 0 to 999999999999 minor units, and not ${amount}`
    })
  }
})

t.test('every message is valid by the strict schema, and of its own kind only', async (t) => {
  holds(t, fc.property(anyThread, fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (thread, rid) => {
    for (const [kind, message] of Object.entries(messagesAbout(thread, rid))) {
      const sent: unknown = JSON.parse(JSON.stringify(message))
      assert.deepEqual(faultsOf(kind as FastKind, sent), [])
      assert.deepEqual(kindsOf(sent), [kind])
    }
  }))
})

/** Every value of a message that is neither an object nor a list. */
function valuesOf (value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesOf) : [value]
}

t.test('every value is a string, and numbers keep each digit and each leading zero', async (t) => {
  holds(t, fc.property(anyThread, fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (thread, rid) => {
    for (const message of Object.values(messagesAbout(thread, rid))) {
      const sent = JSON.parse(JSON.stringify(message)) as FastMessage
      assert.ok(valuesOf(sent).every((value) => typeof value === 'string'))
      const { SUMMARY, ISO_MSG } = sent
      const { payment, billing } = thread
      const found = [
        BigInt(SUMMARY.TID), BigInt(SUMMARY.RID), BigInt(SUMMARY.Account_Id), BigInt(ISO_MSG.DE2), BigInt(ISO_MSG.DE4),
        BigInt(ISO_MSG.DE5), BigInt(ISO_MSG.DE6), ISO_MSG.DE18, ISO_MSG.DE49, ISO_MSG.DE51
      ]
      assert.deepEqual(found, [
        thread.tid, rid, thread.accountId, payment.token, payment.amount, payment.amount, billing.amount,
        payment.merchant.category, payment.currency.numericCode, billing.currency.numericCode
      ])
    }
  }))
})

t.test('a message with a member more, a member less or a number is not valid', async (t) => {
  const sent = JSON.parse(JSON.stringify(requestMessage(THREAD, 1n))) as Record<string, Record<string, unknown>>
  t.same(kindsOf(sent), ['request'])
  for (const [name, object] of Object.entries(sent)) {
    t.same(kindsOf({ ...sent, [name]: { ...object, Own: 'x' } }), [], `${name} takes no member of our own`)
    t.same(kindsOf({ ...sent, [name]: undefined }), [], `${name} is required`)
  }
  t.same(kindsOf({ ...sent, HEADER: {} }), [])
  t.same(kindsOf({ ...sent, SUMMARY: { ...sent['SUMMARY'], TID: 42 } }), [])
  t.match(faultsOf('request', { ...sent, HEADER: {} }).join(), /must NOT have additional properties/)
})
