import t from 'tap'
import { fastMessage, serveIssuer } from '../support/built-in-issuer.js'
import { openWire } from '../support/socket.js'

const LEDGER = [{ token: '12345', currency: 'KES', actual_balance: '20000.00', blocked_balance: '5000.00' }]

t.test('nobody answers before an issuer is set, and after it is removed', async (t) => {
  const { ask, define, call } = await serveIssuer(t)
  const unknown = await ask()
  t.equal(unknown.status, 404)
  t.equal(unknown.headers.get('stip-sandbox-issuer'), null)
  const detail = 'There is no built-in issuer main. Make it with PUT /sandbox/v1/issuers/main'
  t.match(await unknown.json(), { detail })
  await define({})
  const answer = await ask()
  t.equal(answer.status, 200)
  t.equal(answer.headers.get('stip-sandbox-issuer'), 'approve')
  t.same(await answer.json(), {
    MESSAGE_TYPE: { Message_Type: '0110' },
    SUMMARY: { TID: '42', RID: '910001' },
    ISO_MSG: { DE38: '910001', DE39: '00' }
  })
  await call('DELETE', '/issuers/main')
  t.equal((await ask()).status, 404)
})

for (const [behaviour, header, status, answer] of [
  [{ behaviour: 'decline', code: '51' }, 'decline=51', 200, { SUMMARY: { RID: '910001' }, ISO_MSG: { DE39: '51' } }],
  [{ behaviour: 'ledger' }, 'ledger', 200, { ISO_MSG: { DE39: '14' } }],
  [{ behaviour: 'without_de39' }, 'without-de39', 200, { ISO_MSG: { DE39: undefined } }],
  [{ behaviour: 'wrong_rid' }, 'wrong-rid', 200, { SUMMARY: { RID: '9100019' }, ISO_MSG: { DE39: '00' } }],
  [{ behaviour: 'status', status: 500 }, 'status=500', 500, { status: 500, detail: 'As the issuer was told' }],
  [{ behaviour: 'approve', delay_ms: 1 }, 'approve delay=1', 200, { ISO_MSG: { DE39: '00' } }]
] as const) {
  t.test(`an issuer does as it was told: ${header}`, async (t) => {
    const { ask, define } = await serveIssuer(t)
    await define({ default: behaviour })
    const response = await ask()
    t.equal(response.status, status)
    t.equal(response.headers.get('stip-sandbox-issuer'), header)
    t.match(await response.json(), answer)
  })
}

t.test('an answer may be no JSON, end in its middle, come twice, or never begin', async (t) => {
  const { ask, define } = await serveIssuer(t)
  await define({ default: { behaviour: 'not_json' } })
  t.match(await (await ask()).text(), /^<h1>/)
  await define({ default: { behaviour: 'drop' } })
  await t.rejects(ask())
  await define({ default: { behaviour: 'drop_midway' } })
  const half = await ask()
  t.equal(half.headers.get('stip-sandbox-issuer'), 'drop-midway')
  await t.rejects(half.text())
})

t.test('an answer that is sent twice is two answers on one connection', async (t) => {
  const { define, address } = await serveIssuer(t)
  await define({ default: { behaviour: 'answer_twice' } })
  const { socket, received } = await openWire(t, address)
  const body = JSON.stringify(fastMessage())
  socket.write('POST /issuer/main HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
    `Content-Length: ${body.length}\r\n\r\n${body}`)
  t.equal((await received).match(/stip-sandbox-issuer: answer-twice\r\n[^]*?"DE39":"00"/g)?.length, 2)
})

