import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { UNCOUNTED, watchProcess } from '../support/process.js'

const MAIN = fileURLToPath(new URL('main.js', import.meta.url))

// A process of its own, because other tests load the same file for other engines. All files: npm run test:serializable.
t.test('updates keep the contract under SERIALIZABLE, with 40001 thrown in', async (t) => {
  const run = watchProcess(t, spawn(process.execPath, [MAIN, 'updates'], { env: { ...process.env, ...UNCOUNTED } }))
  t.equal(await run.exitCode, 0) || t.comment(run.output())
  const [, thrown] = /ok \d+ - (\d+ by seed \d+)/.exec(run.output()) ?? []
  t.ok(thrown, String(thrown))
})
