import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { IssuerOutcome } from '../../src/domain/issuer-outcome.js'
import { FAILURE_KINDS, ISSUER_DEFAULTS } from '../../src/domain/issuer-settings.js'
import { Throttle, type Admission, type ThrottlingSettings } from '../../src/fast/throttle.js'
import { holds } from '../support/property.js'

const CLIENT = 123

const SETTINGS: ThrottlingSettings = {
  throttle: { failures: 3, within_ms: 1000, for_ms: 5000 }, throttle_on: ['timeout', 'connection']
}

/** Asks at a time, and reports what came of it then. */
function askAt (
  throttle: Throttle, nowMs: number, outcome: IssuerOutcome['kind'] = 'timeout', settings = SETTINGS
): boolean {
  const admission = throttle.admit(CLIENT, nowMs)
  admission?.report(outcome, settings, nowMs)
  return admission !== undefined
}

/** A throttle that has throttled the client at this time. */
function throttledAt (nowMs: number): Throttle {
  const throttle = new Throttle()
  for (const beforeMs of [2, 1, 0]) askAt(throttle, nowMs - beforeMs)
  return throttle
}

t.test('so many failures within the time throttle an issuer, for the time', async (t) => {
  const throttle = throttledAt(10_000)
  t.equal(throttle.stateOf(CLIENT, 10_000), 'throttled')
  t.notOk(askAt(throttle, 10_000))
  t.notOk(askAt(throttle, 14_999))
  t.equal(throttle.stateOf(CLIENT, 14_999), 'throttled')
  t.equal(throttle.stateOf(CLIENT, 15_000), 'probing')
  t.equal(throttle.stateOf(124, 10_000), 'on', 'others go on')
  t.same(throttle.states(10_000), new Map([[CLIENT, 'throttled']]))
})

t.test('the defaults are five timeouts in 10 seconds, and 15 seconds of rest', async (t) => {
  const throttle = new Throttle()
  for (const nowMs of [0, 1, 2, 3, 9999]) t.ok(askAt(throttle, nowMs, 'timeout', ISSUER_DEFAULTS))
  t.equal(throttle.stateOf(CLIENT, 24_998), 'throttled')
  t.equal(throttle.stateOf(CLIENT, 24_999), 'probing')
  const other = new Throttle()
  for (const nowMs of [0, 1, 2, 3, 10_000]) askAt(other, nowMs, 'timeout', ISSUER_DEFAULTS)
  t.equal(other.stateOf(CLIENT, 10_000), 'on', 'the first was too long ago')
})

t.test('answers do not undo failures, and only the chosen kinds count', async (t) => {
  const throttle = new Throttle()
  for (const outcome of ['timeout', 'answered', 'error', 'invalid_answer', 'connection', 'answered'] as const) {
    t.ok(askAt(throttle, 10, outcome))
  }
  t.equal(throttle.stateOf(CLIENT, 10), 'on')
  askAt(throttle, 10)
  t.equal(throttle.stateOf(CLIENT, 10), 'throttled')
})

t.test('one message probes, and the others wait for what comes of it', async (t) => {
  const throttle = throttledAt(10_000)
  const probe = throttle.admit(CLIENT, 15_000)
  t.equal(throttle.stateOf(CLIENT, 15_000), 'probing')
  t.equal(throttle.admit(CLIENT, 99_000), undefined)
  probe?.report('answered', SETTINGS, 15_100)
  t.equal(throttle.stateOf(CLIENT, 15_100), 'on')
  t.ok(askAt(throttle, 15_200))
  t.ok(askAt(throttle, 15_200))
  t.equal(throttle.stateOf(CLIENT, 15_200), 'on', 'what failed before counts no more')
})

t.test('a probe that fails throttles the issuer again, for the same time', async (t) => {
  const throttle = throttledAt(10_000)
  throttle.admit(CLIENT, 15_000)?.report('connection', SETTINGS, 17_000)
  t.equal(throttle.stateOf(CLIENT, 21_999), 'throttled')
  t.equal(throttle.stateOf(CLIENT, 22_000), 'probing')
  throttle.admit(CLIENT, 22_000)?.report('error', SETTINGS, 22_000)
  t.equal(throttle.stateOf(CLIENT, 22_000), 'on', 'an error does not count here, and shows that the issuer is back')
})

t.test('an outcome from before a change of state counts for nothing', async (t) => {
  const throttle = new Throttle()
  const early = [1, 2, 3].map(() => throttle.admit(CLIENT, 0))
  for (const nowMs of [1, 2, 3]) askAt(throttle, nowMs)
  early[0]?.report('answered', SETTINGS, 4)
  t.equal(throttle.stateOf(CLIENT, 4), 'throttled')
  const probe = throttle.admit(CLIENT, 5003)
  early[1]?.report('answered', SETTINGS, 5004)
  t.equal(throttle.stateOf(CLIENT, 5004), 'probing')
  probe?.report('answered', SETTINGS, 5005)
  for (const admission of early) admission?.report('timeout', SETTINGS, 5006)
  t.equal(throttle.stateOf(CLIENT, 5006), 'on')
})

