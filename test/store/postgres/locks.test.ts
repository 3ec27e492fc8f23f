import t from 'tap'
import { makeUpdate } from '../../support/updates.js'
import { connect, untilBlocked } from './holders.js'
import { openAt, placeFor } from './places.js'

t.test('a deletion that waits does not take an account that is made anew under the number', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await other.query(`BEGIN;
    SELECT 1 FROM accounts JOIN balances USING (account_id) WHERE account_id = 1002 FOR UPDATE`)
  const deletion = store.deleteAccount(1002n, false)
  await untilBlocked(t, url, other, deletion)
  await other.query(`DELETE FROM balances WHERE account_id = 1002;
    INSERT INTO deleted_accounts SELECT account_id, incarnation, client_id, currency, 3, 1, 0
      FROM accounts WHERE account_id = 1002;
    DELETE FROM accounts WHERE account_id = 1002;
    INSERT INTO accounts (account_id, incarnation, client_id, currency) VALUES (1002, 2, 123, '840');
    INSERT INTO balances VALUES (1002, 5, 0, 900, 1, 0, 0);
    COMMIT`)
  t.equal(await deletion, undefined)
  t.match(await store.readAccount(1002n), { balances: { actual: 5n } })
})

t.test('an update locks balances alone, because each locked row is written', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await other.query('BEGIN; SELECT 1 FROM accounts WHERE account_id = 1002 FOR UPDATE')
  t.match(await store.updateBalances(makeUpdate(7)), { kind: 'applied' })
  await other.query('COMMIT')
})

t.test('a deletion waits for a token that is given to the account meanwhile, and takes it along', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await other.query('BEGIN; INSERT INTO tokens (token, account_id) VALUES (4003, 1002)')
  const deletion = store.deleteAccount(1002n, false)
  await untilBlocked(t, url, other, deletion)
  await other.query('COMMIT')
  t.match(await deletion, { cards: [{ token: 4003n }] })
})

t.test('a restore waits for accounts that are made meanwhile', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await other.query(`BEGIN;
    INSERT INTO accounts (account_id, incarnation, client_id, currency) VALUES (7000, 1, 123, '840')`)
  const restore = store.restoreSnapshot('scenario', false)
  await untilBlocked(t, url, other, restore)
  await other.query('INSERT INTO balances VALUES (7000, 5, 0, 900, 1, 0, 0); COMMIT')
  t.match(await restore, { new: 1, exceptions: [{ accountId: 7000n, difference: 'new' }] })
})

t.test('two who lock some of the same accounts and tokens never wait for each other for ever', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await store.attachToken(1002n, 4002n)
  // An update by token has its token and waits for its account.
  await other.query('BEGIN; SELECT 1 FROM tokens WHERE token = 4002 FOR UPDATE')
  const deletion = store.deleteAccount(1002n, false)
  await untilBlocked(t, url, other, deletion)
  await other.query('SELECT 1 FROM balances WHERE account_id = 1002 FOR UPDATE NOWAIT')
  await other.query('COMMIT')
  t.match(await deletion, { accountId: 1002n, cards: [{ token: 4002n }] })
})

t.test('a creation answers as things were at one moment, also beside a deletion', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  const { accountId, clientId, currency, externalReference, balances, cards } = await store.readAccount(1002n) as never
  await other.query('BEGIN; SELECT 1 FROM balances WHERE account_id = 1002 FOR UPDATE')
  const wanted = { accountId, clientId, currency, externalReference, balances, cards }
  const creation = store.createAccounts([wanted], false)
  await untilBlocked(t, url, other, creation)
  await other.query('COMMIT')
  t.match(await creation, { kind: 'carried-out', creations: [{ status: 'unchanged' }] })
})

t.test('identifiers are written in one order, so that two processes never wait for each other for ever', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  const write = async (operationId: number, identifier: string): Promise<void> => {
    await other.query(`INSERT INTO operations
        (operation_id, source, client_id, identifier, fingerprint, answer_body, created_at_ms)
      VALUES ($1, 'paymentology', 123, $2, '', '{}', 0)`, [operationId, identifier])
  }
  await other.query('BEGIN')
  await write(900, 'a')
  // Nobody has their accounts, so that no account's lock keeps them apart.
  const updates = Promise.all(['b', 'a'].map(async (identifier) => {
    const update = makeUpdate(1, { identity: { identifier, fingerprint: Buffer.from('') } })
    const items = update.items.map((item) => ({ ...item, inputId: 9999n })) as never
    return await store.updateBalances({ ...update, items })
  }))
  await untilBlocked(t, url, other, updates)
  // Sooner than the server looks for those who wait for each other.
  await other.query('SET LOCAL lock_timeout = 500')
  await write(901, 'b')
  await other.query('ROLLBACK')
  t.match(await updates, [{ kind: 'applied' }, { kind: 'applied' }])
})

t.test('a token that moves to another account meanwhile does not get the card that was wished', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await store.attachToken(1002n, 4002n)
  await other.query('BEGIN; UPDATE tokens SET account_id = 1003 WHERE token = 4002')
  const attachment = store.attachToken(1002n, 4002n, { state: 'lost' })
  await untilBlocked(t, url, other, attachment)
  await other.query('COMMIT')
  t.same(await attachment, { kind: 'taken', accountId: 1003n })
  t.match((await store.readAccount(1003n))?.cards.find(({ token }) => token === 4002n), { state: 'active' })
})

t.test('who changes a client\'s issuer or stand-in waits for the client before anything else', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await store.setIssuer(123, { url: 'http://127.0.0.1:4000/fast' })
  const off = { state: 'off', reason: 'maintenance', userId: 'qa-7' } as const
  for (const work of [
    async () => await store.setIssuer(123, { deadline_ms: 500 }), async () => await store.switchIssuer(123, off),
    async () => await store.setStandIn(123, { manual: true }), async () => await store.removeIssuer(123)
  ]) {
    await other.query('BEGIN; SELECT 1 FROM clients WHERE client_id = 123 FOR UPDATE')
    const working = work()
    await untilBlocked(t, url, other, working)
    await other.query('SELECT 1 FROM client_issuers FOR UPDATE NOWAIT')
    await other.query('COMMIT')
    await working
  }
})

t.test('a restore waits for a balance file before it locks accounts, as the file does', async (t) => {
  const url = await placeFor(t)
  const store = await openAt(t, url)
  const other = await connect(t, url)
  await other.query('BEGIN; SELECT 1 FROM clients WHERE client_id = 123 FOR NO KEY UPDATE')
  const restore = store.restoreSnapshot('scenario', false)
  await untilBlocked(t, url, other, restore)
  await other.query('SELECT 1 FROM balances WHERE account_id = 1002 FOR UPDATE NOWAIT')
  await other.query('COMMIT')
  t.match(await restore, { unchanged: 6 })
})
