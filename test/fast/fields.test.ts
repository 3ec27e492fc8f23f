import fc from 'fast-check'
import t from 'tap'
import {
  FAST_AMOUNT_MAX, fitText, formatConversionRate, formatMerchantPlace, timeElements
} from '../../src/fast/fields.js'
import { describeMerchantCategory } from '../../src/fast/merchant-categories.js'
import { anyCurrency, currency } from '../support/arbitraries.js'
import { holds } from '../support/property.js'

for (const [from, to, rate, why] of [
  ['1840 826', '299000 404', '41625000', '162.5 has four decimals of seven digits'],
  ['16250 404', '100 826', '96153846', '0.0061538… has nine decimals'],
  ['100 840', '100 978', '61000000', 'par'],
  ['100 840', '12905 404', '41290500', 'digits, with two decimals on both sides'],
  ['100 840', '150 392', '41500000', 'a yen has no decimals'],
  ['1000 048', '265 840', '62650000', 'a dinar has three decimals'],
  ['5 404', '5 404', '61000000', 'no conversion'],
  ['0 404', '0 404', '61000000', 'no conversion of nothing'],
  ['0 840', '0 404', '00000000', 'the rate of nothing'],
  ['1 840', '99999994 404', '00000000', 'eight digits before the point'],
  ['1 840', '9999999 404', '09999999', 'seven digits before the point'],
  ['999999999999 404', '1 826', '00000000', 'nothing within nine decimals'],
  ['200000000 840', '19999999 404', '71000000', 'rounded up to a digit more'],
  ['300 840', '200 978', '76666667', 'a rate without end']
] as const) {
  t.test(`DE10 from ${from} to ${to} is ${rate}: ${why}`, async (t) => {
    const moneyOf = (text: string) => {
      const [amount = '', code = ''] = text.split(' ')
      return { amount: BigInt(amount), currency: currency(code) }
    }
    t.equal(formatConversionRate(moneyOf(from), moneyOf(to)), rate)
  })
}

t.test('DE10 is the rate of both amounts, to half a unit of its last digit, and has no digit to spare', async (t) => {
  const money = fc.record({ amount: fc.bigInt({ min: 1n, max: FAST_AMOUNT_MAX }), currency: anyCurrency })
  holds(t, fc.property(money, money, (from, to) => {
    fc.pre(from.currency !== to.currency)
    const text = formatConversionRate(from, to)
    fc.pre(text !== '00000000')
    const [decimals, digits] = [BigInt(text.slice(0, 1)), BigInt(text.slice(1))]
    // to = from × digits ÷ 10^decimals, all in major units, without a division.
    const left = to.amount * 10n ** (decimals + BigInt(from.currency.minorUnitDecimals))
    const unit = from.amount * 10n ** BigInt(to.currency.minorUnitDecimals)
    const error = left - digits * unit
    return 2n * (error < 0n ? -error : error) <= unit && (decimals === 9n || digits >= 1_000_000n)
  }))
})

t.test('texts fill their width, and are cut between characters', async (t) => {
  t.equal(fitText('ab', 4), 'ab  ')
  t.equal(fitText('abcdef', 4), 'abcd')
  t.equal(fitText('ab🍞🍞🍞', 4), 'ab🍞🍞')
  t.equal(fitText('a\ud83c', 3), 'a\ufffd ')
})

t.test('the place of a merchant has forty characters, whatever its name', async (t) => {
  const place = { country: 'KE', category: '5411', merchantId: '', terminalId: '' }
  t.equal(
    formatMerchantPlace({ ...place, name: 'A SHOP WITH A NAME THAT IS TOO LONG', city: 'LLANFAIRPWLLGWYNGYLL' }),
    'A SHOP WITH A NAME THAT LLANFAIRPWLLG KE'
  )
  t.equal(formatMerchantPlace({ ...place, name: '', city: '' }).length, 40)
})

t.test('times are those of UTC', async (t) => {
  t.same(timeElements(Date.UTC(2027, 1, 3, 4, 5, 9, 999)), {
    dateTime: '03-02-2027 04:05:09', date: '0203', time: '040509', referencePrefix: '703404'
  })
  t.match(timeElements(Date.UTC(2028, 11, 31, 23, 59, 59)), { date: '1231', referencePrefix: '836623' })
  t.match(timeElements(Date.UTC(2030, 0)), { dateTime: '01-01-2030 00:00:00', referencePrefix: '000100' })
})

t.test('a merchant category has its name where it is a common one', async (t) => {
  t.equal(describeMerchantCategory('5411'), '5411 - Grocery Stores')
  t.equal(describeMerchantCategory('0763'), '0763')
})