t.test('a probe that came to nothing leaves the next one free, and ends no newer throttling', async (t) => {
  const throttle = throttledAt(10_000)
  const probe = throttle.admit(CLIENT, 15_000)
  probe?.release()
  const next = throttle.admit(CLIENT, 15_000)
  t.ok(next)
  for (const old of [() => { probe?.release() }, () => { probe?.report('answered', SETTINGS, 15_000) }]) {
    old()
    t.equal(throttle.admit(CLIENT, 15_000), undefined, 'the second probe is still under way')
  }
  next?.report('answered', SETTINGS, 15_000)
  const early = throttle.admit(CLIENT, 16_000)
  for (const nowMs of [16_001, 16_002, 16_003]) askAt(throttle, nowMs)
  early?.release()
  t.equal(throttle.stateOf(CLIENT, 16_003), 'throttled')
  const other = new Throttle()
  other.admit(CLIENT, 0)?.release()
  t.equal(other.stateOf(CLIENT, 0), 'on')
})

t.test('what was under way when all was forgotten counts no more', async (t) => {
  for (const forgotten of [undefined, CLIENT]) {
    const throttle = new Throttle()
    const early = [1, 2, 3].map(() => throttle.admit(CLIENT, 0))
    throttle.reset(forgotten)
    for (const admission of early) admission?.report('timeout', SETTINGS, 1)
    t.equal(throttle.stateOf(CLIENT, 1), 'on')
    const later = [1, 2, 3].map(() => throttle.admit(CLIENT, 2))
    for (const admission of later) admission?.report('timeout', SETTINGS, 3)
    t.equal(throttle.stateOf(CLIENT, 3), 'throttled')
    throttle.reset(forgotten)
    for (const admission of [...early, ...later]) admission?.report('timeout', SETTINGS, 4)
    t.equal(throttle.stateOf(CLIENT, 4), 'on')
  }
})

t.test('a clock that is set back does not prolong the rest, nor count failures of the future', async (t) => {
  const throttle = throttledAt(1_000_000)
  t.equal(throttle.stateOf(CLIENT, 999_999), 'probing')
  const other = new Throttle()
  for (const nowMs of [1_000_000, 1_000_001, 10]) askAt(other, nowMs)
  t.equal(other.stateOf(CLIENT, 10), 'on')
})

t.test('a probe may be asked for by hand, and all may be forgotten', async (t) => {
  const throttle = throttledAt(10_000)
  throttle.probe(CLIENT)
  t.equal(throttle.stateOf(CLIENT, 10_000), 'probing')
  t.ok(throttle.admit(CLIENT, 10_000))
  t.notOk(throttle.admit(CLIENT, 10_000))
  throttle.reset(CLIENT)
  t.equal(throttle.stateOf(CLIENT, 10_000), 'on')
  throttle.probe(CLIENT)
  t.equal(throttle.stateOf(CLIENT, 10_000), 'on')
  const other = throttledAt(10_000)
  other.reset()
  t.equal(other.stateOf(CLIENT, 10_000), 'on')
})

t.test('whatever happens: nobody asks while it is throttled, and one probe is under way at most', async (t) => {
  const outcome = fc.constantFrom<Array<IssuerOutcome['kind'] | 'nothing'>>('answered', 'nothing', ...FAILURE_KINDS)
  const step = fc.record({ afterMs: fc.nat(3000), reports: fc.option(fc.tuple(fc.nat(9), outcome)) })
  holds(t, fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const throttle = new Throttle()
    const asked: Array<{ readonly admission: Admission, readonly isProbe: boolean }> = []
    let nowMs = 10_000
    for (const { afterMs, reports } of steps) {
      nowMs += afterMs
      const before = throttle.stateOf(CLIENT, nowMs)
      const admission = throttle.admit(CLIENT, nowMs)
      const isProbeUnderWay = asked.some(({ isProbe }) => isProbe)
      assert.equal(admission !== undefined, before === 'on' || (before === 'probing' && !isProbeUnderWay))
      if (admission !== undefined) asked.push({ admission, isProbe: before === 'probing' })
      if (reports === null || asked.length === 0) continue
      const [reported] = asked.splice(reports[0] % asked.length, 1)
      const during = throttle.stateOf(CLIENT, nowMs)
      if (reports[1] === 'nothing') reported?.admission.release()
      else reported?.admission.report(reports[1], SETTINGS, nowMs)
      const behind = throttle.stateOf(CLIENT, nowMs)
      if (reported?.isProbe === true) {
        const isFailure = ['timeout', 'connection'].includes(reports[1])
        assert.equal(behind, reports[1] === 'nothing' ? 'probing' : isFailure ? 'throttled' : 'on')
      } else if (reports[1] === 'nothing') assert.equal(behind, during)
    }
  }))
})
