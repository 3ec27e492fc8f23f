import type { SavedAccount } from '../domain/snapshot.js'
import type { Engine } from './engine.js'
import { pageOf } from './operations/page.js'
import { compareSnapshot, restoreSnapshot } from './operations/snapshot-comparison.js'
import {
  beginSnapshot, hideSnapshot, publishSnapshot, readToSave, removeSlice, stageAccounts
} from './operations/snapshot-staging.js'
import { findSnapshot, listSnapshots, readSnapshot, saveChosen } from './operations/snapshots.js'
import type { Page, PageRequest } from './port/page.js'
import type {
  SavedSlice, SaveSnapshotOutcome, SnapshotDifference, SnapshotRecord, SnapshotStaging, SnapshotStore, StagedAccount
} from './port/snapshots.js'
import { serveOthers } from '../turns.js'

interface Staging extends Omit<SnapshotStaging, 'add'> {
  add (accounts: readonly StagedAccount[]): Promise<readonly number[]>
}

/** Begins a snapshot that is written part by part. Each part is a transaction of its own. */
async function begin (engine: Engine, name: string): Promise<Staging | undefined> {
  const snapshotId = await engine.change(beginSnapshot, name)
  if (snapshotId === undefined) return undefined
  let accountCount = 0
  return {
    add: async (accounts) => {
      const repeated = await engine.change(stageAccounts, snapshotId, accounts)
      accountCount += accounts.length - repeated.length
      return repeated
    },
    finish: async (head) => await engine.change(publishSnapshot, { snapshotId, name, accountCount, ...head }),
    discard: async () => { await remove(engine, snapshotId) }
  }
}

async function remove (engine: Engine, snapshotId: bigint): Promise<void> {
  while (await engine.change(removeSlice, snapshotId)) await serveOthers()
}

async function saveAll (engine: Engine, name: string): Promise<SaveSnapshotOutcome> {
  const staging = await begin(engine, name)
  if (staging === undefined) return { kind: 'name-taken' }
  let snapshot: SnapshotRecord | undefined
  try {
    let savedAtMs = 0
    for await (const slices of engine.readSlices(readToSave)) {
      for (const slice of slices) {
        await staging.add(slice.accounts)
        savedAtMs = slice.savedAtMs
      }
    }
    snapshot = await staging.finish({ savedAt: new Date(savedAtMs), coversAll: true })
    return snapshot === undefined ? { kind: 'name-taken' } : { kind: 'saved', snapshot }
  } finally {
    if (snapshot === undefined) await staging.discard()
  }
}

/** Makes the snapshots' part of the store on an engine. Large work consists of many operations here. */
export function makeSnapshotMethods (engine: Engine): SnapshotStore {
  async function stage (name: string): Promise<SnapshotStaging | undefined> {
    const staging = await begin(engine, name)
    return staging && { ...staging, add: async (accounts) => await staging.add(accounts.map(stagedOf)) }
  }

  async function * read (name: string): AsyncGenerator<SavedSlice> {
    for await (const slices of engine.readSlices(readSnapshot, name)) yield * slices
  }

  /** Reads on until a page is full, or nothing is left. */
  async function listDifferences (
    name: string, { from = 1n, limit }: PageRequest
  ): Promise<Page<SnapshotDifference> | undefined> {
    let found: SnapshotDifference[] | undefined
    for await (const slices of engine.readSlices(compareSnapshot, name, from)) {
      for (const differences of slices) found = [...found ?? [], ...differences]
      if (found !== undefined && found.length > limit) break
    }
    return found && pageOf(found, limit, ({ accountId }) => accountId, (difference) => difference)
  }

  return {
    saveSnapshot: async (name, accountIds) =>
      accountIds === undefined ? await saveAll(engine, name) : await engine.change(saveChosen, name, accountIds),
    stageSnapshot: stage,
    findSnapshot: async (name) => await engine.read(findSnapshot, name),
    listSnapshots: async (page) => await engine.read(listSnapshots, page),
    readSnapshot: read,
    listDifferences,
    restoreSnapshot: async (name, dryRun, clientId) => dryRun
      ? await engine.rehearse(restoreSnapshot, name, clientId)
      : await engine.change(restoreSnapshot, name, clientId),
    deleteSnapshot: async (name) => {
      const snapshotId = await engine.change(hideSnapshot, name)
      if (snapshotId === undefined) return false
      await remove(engine, snapshotId)
      return true
    }
  }
}

/** A file does not know which account under a number it was. */
function stagedOf ({ accountId, clientId, currency: { numericCode }, balances }: SavedAccount): StagedAccount {
  return { accountId, incarnation: undefined, clientId, currency: numericCode, balances }
}
