import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { packageRoot } from '../../src/package-root.js'
import type { Test } from '../support/folder.js'
import { addressOf, UNCOUNTED, watchProcess, type CommandProcess } from '../support/process.js'
import { ANY_PAYMENT, makeStandInService, type StandInService } from '../support/stand-in.js'

const ISSUER = fileURLToPath(new URL('examples/issuer/issuer.mjs', packageRoot))

const OPTIONS = { stdio: 'pipe', env: { ...process.env, ...UNCOUNTED } } as const

/** A service whose client has the example as its issuer. */
async function makeWith (
  t: Test, deadlineMs: number, ...behaviour: string[]
): Promise<StandInService & { readonly example: CommandProcess }> {
  const [name = 'approve', ...rest] = behaviour
  const example = watchProcess(t, spawn(process.execPath, [ISSUER, name, '0', ...rest], OPTIONS))
  const service = await makeStandInService(t, { rules: [ANY_PAYMENT] })
  await service.call('PUT', '/clients/123/issuer', { url: await addressOf(example), deadline_ms: deadlineMs })
  return { ...service, example }
}

t.test('the example of an issuer approves', async (t) => {
  const { pay, example } = await makeWith(t, 20_000)
  const { transaction } = (await pay()).json()
  t.match(transaction, { de39: '00', decided_by: 'issuer' })
  await example.waitFor(new RegExp(`^0100 TID ${transaction.tid} RID ${transaction.rid} 100.00 KES$`, 'm'))
})

t.test('the example of an issuer sleeps, and acknowledges the advice', async (t) => {
  const { pay, example } = await makeWith(t, 100, 'sleep')
  const { transaction } = (await pay()).json()
  t.match(transaction, { de39: '00', decided_by: 'stand_in', reason_code: '900' })
  await example.waitFor(new RegExp(`^0120 TID ${transaction.tid} `, 'm'))
})

t.test('the example of an issuer approves late', async (t) => {
  const payWith = async (deadlineMs: number) => {
    const { pay, wait, call } = await makeWith(t, deadlineMs, 'late', String(3 * deadlineMs))
    await call('PUT', '/clients/123/stand-in', { mode: 'basic' })
    const { transaction, trace } = (await pay()).json()
    return { transaction, wait, reason: trace.issuer.reason }
  }
  let paid = await payWith(100)
  // On a slow machine a short deadline may pass before the request goes out.
  if (!/^no complete answer/.test(paid.reason)) paid = await payWith(5000)
  const { transaction, wait } = paid
  t.match(transaction, { de39: '05', decided_by: 'stand_in', reason_code: '900' })
  t.match(await wait(transaction.tid, 'late_answer'), {
    reached: true, status: 'declined', trace: { issuer: { late_answer: { de39: '00', applied: false } } }
  })
})

for (const args of [['bogus'], ['late', '4000', 'soon'], ['approve', 'x']]) {
  t.test(`the example of an issuer does not start with ${args.join(' ')}, and says what it takes`, async (t) => {
    const example = spawn(process.execPath, [ISSUER, ...args], OPTIONS)
    const { exitCode, waitForError, output } = watchProcess(t, example)
    await waitForError(/^It takes approve, sleep or late, a port, and how late in milliseconds: /)
    t.equal(await exitCode, 2)
    t.equal(output(), '')
  })
}
