import fc from 'fast-check'
import t from 'tap'
import { formatSince, formatWindow, parseWindow, windowStart } from '../../src/domain/rule-window.js'
import { holds } from '../support/property.js'

const lengthOf = (text: string): unknown => {
  const window = parseWindow(text)
  return window?.kind === 'sliding' ? window.lengthMs : window?.kind
}

t.test('a window is a duration of a fixed length, or the day', async (t) => {
  t.equal(lengthOf('day'), 'day')
  t.equal(lengthOf('PT3H'), 10_800_000)
  t.equal(lengthOf('PT24H'), lengthOf('P1D'))
  t.equal(lengthOf('P7D'), lengthOf('P1W'))
  t.equal(lengthOf('P1DT2H3M4S'), 93_784_000)
  t.equal(lengthOf('PT1S'), 1000)
  t.equal(lengthOf('P366D'), 31_622_400_000)
})

t.test('a text that is no window is refused', async (t) => {
  for (const text of [
    '', 'P', 'PT', 'P1', 'P1DT', '1D', 'P1M', 'P1Y', 'P1H', 'PT1D', 'PT0S', 'P0D', 'P367D', 'P366DT1S', 'P1.5D', 'P-1D',
    'pt3h', 'Day', 'PT3H ', 'PT1M1H'
  ]) t.equal(parseWindow(text), undefined, text)
})

t.test('a sliding window has exactly its length in it, and a day begins at 00:00 UTC', async (t) => {
  const atMs = fc.integer({ min: 0, max: 4e12 })
  holds(t, fc.property(atMs, fc.integer({ min: 1, max: 31_000_000 }), (atMs, seconds) => {
    const window = parseWindow(`PT${seconds}S`)
    return window !== undefined && formatWindow(window) === `PT${seconds}S` &&
      atMs - windowStart(window, atMs) + 1 === seconds * 1000
  }))
  holds(t, fc.property(atMs, (atMs) => {
    const midnight = new Date(atMs).setUTCHours(0, 0, 0, 0)
    return windowStart({ kind: 'day' }, atMs) === midnight &&
      formatSince({ kind: 'day' }, atMs) === new Date(midnight).toISOString()
  }))
  t.equal(formatWindow({ kind: 'day' }), 'day')
})
