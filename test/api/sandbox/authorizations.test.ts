import t from 'tap'
import { everythingIn } from '../../support/database.js'
import { decide, hangUp, holdBack, reply, stayAway } from '../../support/issuer.js'
import { limited } from '../../support/limits.js'
import { AUTHORIZATION, NO_FILE, NO_STORE } from '../../support/service.js'
import { ACCOUNT, ANY_PAYMENT, makeStandInService, PAYMENT, payTooLate, STILL } from '../../support/stand-in.js'

t.test('a payment that the issuer approves leaves the listing alone', async (t) => {
  const { issuer, pay, balances } = await makeStandInService(t)
  const response = await pay()
  t.equal(response.statusCode, 200)
  t.match(response.json(), {
    transaction: {
      status: 'pending',
      de39: '00',
      de39_meaning: 'approved',
      decided_by: 'issuer',
      reason_code: '000',
      hold: null,
      account_id: ACCOUNT,
      client_id: 123,
      amount: '100.00',
      billing_amount: '100.00',
      spend_type: 'POS - Purchase'
    },
    trace: {
      decision: 'approved', issuer: { outcome: 'answered', de39: '00', http_status: 200 }, balance_change: null
    },
    balances: { actual_balance: '1000.00', blocked_balance: '10.00', available_balance: '990.00' }
  })
  t.same(await balances(), ['1000.00', '10.00'])
  t.match(issuer.received, [{
    kind: 'request', message: { SUMMARY: { Billing_Amount: '100.00', Account_Id: ACCOUNT } }
  }])
})

t.test('a payment that the issuer does not answer is approved in stand-in, held, and advised', async (t) => {
  const { answer, deadlineMs, balances, wait, read } = await payTooLate(t, stayAway)
  const { transaction, trace, ...answered } = answer.json()
  t.match(transaction, {
    status: 'pending',
    de39: '00',
    decided_by: 'stand_in',
    reason_code: '900',
    hold: { amount: '100.00', remaining: '100.00', counted: true, known: false }
  })
  t.match(trace, {
    decided_by: 'stand_in',
    issuer: { outcome: 'timeout', deadline_ms: deadlineMs },
    rules: [{ rule_id: 'any', triggered: true }],
    balance_change: {
      account_id: ACCOUNT,
      blocked_before: '10.00',
      blocked_after: '110.00',
      actual_before: '1000.00',
      actual_after: '1000.00'
    }
  })
  t.match(answered.balances, { blocked_balance: '110.00' })
  t.same(await balances(), ['1000.00', '110.00'])
  t.match(await wait(transaction.tid, 'advice_acknowledged'), { reached: true, hold: { known: true } })
  const { messages } = (await read(`/transactions/${transaction.tid}/messages`)).json()
  t.match(messages, [{ message_type: '0100', outcome: { outcome: 'timeout' } }, {
    message_type: '0120',
    original_rid: transaction.rid,
    message: { SUMMARY: { original_RID: transaction.rid, Processor_Reason_Code: '900', Network: 'PPWR' } }
  }])
  t.match((await read(`/messages/${messages[1].rid}`)).json(), messages[1])
  t.match((await read(`/advices?client_id=123&tid=${transaction.tid}&state=acknowledged`)).json(), {
    advices: [{ rid: messages[1].rid, state: 'acknowledged', next_at: null }]
  })
})

t.test('each failure of an issuer has its own outcome, and its decision a reason', { skip: NO_STORE }, async (t) => {
  const { issuer, pay } = await makeStandInService(t, STILL)
  for (const [step, outcome, reason] of [
    [hangUp, 'connection', '930'],
    [reply(500, '{}'), 'error', '930'],
    [reply(200, '<html>'), 'invalid_answer', '930'],
    [reply(200, '{"ISO_MSG":{"DE39":"approved"}}'), 'invalid_answer', '930'],
    [reply(200, '{"SUMMARY":{"RID":"1"},"ISO_MSG":{"DE39":"00"}}'), 'invalid_answer', '930']
  ] as const) {
    issuer.script.push(step)
    const { transaction, trace } = (await pay({ amount: '1.00' })).json()
    t.match(transaction, { decided_by: 'stand_in', reason_code: reason }, outcome)
    t.equal(trace.issuer.outcome, outcome)
  }
})

