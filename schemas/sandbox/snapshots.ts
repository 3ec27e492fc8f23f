/** Snapshots of the sandbox's own API: balances saved under a name, compared, set back, and taken away as a file. */
import { Type, type Static } from '@sinclair/typebox'
import { Int32Text } from '../address.js'
import { jsonAnswer } from '../answer.js'
import { DryRunQuery } from '../dry-run.js'
import { CONTENT_DISPOSITION } from '../headers.js'
import { Nullable } from '../nullable.js'
import { AmountText, CurrencyCode, Int32, Int64Text, UnsignedAmountText } from '../numbers.js'
import { ruled } from '../rule.js'
import { DateTimeText } from '../time.js'
import { NextCursor } from './pages.js'

/** The version of the file that a snapshot is downloaded and uploaded as. */
export const SNAPSHOT_FILE_VERSION = 1

/** No name needs an escape in an address, in the name of a file or in a shell. */
export const SnapshotName = Type.String({
  ...ruled(
    '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    '1 to 64 letters, digits, dots, hyphens and underscores, the first a letter or a digit'
  ),
  description: '1 to 64 letters, digits, dots, hyphens and underscores; the first a letter or a digit. `scenario` is ' +
    'the one that `reset` restores.',
  examples: ['before-test']
})

const Covers = Type.Unsafe<'all' | 'chosen'>({
  type: 'string',
  enum: ['all', 'chosen'],
  description: 'Whether it has every account of its time, so that any other account is new since, or chosen ones.'
})

const amounts = {
  actual_balance: AmountText({ description: 'Major units; may be negative.' }),
  blocked_balance: UnsignedAmountText({ description: 'Major units; not negative.' })
}

export const SnapshotParameters = Type.Object({ name: SnapshotName })

/** How a snapshot is restored. */
export const RestoreQuery = Type.Object({
  ...DryRunQuery.properties,
  client_id: Type.Optional(Int32Text({
    description: 'Only accounts of this client are set back, counted and named. Without it, those of all clients.'
  }))
}, { additionalProperties: false })
export type RestoreQuery = Static<typeof RestoreQuery>

export const SaveSnapshotRequest = Type.Object({
  name: SnapshotName,
  account_ids: Type.Optional(Type.Array(Int64Text({ description: 'Account number.' }), {
    minItems: 1,
    maxItems: 1000,
    description: 'The accounts to save. Without it, all.'
  }))
}, {
  title: 'SaveSnapshotRequest',
  additionalProperties: false,
  examples: [{ name: 'before-test' }, { name: 'two-wallets', account_ids: ['9007199254740993', '1002'] }]
})

export const Snapshot = Type.Object({
  name: SnapshotName,
  saved_at: DateTimeText({ description: 'When the balances were as they were saved.' }),
  covers: Covers,
  accounts: Type.Integer({ description: 'How many accounts it has.' })
}, {
  title: 'Snapshot',
  description: 'A snapshot. It never changes.',
  examples: [{ name: 'before-test', saved_at: '2026-01-31T08:15:30.123Z', covers: 'all', accounts: 7 }]
})
export type Snapshot = Static<typeof Snapshot>

export const SnapshotPage = Type.Object({
  snapshots: Type.Array(Snapshot),
  next_cursor: NextCursor
}, {
  title: 'SnapshotPage',
  description: 'In the order in which they were made.',
  examples: [{
    snapshots: [{ name: 'before-test', saved_at: '2026-01-31T08:15:30.123Z', covers: 'all', accounts: 7 }],
    next_cursor: null
  }]
})

const differences = {
  account_id: Int64Text({ description: 'Account number.' }),
  difference: Type.String({
    enum: ['changed', 'deleted', 'replaced', 'new'],
    description: '`changed`: other balances. `deleted`: no longer there. `replaced`: another account has this number ' +
      'now. `new`: was not there when all accounts were saved.'
  })
}

const Side = Type.Object({ client_id: Type.Integer(), currency: CurrencyCode({}), ...amounts }, {
  title: 'DifferenceSide'
})
export type Side = Static<typeof Side>

const Difference = Type.Object({
  ...differences,
  saved: Nullable(Side, 'Null for a new account.'),
  now: Nullable(Side, 'Null for a deleted account.')
}, { title: 'Difference' })
export type Difference = Static<typeof Difference>

export const DifferencePage = Type.Object({
  differences: Type.Array(Difference, { description: 'Only accounts that differ.' }),
  next_cursor: NextCursor
}, {
  title: 'DifferencePage',
  description: 'Ordered by account number.',
  examples: [{
    differences: [{
      account_id: '9007199254740993',
      difference: 'changed',
      saved: { client_id: 123, currency: '404', actual_balance: '1250.75', blocked_balance: '250.75' },
      now: { client_id: 123, currency: '404', actual_balance: '200.00', blocked_balance: '50.00' }
    }],
    next_cursor: null
  }]
})

export const RestoreReport = Type.Object({
  snapshot: SnapshotName,
  restored: Type.Integer({ description: 'Accounts whose balances were set back, each with a row in its history.' }),
  unchanged: Type.Integer({ description: 'Accounts that had the saved balances.' }),
  deleted: Type.Integer({ description: 'Saved accounts that are no longer there. They are not made anew.' }),
  replaced: Type.Integer({
    description: 'Saved accounts whose number another account has now. They are left as they are.'
  }),
  new: Type.Integer({
    description: 'Accounts that were not there when all accounts were saved. They are left as they are.'
  }),
  exceptions: Type.Array(Type.Object(differences, { title: 'RestoreException' }), {
    description: 'The deleted, replaced and new accounts, by number; at most 1000. The differences of the snapshot ' +
      'still show all of them.'
  })
}, {
  title: 'RestoreReport',
  description: 'What became of every account. The restore is one operation with the source `snapshot` in the history.',
  examples: [{
    snapshot: 'before-test',
    restored: 1,
    unchanged: 5,
    deleted: 1,
    replaced: 0,
    new: 0,
    exceptions: [{ account_id: '1005', difference: 'deleted' }]
  }]
})
export type RestoreReport = Static<typeof RestoreReport>

const FileAccount = Type.Object({
  account_id: Int64Text({ description: 'Account number.' }),
  client_id: Int32({ minimum: 1 }),
  currency: CurrencyCode({ description: 'ISO 4217 numeric code.' }),
  ...amounts
}, { title: 'SnapshotFileAccount', additionalProperties: false })

const FILE_EXAMPLE = {
  version: SNAPSHOT_FILE_VERSION,
  name: 'before-test',
  saved_at: '2026-01-31T08:15:30.123Z',
  covers: 'all',
  accounts: [{
    account_id: '9007199254740993',
    client_id: 123,
    currency: '404',
    actual_balance: '1250.75',
    blocked_balance: '250.75'
  }]
}

export const SnapshotFile = Type.Object({
  version: Int32({
    minimum: SNAPSHOT_FILE_VERSION,
    description: `The version of this format, ${SNAPSHOT_FILE_VERSION}. Any other is refused.`
  }),
  name: SnapshotName,
  saved_at: DateTimeText({}),
  covers: Covers,
  accounts: Type.Array(FileAccount)
}, {
  title: 'SnapshotFile',
  description: 'A snapshot as a file.',
  additionalProperties: false,
  examples: [FILE_EXAMPLE]
})

/** Documents the download of a snapshot. */
export const DOWNLOADED_SNAPSHOT =
  jsonAnswer('The snapshot as a file.', SnapshotFile, { snapshot: FILE_EXAMPLE }, CONTENT_DISPOSITION)
export type SnapshotFile = Static<typeof SnapshotFile>
