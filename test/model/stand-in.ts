import fc from 'fast-check'
import { verifyDatabase } from '../../src/store/sqlite/verify.js'
import type { Test } from '../support/folder.js'
import { Ledger, type IssuerBehaviour, type ModelPayment, type ModelSettings, type Statement } from './ledger.js'
import { Real } from './real.js'

/** How many things happen in one run. */
const COMMANDS_MAX = 60

/** One thing that happens to a service, and to its ledger. */
class Happening implements fc.AsyncCommand<Ledger, Real> {
  constructor (readonly name: string, readonly values: unknown, readonly happen: (real: Real) => Promise<void>) {}

  check (): boolean {
    return true
  }

  async run (_ledger: Ledger, real: Real): Promise<void> {
    await this.happen(real)
    await real.check()
  }

  toString (): string {
    return `${this.name} ${JSON.stringify(this.values, (_, value) => typeof value === 'bigint' ? `${value}` : value)}`
  }
}

const units = (min: number, max: number): fc.Arbitrary<bigint> => fc.integer({ min, max }).map(BigInt)

const payment: fc.Arbitrary<ModelPayment> = fc.record({
  token: fc.constantFrom('111', '111', '111', '112', '222', '999'),
  amount: fc.oneof(units(1, 60_000), units(1, 20_000), units(0, 0)),
  currency: fc.constantFrom('404', '404', '404', '840', '392', '978'),
  use: fc.constantFrom(
    ['purchase', 'pos'], ['purchase', 'pos'], ['withdrawal', 'atm'], ['refund', 'pos'], ['account_check', 'ecom'],
    ['balance_inquiry', 'atm']
  ),
  messageType: fc.constantFrom('0100' as const, '0100' as const, '0200' as const),
  processor: fc.constantFrom('00', '00', '00', '00', '05'),
  partial: fc.boolean()
}).map(({ use: [kind = '', channel = ''], amount, currency, ...rest }) => {
  // A yen has no hundredths.
  const wished = currency === '392' ? amount / 100n : amount
  const asksOnly = kind === 'account_check' || kind === 'balance_inquiry'
  return { ...rest, kind, channel, currency, amount: asksOnly ? 0n : wished }
})

const statement: fc.Arbitrary<Statement> = fc.record({
  actual: units(-10_000, 200_000), blocked: units(0, 20_000), currency: fc.constantFrom('404', '404', '840')
})

/** What cannot be applied: an amount below zero that is blocked. */
const impossible: fc.Arbitrary<Statement> = statement.map((stated) => ({ ...stated, blocked: -1n }))

const behaviour: fc.Arbitrary<IssuerBehaviour> = fc.record({
  outcome: fc.constantFrom(
    'answered', 'answered', 'answered', 'timeout', 'connection', 'connection', 'error', 'invalid_answer'),
  de39: fc.constantFrom('00', '00', '00', '10', '51', '85'),
  shadow: fc.oneof(
    fc.constant(undefined), fc.constant(undefined), statement, fc.constant('unreadable' as const), impossible)
})

/** As of which message a client sends balances: a part of those that there are; undefined where it does not say. */
const asOf = fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined, freq: 2 })

const update = fc.record({ account: fc.nat({ max: 1 }), statement, asOf })
type Update = { readonly account: number, readonly statement: Statement, readonly asOf: number | undefined }

const settings: fc.Arbitrary<Partial<ModelSettings>> = fc.record({
  mode: fc.constantFrom('basic', 'enhanced', 'enhanced', 'enhanced_with_listing', 'enhanced_with_listing'),
  manual: fc.constantFrom(false, false, false, true),
  unaware_updates: fc.constantFrom('overwrite', 'keep_holds'),
  stand_in_on: fc.subarray(['timeout', 'connection', 'error', 'invalid_answer'], { minLength: 2 }),
  decline_code: fc.constantFrom('05', '91')
}, { requiredKeys: [] })

