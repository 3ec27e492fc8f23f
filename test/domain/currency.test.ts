import t from 'tap'
import {
  allCurrencies, findCurrency, findCurrencyByAlphaCode, findTypedCurrency, numericCodeOf
} from '../../src/domain/currency.js'

const PRESENT: ReadonlyArray<readonly [numericCode: string, alphaCode: string, decimals: number]> = [
  ['048', 'BHD', 3], ['392', 'JPY', 0], ['404', 'KES', 2], ['368', 'IQD', 3], ['990', 'CLF', 4], ['927', 'UYW', 4],
  ['532', 'XCG', 2], ['924', 'ZWG', 2], ['925', 'SLE', 2], ['926', 'VED', 2], ['840', 'USD', 2], ['978', 'EUR', 2],
  ['036', 'AUD', 2], ['060', 'BMD', 2], ['008', 'ALL', 2], ['414', 'KWD', 3], ['788', 'TND', 3], ['512', 'OMR', 3],
  ['400', 'JOD', 3], ['434', 'LYD', 3], ['410', 'KRW', 0], ['800', 'UGX', 0], ['352', 'ISK', 0], ['950', 'XAF', 0],
  ['348', 'HUF', 2], ['360', 'IDR', 2], ['364', 'IRR', 2], ['969', 'MGA', 2], ['929', 'MRU', 2]
]

for (const [numericCode, alphaCode, decimals] of PRESENT) {
  t.test(`${numericCode} is ${alphaCode} with ${decimals} decimals, as ISO 4217 has it`, async (t) => {
    t.match(findCurrency(numericCode), { numericCode, alphaCode, minorUnitDecimals: decimals, name: /./ })
  })
}

/** The currencies whose minor unit is not a hundredth. */
const OTHER_DECIMALS = `0 BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF
3 BHD IQD JOD KWD LYD OMR TND
4 CLF UYW`

t.test('decimals are those that databases remember: who changes one brings a migration', async (t) => {
  const list = [0, 1, 3, 4].flatMap((decimals) => {
    const found = allCurrencies.filter(({ minorUnitDecimals }) => minorUnitDecimals === decimals)
    return found.length === 0 ? [] : [[decimals, ...found.map(({ alphaCode }) => alphaCode).sort()].join(' ')]
  })
  t.equal(list.join('\n'), OTHER_DECIMALS)
})

for (const [numericCode, alphaCode] of [
  ['191', 'HRK'],
  ['975', 'BGN'],
  ['233', 'EEK'],
  ['694', 'SLL'],
  ['932', 'ZWL'],
  ['937', 'VEF'],
  ['931', 'CUC']
] as const) {
  t.test(`${alphaCode} is withdrawn, so no account is kept in it`, async (t) => {
    t.equal(findCurrency(numericCode), undefined)
    t.notOk(allCurrencies.some((currency) => currency.alphaCode === alphaCode))
  })
}

const WITHOUT_MINOR_UNIT = {
  XAU:
    '959',
  XAG:
      '961',
  XPT:
        '962',
  XPD:
          '964',
  XBA:
            '955',
  XBB: '956',
  XBC: '957',
  XBD: '958',
  XDR: '960',
  XSU: '994',
  XUA: '965',
  XTS: '963',
  XXX: '999'
}

for (const [alphaCode, numericCode] of Object.entries(WITHOUT_MINOR_UNIT)) {
  t.test(`${alphaCode} has no minor unit in ISO 4217, so no account is kept in it`, async (t) => {
    t.equal(findCurrency(numericCode), undefined)
    t.notOk(allCurrencies.some((currency) => currency.alphaCode === alphaCode))
  })
}

t.test('532 is the Caribbean guilder and no longer the one of the Netherlands Antilles', async (t) => {
  t.equal(findCurrency('532')?.alphaCode, 'XCG')
  t.notOk(allCurrencies.some((currency) => currency.alphaCode === 'ANG'))
})

t.test('a currency is found only by its three digits', async (t) => {
  for (const code of ['', '48', '0048', 'BHD', 'bhd', '000', '１２３', 'constructor', '__proto__']) {
    t.equal(findCurrency(code), undefined, code)
  }
})

t.test('every currency has a numeric code of its own with three digits, a three-letter code and 0 to 4 decimals',
  async (t) => {
    t.equal(new Set(allCurrencies.map((currency) => currency.numericCode)).size, allCurrencies.length)
    t.equal(new Set(allCurrencies.map((currency) => currency.alphaCode)).size, allCurrencies.length)
    for (const currency of allCurrencies) {
      t.match(currency.numericCode, /^[0-9]{3}$/, currency.alphaCode)
      t.match(currency.alphaCode, /^[A-Z]{3}$/, currency.alphaCode)
      t.ok([0, 2, 3, 4].includes(currency.minorUnitDecimals), currency.alphaCode)
    }
  })

t.test('a currency is found by its alphabetic code unless it was withdrawn', async (t) => {
  t.equal(findCurrencyByAlphaCode('BHD')?.numericCode, '048')
  for (const code of ['', 'bhd', '048', 'HRK', 'BGN', 'ANG', 'XAU', 'constructor']) {
    t.equal(findCurrencyByAlphaCode(code), undefined, code)
  }
})

t.test('every currency of the list is found by its codes', async (t) => {
  t.ok(allCurrencies.every((currency) => findCurrencyByAlphaCode(currency.alphaCode) === currency))
  t.ok(allCurrencies.length > 150)
  t.ok(allCurrencies.every((currency) => findCurrency(currency.numericCode) === currency))
})

t.test('a person may type either code of a currency, the alphabetic one in any case', async (t) => {
  for (const code of ['048', 'BHD', 'bhd', 'Bhd']) t.equal(findTypedCurrency(code)?.numericCode, '048', code)
  for (const code of ['', '48', 'BH', 'BHDD', 'HRK', 'XAU', '999', 'constructor', 'Bahraini Dinar']) {
    t.equal(findTypedCurrency(code), undefined, code)
    t.equal(numericCodeOf(code), code, 'what is no currency is named as it was typed')
  }
  t.equal(numericCodeOf('eur'), '978')
})
