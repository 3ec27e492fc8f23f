import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a helper needs of the test that it helps. */
export interface Test {
  teardown: (end: () => void | Promise<void>) => unknown
}

/** A folder of the test's own, removed when the test ends. */
export function makeFolder (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'stip-sandbox-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  return folder
}