t.test('SHADOW has the balances after the transaction, before it, or in another currency', async (t) => {
  const { ask, define } = await serveIssuer(t)
  const shadowOf = async (shadow: string, message?: object): Promise<unknown> => {
    await define({ default: { behaviour: 'ledger', shadow }, ledger: LEDGER })
    const text = await (await ask(message)).text()
    return /"SHADOW":(.*)\}$/.exec(text)?.[1]
  }
  t.equal(await shadowOf('right'), '{"balances":[{"actual":20000.00,"blocked":7990.00,"currency":"404"}],' +
    '"amount":2990.00,"creditDebitIndicator":"DEBIT","currency":"404"}')
  t.equal(await shadowOf('stale', fastMessage('0100', { RID: '2' })),
    '{"balances":[{"actual":20000.00,"blocked":5000.00,"currency":"404"}],' +
    '"amount":2990.00,"creditDebitIndicator":"DEBIT","currency":"404"}')
  t.match(await shadowOf('wrong_currency', fastMessage('0100', { RID: '3' })), /"blocked":7990\.00,"currency":"036"/)
  t.match(await shadowOf('right', fastMessage('0100', {}, { DE3_1: '20' })), /"creditDebitIndicator":"CREDIT"/)
  t.equal(await shadowOf('right', fastMessage('0100', {}, { DE2: '7' })), undefined, 'a card that it does not have')
  await define({
    default: { behaviour: 'approve', shadow: 'wrong_currency' },
    ledger: [{ token: '12345', currency: '036', actual_balance: '1.00', blocked_balance: '0.00' }]
  })
  t.match(await (await ask()).text(), /"actual":1\.00,"blocked":0\.00,"currency":"124"/)
})

t.test('a script is used up in order, before rules and the default, and each counts its hits', async (t) => {
  const { ask, define, read, call } = await serveIssuer(t)
  await define({
    default: { behaviour: 'decline', code: '51' },
    rules: [
      { when: { tokens: ['1'] }, then: { behaviour: 'drop' } },
      { when: { amounts: ['18.4'] }, then: { behaviour: 'decline', code: '61' } }
    ],
    script: [{ behaviour: 'approve' }]
  })
  const ask39 = async (message?: object): Promise<string> =>
    ((await (await ask(message)).json()) as { ISO_MSG: { DE39: string } }).ISO_MSG.DE39
  t.equal(await ask39(), '00')
  t.equal(await ask39(), '61')
  t.equal(await ask39(fastMessage('0200', { Transaction_Amount: '1' })), '51')
  t.match((await read('/issuers/main')).json(), {
    definition: { script: [] },
    hits: { requests: 3, advices: 0, script: 1, default: 1, rules: [0, 1] },
    last_request_at: String
  })
  const scripted = await call('PUT', '/issuers/main/script', { steps: [{ behaviour: 'decline', code: '62' }] })
  t.match(scripted.json(), { definition: { script: [{ code: '62' }] }, hits: { requests: 3 } })
  t.equal(await ask39(), '62')
  t.match((await call('POST', '/issuers/main/reset')).json(), {
    definition: { script: [{ code: '62' }] },
    hits: { requests: 0, script: 0, rules: [0, 0] },
    last_request_at: null
  })
})

t.test('a step is used when its request arrives, and a reset cancels the answers that wait', async (t) => {
  const { ask, define, call, untilWaiting } = await serveIssuer(t)
  await define({ script: [{ behaviour: 'never_answer' }, { behaviour: 'approve', delay_ms: 120_000 }] })
  const silent = Promise.allSettled([ask(), ask()])
  await untilWaiting(2)
  t.equal((await ask()).headers.get('stip-sandbox-issuer'), 'approve')
  t.match((await call('POST', '/issuers/main/reset')).json(), { waiting: 0, definition: { script: [{}, {}] } })
  t.match(await silent, [{ status: 'rejected' }, { status: 'rejected' }])
})

t.test('whoever hangs up waits no more, and a new definition lets go nobody', async (t) => {
  const { ask, define, untilWaiting, call } = await serveIssuer(t)
  await define({ default: { behaviour: 'never_answer' } })
  const abort = new AbortController()
  const [given, kept] = [ask(undefined, { signal: abort.signal }), ask()]
  await untilWaiting(2)
  abort.abort()
  await t.rejects(given)
  await untilWaiting(1)
  await define({ default: { behaviour: 'approve' } })
  await untilWaiting(1)
  t.match((await call('DELETE', '/issuers/main')).json(), { waiting: 0 })
  await t.rejects(kept)
})

t.test('a service that stops waits for no answer', async (t) => {
  const { app, ask, define, untilWaiting } = await serveIssuer(t)
  await define({ default: { behaviour: 'never_answer' } })
  const silent = Promise.allSettled([ask()])
  await untilWaiting(1)
  await app.close()
  t.match(await silent, [{ status: 'rejected' }])
})