t.test('a decline is an answer like any other', async (t) => {
  const { issuer, pay, call, balances, read } = await makeStandInService(t)
  issuer.script.push(decide('51'))
  t.match((await pay()).json().transaction, { status: 'declined', de39: '51', decided_by: 'issuer' })
  t.match((await pay({ token: '999' })).json(), {
    transaction: { status: 'declined', de39: '14', client_id: null, account_id: null, rid: null }, balances: null
  })
  t.match((await pay({ currency: 'EUR' })).json(), { transaction: { de39: '96', billing_amount: null } })
  await call('PUT', `/accounts/${ACCOUNT}/tokens/12345`, { state: 'stolen' })
  t.match((await pay()).json().transaction, { de39: '43', decided_by: 'processor' })
  t.equal(issuer.received.length, 1, 'only one of them reached the issuer')
  t.same(await balances(), ['1000.00', '10.00'])
  t.equal((await read('/transactions?state=declined')).json().transactions.length, 4)
})

t.test('an issuer that approves what the processor declines hears of it', async (t) => {
  const { issuer, pay, wait } = await makeStandInService(t)
  const { transaction } = (await pay({ checks: { pin: 'FAIL' } })).json()
  t.match(transaction, { de39: '55', decided_by: 'processor', reason_code: '930' })
  t.match(issuer.received, [{ message: { SUMMARY: { Processor_Decision_Code: '55' } } }])
  t.match(await wait(transaction.tid, 'advice_acknowledged'), { reached: true })
})

t.test('a payment that comes again is answered as before', async (t) => {
  const { issuer, pay, balances } = await makeStandInService(t)
  const held = holdBack()
  issuer.script.push(held.step)
  const first = pay({ idempotency_key: 'k' })
  await issuer.hasReceived(1)
  const underWay = await pay({ idempotency_key: 'k' })
  t.equal(underWay.statusCode, 409)
  t.match(
    underWay.json().detail,
    /^The payment with idempotency_key k is not decided yet \(tid \d+\)\. Send it again: once it is decided, /
  )
  held.release(decide('00'))
  const answer = await first
  const again = await pay({ idempotency_key: 'k', currency: '404', amount: '100' })
  t.equal(again.statusCode, 200)
  t.equal(again.body, answer.body)
  const reused = await pay({ idempotency_key: 'k', amount: '100.01' })
  t.equal(reused.statusCode, 409)
  t.match(reused.json().detail, /was used for another payment \(tid \d+\)\. Use a new key/)
  t.equal(issuer.received.length, 1)
  t.same(await balances(), ['1000.00', '10.00'])
})

t.test('an evaluation answers the trace, and writes nothing', { skip: NO_FILE }, async (t) => {
  const { issuer, call, databasePath } = await makeStandInService(t)
  const before = everythingIn(databasePath)
  const response = await call('POST', '/stand-in/evaluate', PAYMENT)
  t.equal(response.statusCode, 200)
  t.match(response.json(), {
    decision: 'approved',
    decided_by: 'stand_in',
    issuer: { outcome: 'timeout', rid: null },
    rules: [{ triggered: true }],
    balance_change: { blocked_after: '110.00' }
  })
  t.match((await call('POST', '/stand-in/evaluate', { ...PAYMENT, token: '999' })).json(), { de39: '14', issuer: null })
  t.same(everythingIn(databasePath), before)
  t.equal(issuer.received.length, 0)
})

t.test('of payments at once, no more are approved than a rule allows', async (t) => {
  const limited = { ...ANY_PAYMENT, limits: { count: { max: 2, window: 'PT1H' } } }
  const { call, pay, balances } = await makeStandInService(t, { rules: [limited] })
  await call('PUT', '/clients/123/stand-in', { manual: true })
  const answers = await Promise.all(Array.from({ length: 8 }, async () => (await pay()).json()))
  t.same(answers.map(({ transaction: { de39 } }) => de39).sort(), ['00', '00', '00', '65', '65', '65', '65', '65'])
  t.same(await balances(), ['1000.00', '310.00'])
})

t.test('of payments at once, no more are approved than the listing covers', async (t) => {
  const { call, pay, balances } = await makeStandInService(t)
  await call('PUT', '/clients/123/stand-in', { manual: true })
  const answers = await Promise.all(Array.from({ length: 6 }, async () => (await pay({ amount: '300.00' })).json()))
  t.same(answers.map(({ transaction: { de39 } }) => de39).sort(), ['00', '00', '00', '51', '51', '51'])
  t.same(await balances(), ['1000.00', '910.00'])
})