async function send (real: Real, { account, statement: stated, asOf: part }: Update): Promise<void> {
  const { accounts, newestRid } = real.ledger
  const asOfRid = part === undefined || newestRid === 0n ? undefined : 1n + (newestRid - 1n) * BigInt(part) / 100n
  const [one = accounts[0]] = accounts.slice(account)
  if (one !== undefined) await real.update(one, stated, asOfRid)
}

/** An advice that is not acknowledged; all of them again and again, from the first. */
function pick (real: Real, place: number) {
  const open = real.ledger.advices.filter(({ state }) => state !== 'acknowledged')
  return open[place % Math.max(1, open.length)]
}

const happenings: Array<fc.Arbitrary<Happening>> = [
  ...Array.from({ length: 4 }, () => fc.record({ payment, behaviour, meanwhile: fc.option(update, { freq: 2 }) })
    .map((values) => new Happening('pay', values, async (real) => {
      await real.pay(values.payment, values.behaviour, async () => {
        if (values.meanwhile !== null) await send(real, values.meanwhile)
      })
    }))),
  update.map((values) => new Happening('update', values, async (real) => { await send(real, values) })),
  settings.map((values) => new Happening('set', values, async (real) => {
    await real.put('/clients/123/stand-in', values)
    Object.assign(real.ledger.settings, values)
  })),
  fc.record({ state: fc.constantFrom('on', 'on', 'off'), isTaken: fc.boolean() }).map((values) =>
    new Happening('switch', values, async (real) => { await real.switch(values.state, values.isTaken) })),
  fc.record({ place: fc.nat({ max: 20 }), isTaken: fc.boolean() }).map((values) =>
    new Happening('deliver', values, async (real) => {
      const advice = pick(real, values.place)
      if (advice !== undefined && real.ledger.issuerIsOn) await real.deliver(advice, values.isTaken)
    })),
  fc.nat({ max: 20 }).map((place) => new Happening('cancel', place, async (real) => {
    const advice = pick(real, place)
    if (advice !== undefined) await real.cancel(advice)
  })),
  fc.record({ minutes: fc.integer({ min: 1, max: 45 }), isTaken: fc.boolean() }).map((values) =>
    new Happening('wait', values, async (real) => {
      const { ledger } = real
      ledger.nowMs += values.minutes * 60_000
      const due = ledger.advices.find(({ nextAtMs = Infinity }) => nextAtMs <= ledger.nowMs)
      if (due !== undefined && ledger.issuerIsOn) await real.deliver(due, values.isTaken)
    })),
  fc.constant(new Happening('restore', {}, async (real) => { await real.restore() }))
]

/**
 * Lets random things happen to services, one after the other, and holds each against a ledger that is told the same.
 *
 * @param shrinks whether a shorter way to a fault is looked for; that takes minutes
 * @returns what is wrong, and the way to it
 */
export async function compareStandIn (
  { runs, seed, shrinks }: { runs: number, seed: number, shrinks: boolean }
): Promise<string[]> {
  const commands = fc.commands(happenings, { maxCommands: COMMANDS_MAX, size: 'max' })
  const details = await fc.check(fc.asyncProperty(commands, async (list) => {
    await scoped(async (t) => {
      const real = await Real.start(t)
      await fc.asyncModelRun(() => ({ model: real.ledger, real }), list)
      const [fault] = verifyDatabase(real.service.databasePath)
      if (fault !== undefined) throw new Error(fault)
    })
  }), { seed, numRuns: runs, endOnFailure: !shrinks })
  const report = await fc.asyncDefaultReportMessage(details)
  return report === undefined ? [] : [report]
}

/** Ends what a run has begun with the run. */
async function scoped (run: (t: Test) => Promise<void>): Promise<void> {
  const ends: Array<() => void | Promise<void>> = []
  try {
    await run({ teardown: (end) => ends.unshift(end) })
  } finally {
    for (const end of ends) await end()
  }
}
