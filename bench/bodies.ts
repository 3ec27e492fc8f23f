import { randomBytes } from 'node:crypto'

/** Where every request goes. */
export const UPDATE_PATH = '/ppws/api/v1/pws_update_balance'

/** Where card payments go. */
export const AUTHORIZE_PATH = '/sandbox/v1/simulations/authorizations'

/** The client of every request, and its key. */
export const CLIENT_ID = 123
export const API_KEY = 'bench-key-123'

/** Account numbers of ten digits, as banks have them; the first one. */
const FIRST_ACCOUNT_ID = 1_000_000_000

/** As many as Paymentology's contract allows. */
export const ITEMS_PER_REQUEST = 25

/** Every account is kept in Kenyan shillings, and so is every amount: nothing is converted. */
export const CURRENCY = '404'

/** The number of the nth account, from 0. */
export function accountId (index: number): number {
  return FIRST_ACCOUNT_ID + index
}

/** The issuer's own reference of the nth account. */
export function externalReference (index: number): string {
  return `WALLET-${accountId(index)}`
}

const IDENTIFIER_LENGTH = 24

/** Gives one request body after the other, each with an identifier that was never used before. */
export type NextBody = () => Buffer

/**
 * Prepares bodies of 25 items over accounts that are drawn evenly. Drawing costs more than sending, so that a
 * pool of bodies is made beforehand and only the identifier is new each time.
 *
 * @param accounts how many accounts there are
 * @param bodies how many to make
 */
export function prepareBodies (accounts: number, bodies: number): NextBody {
  const pool = Array.from({ length: bodies }, () => makeBody(accounts))
  const identifierAt = pool[0]?.indexOf('?') ?? 0
  const run = randomBytes(6).toString('hex')
  let sent = 0
  return () => {
    const body = pool[sent % bodies] as Buffer
    body.write(`${run}${String(sent).padStart(IDENTIFIER_LENGTH - run.length, '0')}`, identifierAt, 'latin1')
    sent += 1
    return body
  }
}

function makeBody (accounts: number): Buffer {
  const chosen = new Set<number>()
  while (chosen.size < ITEMS_PER_REQUEST) chosen.add(Math.floor(Math.random() * accounts))
  return Buffer.from(JSON.stringify({
    client_id: CLIENT_ID,
    api_call_unique_identifier: '?'.repeat(IDENTIFIER_LENGTH),
    user_id: 'qa-7',
    remarks: 'nightly listing',
    balance_list: [...chosen].map((index) => ({
      input_type: 'a',
      input_id: accountId(index),
      account_ext_ref: externalReference(index),
      act_balance: cents(1_000_000),
      blk_balance: cents(10_000),
      bill_ccy: CURRENCY
    }))
  }))
}

function cents (max: number): number {
  return Number((Math.random() * max / 100).toFixed(2))
}