t.test('an answer behind the deadline is recorded, and neither its code nor its balances are applied', async (t) => {
  const held = holdBack()
  const { answer, balances, wait } = await payTooLate(t, held.step)
  const { transaction } = answer.json()
  held.release(decide('51', { SHADOW: { balances: [{ actual: 1, blocked: 0, currency: '404' }] } }))
  const late = await wait(transaction.tid, 'late_answer')
  t.match(late, { reached: true, de39: '00', trace: { issuer: { late_answer: { de39: '51', applied: false } } } })
  t.same(await balances(), ['1000.00', '110.00'])
})

t.test('balances that an issuer states are set exactly, and those that cannot be are dropped', async (t) => {
  const { issuer, pay, balances, read } = await makeStandInService(t)
  const state = (...list: object[]): void => { issuer.script.push(decide('00', { SHADOW: { balances: list } })) }
  state({ actual: 5, blocked: 1, currency: '840' }, { actual: '900.01', blocked: 0.5, currency: 'KES' })
  t.match((await pay()).json().trace, {
    issuer: { shadow: { applied: true, reason: null } },
    balance_change: { actual_after: '900.01', blocked_after: '0.50' }
  })
  t.same(await balances(), ['900.01', '0.50'])
  t.match((await read(`/accounts/${ACCOUNT}/history?limit=1`)).json(), {
    changes: [{ operation: { source: 'shadow', tid: '1' }, lost_holds: [] }]
  })
  state({ actual: 1, blocked: 0, currency: '840' })
  t.match((await pay()).json(), {
    trace: { issuer: { shadow: { applied: true } } }, balances: { actual_balance: '129.05' }
  })
  state({ actual: 1.001, blocked: 0, currency: '404' })
  t.match((await pay()).json(), {
    transaction: { de39: '00' }, trace: { issuer: { shadow: { applied: false, reason: /more decimals than KES has/ } } }
  })
  issuer.script.push(decide('00', { SHADOW: { balances: 'none' } }))
  t.match((await pay()).json(), { transaction: { de39: '00' }, trace: { issuer: { shadow: { applied: false } } } })
  t.same(await balances(), ['129.05', '0.00'])
})

t.test('a payment without a rate, and one that is too large for its message, say which it is', async (t) => {
  const { issuer, pay } = await makeStandInService(t)
  for (const [members, reason] of [
    [{ currency: 'EUR' }, 'no rate leads from EUR to KES, the account\'s currency: publish a rate'],
    [{ currency: 'USD', amount: '9999999999.99' },
      'the amount in KES, the account\'s currency, is too large: DE6 has 12 digits of minor units']
  ] as const) {
    t.match((await pay(members)).json(), {
      transaction: { de39: '96', billing_amount: null }, trace: { steps: [{}, { step: 'billing', reason }] }
    })
  }
  t.equal(issuer.received.length, 0)
})

