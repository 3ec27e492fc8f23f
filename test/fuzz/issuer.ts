import fc from 'fast-check'
import { verifyDatabase } from '../../src/store/sqlite/verify.js'
import type { Test } from '../support/folder.js'
import { reply } from '../support/issuer.js'
import { makeStandInService, STILL } from '../support/stand-in.js'
import { spoiled } from './requests.js'

/** Answers that are right, with balances in the account's currency, in another, and in both. */
const RIGHT = [
  '[{"actual":900.01,"blocked":0.5,"currency":"404"}]',
  '[{"actual":"1000.10","blocked":"20","currency":"KES"},{"actual":3,"blocked":1,"currency":"840"}]',
  '[{"actual":12.34,"blocked":5,"currency":"USD"}]'
].map((balances) => '{"MESSAGE_TYPE":{"Message_Type":"0110"},"ISO_MSG":{"DE38":"A1B2C3","DE39":"00"},"SHADOW":' +
  `{"balances":${balances},"amount":1.00,"creditDebitIndicator":"DEBIT","currency":"404"}}`)

const CONTENT_TYPES = ['application/json', 'text/html', '']

const answer = fc.record({
  body: fc.constantFrom(...RIGHT).chain(spoiled),
  status: fc.oneof({ weight: 9, arbitrary: fc.constant(200) }, fc.constantFrom(204, 301, 400, 503)),
  contentType: fc.constantFrom(...CONTENT_TYPES)
})

interface Balance {
  readonly actual: unknown
  readonly blocked: unknown
  readonly currency: unknown
}

/** Tells whether a body states balances. It is read past the service, with doubles, which are exact enough for this. */
function states (body: Buffer, [actual, blocked]: readonly [string, string]): boolean {
  const { SHADOW: { balances } } = JSON.parse(body.toString().replace(/^\ufeff/, '')) as {
    SHADOW: { balances: Balance[] }
  }
  return balances.some((stated) => {
    const rate = stated.currency === '404' || stated.currency === 'KES' ? 1 : 129.05
    const isSame = (found: string, wanted: unknown): boolean => {
      const expected = Number(wanted) * rate
      return Math.abs(Number(found) - expected) <= 0.0051 + Math.abs(expected) * 1e-12
    }
    return isSame(actual, stated.actual) && isSame(blocked, stated.blocked)
  })
}

/**
 * Lets an issuer answer in every way that we could think of. Each payment must be decided, and the balances may change
 * only to what a SHADOW states that was applied.
 *
 * @returns the first answer that was taken wrongly, as small as it could be made; nothing when there is none
 */
export async function fuzzIssuer (t: Test, { cases, seed }: { cases: number, seed: number }): Promise<string[]> {
  const { issuer, pay, call, balances, databasePath } = await makeStandInService(t, STILL)
  // Stand-in declines everything, so that nothing but a SHADOW changes balances.
  await call('PUT', '/clients/123/stand-in', { mode: 'basic' })
  let applied = 0
  const property = fc.asyncProperty(answer, async ({ body, status, contentType }) => {
    const before = await balances()
    issuer.script.push(reply(status, body, { 'Content-Type': contentType }))
    const response = await pay()
    const after = await balances()
    const said = `${status} ${body.toString('latin1').slice(0, 500)}\n` +
      `${response.statusCode} ${response.body.slice(0, 900)}`
    if (response.statusCode !== 200) throw new Error(`the payment was not decided\n${said}`)
    const { trace } = response.json()
    if (trace.issuer.shadow?.applied === true) {
      applied += 1
      if (states(body, after)) return
      throw new Error(`the balances are ${after.join(' and ')}, which no balance of the answer states\n${said}`)
    }
    if (String(after) !== String(before)) throw new Error(`the balances changed to ${after.join(' and ')}\n${said}`)
  })
  const { failed, errorInstance } = await fc.check(property, { numRuns: cases, seed })
  return [
    ...failed ? [String(errorInstance)] : [],
    ...applied > 0 ? [] : ['no SHADOW was applied: the answers are not what they should be'],
    ...verifyDatabase(databasePath)
  ]
}
