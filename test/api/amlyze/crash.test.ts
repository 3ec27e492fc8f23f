import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { balance, BATCH } from '../../support/amlyze.js'
import { makeFolder } from '../../support/folder.js'
import { addressOf, runCommand, UNCOUNTED } from '../../support/process.js'
import { ADMIN_TOKEN, AUTHORIZATION, SCENARIO } from '../../support/service.js'

const ITEMS = 20
const ANSWERS_BEFORE_KILL = 30
const SENDERS = 4

const bodyOf = (batch: number): string =>
  JSON.stringify({
    accountBalances: Array.from({ length: ITEMS }, (_, index) => balance({ communicationNumber: `${batch}/${index}` }))
  })

t.test('after a kill in the midst of batches, each that was answered is there, and none is there in part',
  async (t) => {
    const folder = makeFolder(t)
    writeFileSync(join(folder, 'scenario.json'), JSON.stringify(SCENARIO))
    const environment = {
      PORT: '0', DATABASE_PATH: 'own.sqlite', SCENARIO_FILE: 'scenario.json', ADMIN_TOKEN, ...UNCOUNTED
    }

    const first = runCommand(t, folder, ['serve'], environment)
    const address = await addressOf(first)
    const send = async (to: string, batch: number): Promise<string[]> => {
      const headers = { authorization: 'Bearer amlyze-token-of-123', 'content-type': 'application/json' }
      const response = await fetch(`${to}${BATCH}`, { method: 'POST', headers, body: bodyOf(batch) })
      const { results } = await response.json() as { results: Array<{ resultType: string, errorCode?: string }> }
      return results.map(({ resultType, errorCode }) => errorCode ?? resultType)
    }
    const answered: number[] = []
    let next = 0
    async function sendUntilKilled (): Promise<void> {
      for (;;) {
        const batch = next++
        const results = await send(address, batch).catch(() => undefined)
        if (results === undefined) return
        answered.push(batch)
        t.same(results, new Array(ITEMS).fill('REQUEST_ACCEPTED'))
        if (answered.length === ANSWERS_BEFORE_KILL) first.child.kill('SIGKILL')
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, sendUntilKilled))
    t.equal(await first.exitCode, null, 'it was killed and had no time to close anything')

    const second = runCommand(t, folder, ['serve'], environment)
    const again = await addressOf(second)
    const response = await fetch(
    `${again}/sandbox/v1/accounts/9007199254740993/reported-balances?view=series&limit=1000`, { headers: AUTHORIZATION }
    )
    const { reported_balances: found, next_cursor: cursor } =
    await response.json() as { reported_balances: Array<{ communication_number: string }>, next_cursor: string | null }
    t.equal(cursor, null)
    const counts = new Map<number, number>()
    for (const { communication_number: number } of found) {
      counts.set(parseInt(number), (counts.get(parseInt(number)) ?? 0) + 1)
    }
    for (const [batch, count] of counts) t.equal(count, ITEMS, `batch ${batch} is there as a whole`)
    for (const batch of answered) t.ok(counts.has(batch), `batch ${batch} was answered`)
    for (const batch of Array(next).keys()) {
      t.same(
        await send(again, batch),
        new Array(ITEMS).fill(counts.has(batch) ? 'O005' : 'REQUEST_ACCEPTED'),
        'sent again, what is there is known, and what is not is taken'
      )
    }
  })
