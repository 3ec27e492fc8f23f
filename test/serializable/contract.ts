import { readdirSync } from 'node:fs'
import t from 'tap'
import { conflictsThrown } from '../support/conflict-proxy.js'

const FOLDER = new URL('../store/contract/', import.meta.url)

/** The files of the store's contract, compiled, without their ending. */
export function contractFiles (): string[] {
  return readdirSync(FOLDER).filter((file) => file.endsWith('.test.js')).map((file) => file.replace('.test.js', ''))
}

/** Runs files of the contract under SERIALIZABLE, with 40001 thrown into their changes as the seed decides. */
export async function runSerializable (files: readonly string[], seed: number): Promise<void> {
  process.env['STIP_TEST_CONFLICT_SEED'] = String(seed)
  for (const file of files) await import(new URL(`${file}.test.js`, FOLDER).href)
  t.test('conflicts were thrown', async (t) => {
    t.ok(conflictsThrown() > 0, `${conflictsThrown()} by seed ${seed}`)
  })
}
