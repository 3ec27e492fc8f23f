import t from 'tap'
import { Faults } from '../../src/domain/faults.js'
import { checkDefinition, type LedgerDocument } from '../../src/issuer/definition.js'
import { Ledger } from '../../src/issuer/ledger.js'
import { readMessage } from '../../src/issuer/message.js'
import { fastMessage } from '../support/built-in-issuer.js'

const CARD: LedgerDocument = { token: '12345', currency: 'KES', actual_balance: '3000.00', blocked_balance: '5.00' }

function makeLedger (card = CARD) {
  const ledger = new Ledger(checkDefinition({ ledger: [card] }, new Faults()))
  return {
    ledger,
    balances: () => ledger.entries.map((entry) => `${entry.actual_balance} ${entry.blocked_balance}`).join(),
    apply: (type: string, summary = {}, iso = {}, isApproved = true) =>
      ledger.apply(readMessage(fastMessage(type, summary, iso)), isApproved)
  }
}

t.test('the books decide: no card, no money, another currency', async (t) => {
  const { ledger } = makeLedger()
  const decide = (summary = {}, iso = {}, type = '0100'): string =>
    ledger.decide(readMessage(fastMessage(type, summary, iso)))
  t.equal(decide({ Billing_Amount: '2995.00' }), '00')
  t.equal(decide({ Billing_Amount: '2995.01' }), '51')
  t.equal(decide({ Billing_Amount: '9999.00' }, { DE3_1: '20' }), '00', 'a refund needs no money')
  t.equal(decide({}, { DE2: '7' }), '14')
  for (const summary of [
    { Billing_Currency: 'EUR' }, { Billing_Amount: 'NA' }, { Billing_Amount: '1.001' }, { Billing_Amount: '-1' }
  ]) t.equal(decide(summary), '96')
  t.equal(decide({ Billing_Amount: 'NA' }, {}, '0400'), '00')
})

t.test('an approval is booked once, posted at once by 0200, and given back by a reversal', async (t) => {
  const { apply, balances } = makeLedger()
  apply('0100')
  t.equal(balances(), '3000.00 2995.00')
  apply('0100')
  t.equal(balances(), '3000.00 2995.00', 'the same message again')
  apply('0200', { RID: '2', Billing_Amount: '1.00' })
  t.equal(balances(), '2999.00 2995.00')
  apply('0400', { RID: '3', original_RID: '910001', Billing_Amount: '90.00' })
  t.equal(balances(), '2999.00 2905.00')
  apply('0400', { RID: '3', original_RID: '910001', Billing_Amount: '90.00' })
  t.equal(balances(), '2999.00 2905.00', 'the same reversal again')
  apply('0420', { RID: '4', original_RID: '910001', Billing_Amount: '9990.00' })
  t.equal(balances(), '2999.00 5.00', 'never more than was booked')
  apply('0400', { RID: '5', original_RID: '2', Billing_Amount: '1.00' })
  apply('0400', { RID: '6', original_RID: 'unknown' })
  t.equal(balances(), '3000.00 5.00')
})

t.test('declines, refunds and unknown cards change nothing', async (t) => {
  const { apply, balances } = makeLedger()
  apply('0100', {}, {}, false)
  apply('0100', {}, { DE3_1: '20' })
  apply('0100', { Billing_Currency: 'EUR' })
  t.equal(apply('0100', {}, { DE2: '7' }), undefined)
  t.equal(balances(), '3000.00 5.00')
})

t.test('an advice books what stand-in approved, unless it is booked, and takes back what it declined', async (t) => {
  const { apply, balances } = makeLedger()
  apply('0120', { RID: '2', original_RID: '1' })
  t.equal(balances(), '3000.00 2995.00')
  apply('0120', { RID: '3', original_RID: '1' })
  t.equal(balances(), '3000.00 2995.00', 'the issuer had booked the message that it answered too late')
  apply('0120', { RID: '4', original_RID: '1', Processor_Decision_Code: '05' })
  t.equal(balances(), '3000.00 5.00')
})

t.test('the passive feed books nothing, and no message that is neither asked nor advised does', async (t) => {
  const { apply, balances } = makeLedger()
  apply('0100')
  for (const [type, code] of [['0100', '00'], ['0200', '00'], ['0100', '51']] as const) {
    apply(type, { RID: `copy of ${type} with ${code}` }, { DE39: code })
  }
  apply('0400', { RID: '2', original_RID: '910001', Billing_Amount: '1.00' }, { DE39: '00' })
  apply('', { RID: '3' })
  t.equal(balances(), '3000.00 2995.00')
})

t.test('an advice that comes again behind a reset finds nothing booked', async (t) => {
  const { ledger, apply, balances } = makeLedger()
  const cards = checkDefinition({ ledger: [CARD] }, new Faults())
  apply('0100', { RID: '1' })
  ledger.reset(cards)
  apply('0120', { RID: '2', original_RID: '1', Processor_Decision_Code: '05' })
  t.equal(balances(), '3000.00 5.00')
  apply('0120', { RID: '3', original_RID: '1' })
  apply('0420', { RID: '4', original_RID: '1' })
  t.equal(balances(), '3000.00 5.00')
  ledger.reset(cards)
  apply('0120', { RID: '3', original_RID: '1' })
  t.equal(balances(), '3000.00 2995.00', 'an approval is booked again')
})

t.test('a card keeps its bookings where its balances are set as they are, and loses them otherwise', async (t) => {
  for (const [set, before, after] of [
    [{}, '3000.00 2995.00', '3000.00 5.00'],
    [{ blocked_balance: '1.00' }, '3000.00 1.00', '3000.00 1.00'],
    [{ actual_balance: '3000.01' }, '3000.01 2995.00', '3000.01 2995.00'],
    [{ currency: 'EUR' }, '3000.00 2995.00', '3000.00 2995.00']
  ] as const) {
    const { ledger, apply, balances } = makeLedger()
    apply('0100', { RID: '1' })
    const [entry] = ledger.entries
    ledger.replace(checkDefinition({ ledger: [{ ...CARD, ...entry, ...set }] }, new Faults()))
    t.equal(balances(), before)
    apply('0120', { RID: '2', original_RID: '1', Processor_Decision_Code: '05' })
    t.equal(balances(), after, JSON.stringify(set))
  }
})

t.test('what is booked for a card that is there no more is let go, and old bookings are forgotten', async (t) => {
  const { ledger, apply, balances } = makeLedger({ ...CARD, actual_balance: '0.00', blocked_balance: '0.00' })
  apply('0100', { RID: 'first', Billing_Amount: '1.00' })
  for (let rid = 0; rid < 10_000; rid += 1) apply('0100', { RID: `r${rid}`, Billing_Amount: '0.00' })
  apply('0400', { original_RID: 'first' })
  t.equal(balances(), '0.00 1.00')
  apply('0100', { RID: 'last', Billing_Amount: '1.00' })
  const other = { ...CARD, token: '7' }
  ledger.replace(checkDefinition({ ledger: [other] }, new Faults()))
  apply('0400', { RID: 'reversal', original_RID: 'last' }, { DE2: '7' })
  t.equal(balances(), '3000.00 5.00')
})