t.test('what a payment cannot mean is refused with its place', { skip: NO_STORE }, async (t) => {
  const { pay, call } = await makeStandInService(t)
  for (const [members, status, detail] of [
    [{ amount: '1.001' }, 422, 'amount has more decimals than KES has (2)'],
    [{ amount: '1,00' }, 400, 'amount must be an amount with a point before its decimals, such as 200.00'],
    [{ amount: '-1' }, 422, 'amount must not be negative. A payment that gives money has the kind refund'],
    [{ currency: 'XXX' }, 422, 'currency is XXX, which is no current ISO 4217 currency with a minor unit'],
    [{ kind: 'gift' }, 400, /^kind must be equal to one of the allowed values: \["purchase"/],
    [{ then: [] }, 400, /then/],
    [{ merchant: { category: '54' } }, 400, /merchant.category must be a merchant category code/]
  ] as const) {
    const response = await pay(members)
    t.equal(response.statusCode, status, JSON.stringify(members))
    t.match(response.json().detail, detail)
  }
  t.equal((await call('POST', '/stand-in/evaluate', { ...PAYMENT, amount: '1.001' })).statusCode, 422)
})

t.test('what is not there is said to be unknown', async (t) => {
  const { read, call } = await makeStandInService(t)
  for (const path of ['/transactions/42', '/transactions/42/messages', '/messages/42']) {
    const response = await read(path)
    t.equal(response.statusCode, 404, path)
    t.match(response.json().detail, /^There is no (transaction|message) 42$/)
  }
  t.equal((await call('POST', '/advices/42/retry')).statusCode, 404)
  t.equal((await call('DELETE', '/advices/42')).statusCode, 404)
  for (const path of ['/transactions?cursor=x', '/advices?cursor=x']) t.equal((await read(path)).statusCode, 400, path)
})

t.test('transactions are listed newest first, page by page, and by what they are', async (t) => {
  const { issuer, pay, read, wait } = await makeStandInService(t)
  for (const step of [decide('00'), decide('51'), decide('05')]) {
    issuer.script.push(step)
    await pay({ amount: '1.00' })
  }
  const tids = async (query: string): Promise<string[]> =>
    (await read(`/transactions${query}`)).json().transactions.map(({ tid }: { tid: string }) => tid)
  t.same(await tids(''), ['3', '2', '1'])
  const { next_cursor: cursor } = (await read('/transactions?limit=2')).json()
  t.same(await tids(`?limit=2&cursor=${cursor}`), ['1'])
  t.same(await tids('?state=approved'), ['1'])
  t.same(await tids(`?decided_by=issuer&client_id=123&account_id=${ACCOUNT}&token=12345`), ['3', '2', '1'])
  t.same(await tids('?token=999'), [])
  t.match(await wait('1', 'decided'), { reached: true })
  t.match((await read('/transactions/1?wait_for=late_answer&timeout_ms=0')).json(), { reached: false })
  t.match((await read('/transactions/1?wait_for=advice_acknowledged&timeout_ms=0')).json(), { reached: false })
})

t.test('an amount that no message can hold in the account\'s currency is declined, and nobody is asked', {
  skip: NO_STORE
}, async (t) => {
  const { issuer, pay } = await makeStandInService(t)
  const { transaction } = (await pay({ amount: '9999999999.99', currency: 'USD' })).json()
  t.match(transaction, { de39: '96', billing_amount: null })
  t.equal(issuer.received.length, 0)
})

t.test('a payment that was reset while its issuer was asked is answered so, also when it comes again', async (t) => {
  const { issuer, pay, call, read, balances, wait } = await makeStandInService(t)
  await call('PUT', '/clients/123/issuer', { throttle: { failures: 1 }, throttle_on: ['connection'] })
  const held = holdBack()
  issuer.script.push(held.step)
  const asked = pay({ idempotency_key: 'k' })
  await issuer.hasReceived(1)
  const waited = wait('1', 'decided')
  t.equal((await call('POST', '/reset?dry_run=true')).statusCode, 200)
  t.match((await read('/transactions/1?wait_for=decided&timeout_ms=0')).json(), { status: 'received', reached: false })
  t.equal((await call('POST', '/reset')).statusCode, 200)
  t.match(await waited, { status: 'reset', reached: true })
  // The issuer has not answered yet, and its deadline is far away.
  for (const response of [await asked, await pay({ idempotency_key: 'k' })]) {
    t.equal(response.statusCode, 409)
    t.match(response.json().detail, /^The payment was ended while its issuer was asked \(tid \d+\)/)
  }
  held.release(decide('00', { SHADOW: { balances: [{ actual: 1, blocked: 0, currency: '404' }] } }))
  t.same(await balances(), ['1000.00', '10.00'])
  t.match((await pay()).json().trace, { issuer: { outcome: 'answered' } }, 'that its call was ended is no failure')
})

t.test('a reset ends no asking about payments that it does not end', async (t) => {
  const { issuer, pay, call } = await makeStandInService(t)
  const account = {
    client_id: 123, account_id: '3001', currency: '404', actual_balance: '9.00', blocked_balance: '0.00', tokens: ['31']
  }
  t.equal((await call('POST', '/accounts', { accounts: [account] })).statusCode, 201)
  const [held, heldOfNew] = [holdBack(), holdBack()]
  issuer.script.push(held.step)
  const asked = pay()
  await issuer.hasReceived(1)
  issuer.script.push(heldOfNew.step)
  const askedOfNew = pay({ token: '31', amount: '1.00' })
  await issuer.hasReceived(2)
  t.equal((await call('POST', '/reset?client_id=456')).statusCode, 200)
  held.release(decide('51'))
  t.match((await asked).json().transaction, { de39: '51', decided_by: 'issuer' }, 'that of another client')
  t.equal((await call('POST', '/snapshots/scenario/restore')).statusCode, 200)
  heldOfNew.release(decide('51'))
  t.match((await askedOfNew).json().transaction, { de39: '51', decided_by: 'issuer' }, 'that of a new account')
})

t.test('a 0200 is posted at once: it takes a purchase from the actual balance, and adds a refund', async (t) => {
  const { call, pay, balances } = await makeStandInService(t, STILL)
  await call('PUT', '/clients/123/stand-in', { manual: true })
  t.match((await pay({ message_type: '0200' })).json().transaction, { status: 'cleared', hold: null })
  t.same(await balances(), ['900.00', '10.00'])
  t.match((await pay({ message_type: '0200', kind: 'refund', amount: '1.50' })).json(), {
    trace: { balance_change: { actual_before: '900.00', actual_after: '901.50' } }
  })
  t.match((await pay({ kind: 'refund' })).json(), { transaction: { status: 'pending', hold: null } })
  t.same(await balances(), ['901.50', '10.00'], 'a refund that is cleared later changes nothing yet')
})

t.test('a payment is there before it is decided, and what waits for its decision is answered then', async (t) => {
  const { issuer, pay, read, wait } = await makeStandInService(t)
  const held = holdBack()
  issuer.script.push(held.step)
  const asked = pay()
  await issuer.hasReceived(1)
  t.match((await read('/transactions/1')).json(), {
    status: 'received', de39: null, de39_meaning: null, decided_by: null, reason_code: null, trace: null
  })
  t.match((await read('/transactions/1?wait_for=late_answer&timeout_ms=0')).json(), { reached: false })
  const waited = wait('1', 'decided')
  held.release(decide('00'))
  t.match(await waited, { reached: true, status: 'pending' })
  await asked
})

t.test('an account that is deleted while its issuer is asked has no balances', async (t) => {
  const { issuer, pay, call } = await makeStandInService(t)
  const held = holdBack()
  issuer.script.push(held.step)
  const asked = pay()
  await issuer.hasReceived(1)
  t.equal((await call('DELETE', `/accounts/${ACCOUNT}`)).statusCode, 200)
  held.release(hangUp)
  t.match((await asked).json(), {
    transaction: { status: 'declined', de39: '14', hold: null },
    trace: { steps: [{}, {}, {}, {}, {}, {}, {}, { step: 'listing', reason: /was deleted while/ }] },
    balances: null
  })
})

t.test('a payment whose issuer is asked when the service stops is decided, and answered', async (t) => {
  const { issuer, app } = await makeStandInService(t)
  issuer.script.push(stayAway)
  const asked = fetch(`${await app.listen({ host: '127.0.0.1', port: 0 })}/sandbox/v1/simulations/authorizations`, {
    method: 'POST',
    headers: { ...AUTHORIZATION, 'content-type': 'application/json' },
    body: JSON.stringify(PAYMENT)
  })
  await issuer.hasReceived(1)
  await app.close()
  t.match(await (await asked).json(), {
    transaction: { de39: '00', decided_by: 'stand_in', reason_code: '930' },
    trace: { issuer: { outcome: 'connection' } }
  })
})

t.test('a rule counts what was decided before, though its time lies ahead', async (t) => {
  let nowMs = Date.UTC(2027, 1, 3)
  const limited = { ...ANY_PAYMENT, limits: { count: { max: 0, window: 'PT1H' } } }
  const { call, pay } = await makeStandInService(t, { rules: [limited], clock: () => new Date(nowMs) })
  await call('PUT', '/clients/123/stand-in', { manual: true })
  t.match((await pay()).json().transaction, { de39: '00' })
  nowMs -= 1000
  t.match((await pay()).json().transaction, { de39: '65' })
})

t.test('a payment above ISSUER_CALLS asks nobody, is decided in stand-in, and the log names the setting', {
  skip: NO_STORE
}, async (t) => {
  const { options, logged } = limited({})
  const issuers = { hosts: undefined, callsMax: 1, tls: {} }
  const { issuer, pay } = await makeStandInService(t, { ...STILL, ...options, issuers })
  const held = holdBack()
  issuer.script.push(held.step)
  const first = pay()
  await issuer.hasReceived(1)
  t.match((await pay()).json(), {
    transaction: { decided_by: 'stand_in' },
    trace: { issuer: { outcome: 'connection', reason: 'not sent: 1 calls to issuers are under way already' } }
  })
  t.same(logged(), ['ISSUER_CALLS'])
  held.release(decide('00'))
  t.match((await first).json(), { transaction: { decided_by: 'issuer' } })
})
