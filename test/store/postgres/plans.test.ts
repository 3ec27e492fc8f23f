import type { Client } from 'pg'
import t from 'tap'
import type { BalanceUpdate } from '../../../src/store/port/balance-updates.js'
import { makeEmptyPostgresPlace } from '../../support/postgres-places.js'
import { makeUpdate } from '../../support/updates.js'
import { connect, untilEnded } from './holders.js'
import { openAt } from './places.js'

function numbered (identifier: string): BalanceUpdate {
  return makeUpdate(1, { identity: { identifier, fingerprint: Buffer.from('1') } })
}

/** How many rows of `operations` connections that have ended had read. */
async function countRead (client: Client): Promise<number> {
  const { rows: [counted] } = await client.query<{ read: string }>(`SELECT tables.seq_tup_read +
      (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes AS indexes WHERE indexes.relid = tables.relid) AS read
    FROM pg_stat_user_tables AS tables WHERE relid = 'operations'::regclass`)
  return Number(counted?.read)
}

t.test('a statement is planned for its tables as they are, not as they were at its first use', async (t) => {
  // In a place that others used, what they read might be counted late.
  const place = await makeEmptyPostgresPlace()
  const applicationName = `plans-${process.pid}`
  const store = await openAt(t, `${place}&application_name=${applicationName}`, { connections: 4 })
  const past = await connect(t, place)
  const together = async (round: string): Promise<void> => {
    await Promise.all([1, 2].map(async (part) => await store.updateBalances(numbered(`${round} ${part}`))))
  }
  for (let round = 0; round < 10; round += 1) await together(`small ${round}`)
  const many = 5000
  await past.query(`INSERT INTO operations
      (operation_id, source, client_id, identifier, fingerprint, answer_body, created_at_ms)
    SELECT 1000000 + n, 'paymentology', 123, 'past ' || n, '', '', 0 FROM generate_series(1, $1) AS n`, [many])
  await together('grown')
  await store.close()
  await untilEnded(past, applicationName)
  const read = await countRead(past)
  t.ok(read > 0, 'rows are counted')
  t.ok(read < many, `${read} rows of operations were read`)
})
