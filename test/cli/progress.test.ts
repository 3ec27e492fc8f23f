import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { startProgress } from '../../src/cli/progress.js'
import { makeTerminal } from '../support/terminal.js'

/** Waits until something was written. */
async function somethingIn (text: () => string): Promise<void> {
  while (text() === '') await wait(5)
}

t.test('a bar shows how much is done, once it has taken long enough, and is taken away', async (t) => {
  const { errors, complained } = makeTerminal({}, '')
  const progress = startProgress(errors, 200, 0)
  progress.update(50)
  await somethingIn(complained)
  t.match(complained(), '25 %')
  progress.stop()
  t.match(complained(), '\u001b[?25h', 'the cursor is back')
})

t.test('without a total only the time is shown', async (t) => {
  const { errors, complained } = makeTerminal({}, '')
  const progress = startProgress(errors, undefined, 0)
  await somethingIn(complained)
  progress.stop()
  t.match(complained(), 'Waiting for the service, 0s')
})

t.test('what is done before its time shows nothing', async (t) => {
  const { errors, complained } = makeTerminal({}, '')
  const progress = startProgress(errors, 10, 60_000)
  progress.update(10)
  progress.stop()
  t.equal(complained(), '')
})

t.test('where there is no terminal nothing is shown', async (t) => {
  const { errors, complained } = makeTerminal()
  const progress = startProgress(errors, 10, 0)
  await wait(5)
  progress.update(5)
  progress.stop()
  t.equal(complained(), '')
})