t.test('advices are acknowledged and counted, unless the issuer is down or is told to fail them', async (t) => {
  const { ask, define, read } = await serveIssuer(t)
  const advice = fastMessage('0120', { original_RID: '1' })
  await define({ default: { behaviour: 'decline' }, script: [{ behaviour: 'drop' }] })
  const answer = await ask(advice)
  t.equal(answer.headers.get('stip-sandbox-issuer'), 'acknowledge')
  t.match(await answer.json(), { MESSAGE_TYPE: { Message_Type: '0130' } })
  t.equal((await ask(fastMessage('0420'))).status, 200)
  t.equal((await ask(fastMessage('0100', {}, { DE39: '00' }))).status, 200, 'the passive feed')
  t.equal((await ask([{ PacketType: '1240' }])).status, 200, 'presentments')
  t.match((await read('/issuers/main')).json(), {
    definition: { script: [{ behaviour: 'drop' }] }, hits: { requests: 0, advices: 4 }
  })
  await define({ default: { behaviour: 'status', status: 500 } })
  t.equal((await ask(advice)).status, 500)
  await define({ default: { behaviour: 'drop' } })
  await t.rejects(ask(advice))
  await define({ rules: [{ when: {}, then: { behaviour: 'drop' } }] })
  await t.rejects(ask(advice))
  t.match((await read('/issuers/main')).json(), { hits: { advices: 1, rules: [0] } })
  await define({ default: { behaviour: 'drop' }, advices: { behaviour: 'acknowledge' } })
  t.equal((await ask(advice)).status, 200)
  await define({ advices: { behaviour: 'status', status: 502 } })
  t.equal((await ask(advice)).status, 502)
})

t.test('the ledger goes on where an issuer is set anew with what it shows', async (t) => {
  const { ask, define, read } = await serveIssuer(t)
  await define({ default: { behaviour: 'ledger' }, ledger: LEDGER })
  await ask()
  const { definition } = (await read('/issuers/main')).json()
  t.match(definition.ledger, [{ blocked_balance: '7990.00' }])
  await define(definition)
  await ask(fastMessage('0120', { RID: '2', original_RID: '910001' }))
  t.match((await read('/issuers/main')).json().definition.ledger, [{ blocked_balance: '7990.00' }])
})

t.test('the passive feed changes nothing, and what was booked before a reset is no more', async (t) => {
  const { ask, define, read, call } = await serveIssuer(t)
  const ledgerNow = async (): Promise<unknown> => (await read('/issuers/main')).json().definition.ledger
  await define({ default: { behaviour: 'ledger', shadow: 'right' }, ledger: LEDGER })
  await ask()
  for (const DE39 of ['00', '51']) await ask(fastMessage('0100', { RID: `copy ${DE39}` }, { DE39 }))
  t.match(await ledgerNow(), [{ blocked_balance: '7990.00' }])
  await call('POST', '/issuers/main/reset')
  const decline = fastMessage('0120', { RID: '2', original_RID: '910001', Processor_Decision_Code: '05' })
  await ask(decline)
  t.match(await ledgerNow(), [{ blocked_balance: '5000.00' }])
  await ask()
  await ask(decline)
  await call('POST', '/issuers/main/reset')
  await ask(fastMessage('0120', { RID: '3', original_RID: '910001' }))
  t.match(await ledgerNow(), [{ blocked_balance: '7990.00' }], 'an approval is booked again')
  await define((await read('/issuers/main')).json().definition)
})

t.test('what is no message is acknowledged, and what is no JSON is refused', async (t) => {
  const { ask, define, read } = await serveIssuer(t)
  await define({})
  for (const message of [{}, { SUMMARY: 5, MESSAGE_TYPE: null, ISO_MSG: [] }, { SUMMARY: { RID: 5 } }]) {
    t.equal((await ask(message)).status, 200)
  }
  t.equal((await ask(undefined, { body: '{' })).status, 400)
  t.match((await read('/issuers/main')).json(), { hits: { requests: 0, advices: 3 } })
})
