import t from 'tap'
import { readSnapshotDocument, type SnapshotDocument } from '../../src/domain/snapshot.js'
import { currency } from '../support/arbitraries.js'

const ACCOUNT = { account_id: '9007199254740993', client_id: 123, currency: '048', actual_balance: '-1.500', blocked_balance: '0.25' }
const FILE: SnapshotDocument = { saved_at: '2026-01-31T08:15:30.123Z', covers: 'all', accounts: [ACCOUNT] }

t.test('a file becomes what is stored', async (t) => {
  t.strictSame(readSnapshotDocument(FILE), {
    savedAtMs: Date.parse('2026-01-31T08:15:30.123Z'),
    coversAll: true,
    accounts: [{ accountId: 9007199254740993n, clientId: 123, currency: currency('048'), balances: { actual: -1500n, blocked: 250n } }]
  })
  t.equal(readSnapshotDocument({ ...FILE, covers: 'chosen' }).coversAll, false)
})

t.test('every fault is named with its place', async (t) => {
  t.throws(() => readSnapshotDocument({
    ...FILE,
    saved_at: '1969-12-31T00:00:00Z',
    accounts: [
      ACCOUNT,
      { ...ACCOUNT, currency: '191' },
      { ...ACCOUNT, account_id: '9223372036854775808', actual_balance: '1.0001', blocked_balance: '-1' }
    ]
  }), {
    name: 'InputError',
    message: [
      'saved_at must be a time such as 2026-01-31T08:15:30.123Z (RFC 3339), not before 1970-01-01T00:00:00Z, with at most three decimals of a second',
      'accounts[1].account_id is the same as accounts[0].account_id, and must be unique',
      'accounts[1].currency is 191, which is no current ISO 4217 currency with a minor unit',
      'accounts[2].account_id must be at most 9223372036854775807',
      'accounts[2].actual_balance has more decimals than BHD has (3)',
      'accounts[2].blocked_balance must not be negative'
    ].join('; ')
  })
})
