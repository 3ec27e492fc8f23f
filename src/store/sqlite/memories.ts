import type { Memory } from '../engine.js'
import type { SqliteDatabase } from './connection.js'

/** A memory with more than this is left for an empty one. */
const MEMORY_MAX = 100_000

/** What grouped changes remember between their transactions. */
export interface Memories {
  /** To be called when this connection has written past the memories, or has taken back what they know. */
  readonly forget: () => void
  /**
   * Makes a function that gives the memory of the transaction before, or an empty one when it may not be true any more.
   * To be called in the transaction.
   */
  readonly remember: <Remembered extends Memory>(makeMemory: () => Remembered) => () => Remembered
}

/** Makes the memories of a connection. `PRAGMA data_version` tells when another connection has written. */
export function makeMemories (database: SqliteDatabase): Memories {
  const dataVersion = database.prepare<[], bigint>('PRAGMA data_version').pluck()
  let forgotten = 0
  return {
    forget: () => { forgotten += 1 },
    remember: (makeMemory) => {
      let [memory, seen] = [makeMemory(), '']
      return () => {
        const version = `${dataVersion.get()} ${forgotten}`
        if (version !== seen || memory.size > MEMORY_MAX) [memory, seen] = [makeMemory(), version]
        return memory
      }
    }
  }
}
