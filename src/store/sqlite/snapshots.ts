import type { SnapshotStore } from '../snapshots.js'
import type { SqliteDatabase } from './database.js'
import { prepareListDifferences, prepareRestore } from './snapshot-restore.js'
import { prepareSnapshotRows } from './snapshot-rows.js'

/** Prepares the snapshots' part of the store. */
export function prepareSnapshots (database: SqliteDatabase, now: () => number): SnapshotStore {
  const rows = prepareSnapshotRows(database)
  const listDifferences = prepareListDifferences(database)
  const restore = prepareRestore(database)
  return {
    saveSnapshot: async (name, accountIds) => rows.save(name, accountIds, now()),
    addSnapshot: async (name, content) => rows.add(name, content),
    findSnapshot: async (name) => rows.find(name),
    listSnapshots: async (page) => rows.list(page),
    listSavedAccounts: async (snapshotId, page) => rows.listAccounts(snapshotId, page),
    listDifferences: async (name, page) => listDifferences(name, page),
    restoreSnapshot: async (name, dryRun) => restore(name, dryRun, now()),
    deleteSnapshot: async (name) => rows.delete(name)
  }
}
