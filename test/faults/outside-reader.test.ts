import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import t from 'tap'
import { execute } from '../support/database.js'
import type { Test } from '../support/folder.js'
import { UNCOUNTED } from '../support/process.js'
import { makeService, updateBody } from '../support/service.js'

const LINES = 10
const UPDATES_A_LINE = 12
const ACCOUNTS = 40

const SCENARIO = {
  clients: [{ client_id: 123, name: 'First Bank', api_key: 'key-of-123' }],
  accounts: Array.from({ length: ACCOUNTS }, (_, index) => ({
    client_id: 123, account_id: String(1000 + index), currency: '840', actual_balance: '0.00', blocked_balance: '0.00'
  }))
}

/** Starts a process that looks into a database. @returns asks it about an answered update, and gets what is wrong */
function startReader (t: Test, path: string): (identifier: string, body: string) => Promise<string[]> {
  const program = fileURLToPath(new URL('../support/outside-reader-process.js', import.meta.url))
  const reader = spawn(process.execPath, [program, path], {
    stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...UNCOUNTED }
  })
  t.teardown(async () => {
    reader.stdin.end()
    await once(reader, 'exit')
  })
  const waiting: Array<(faults: string[]) => void> = []
  createInterface({ input: reader.stdout }).on('line', (line) => { waiting.shift()?.(JSON.parse(line) as string[]) })
  return async (identifier, body) => await new Promise((resolve) => {
    waiting.push(resolve)
    reader.stdin.write(`${JSON.stringify({ identifier, body })}\n`)
  })
}

t.test('after each answer, another process finds balances, changes and answer in the file', async (t) => {
  const { update, databasePath } = await makeService(t, SCENARIO)
  const look = startReader(t, databasePath)
  const lists = fc.sample(fc.uniqueArray(fc.nat(ACCOUNTS), { minLength: 1, maxLength: 10 }), { seed: 1, numRuns: 50 })

  async function runLine (line: number): Promise<string[]> {
    const faults: string[] = []
    for (let number = 0; number < UPDATES_A_LINE; number += 1) {
      const identifier = `${line}-${number}`
      const items = (lists[(line * 7 + number) % lists.length] ?? [])
        .map((index) => ({ input_id: 1000 + index, act_balance: line * 1000 + number, blk_balance: number }))
      const { body } = await update(
        updateBody(items, { api_call_unique_identifier: identifier }), { prefer: 'return=representation' })
      faults.push(...await look(identifier, body))
    }
    return faults
  }
  const faults = await Promise.all(Array.from({ length: LINES }, async (_, line) => await runLine(line)))
  t.same(faults.flat(), [])

  const { body } = await update(
    updateBody([{ input_id: 1000 }], { api_call_unique_identifier: 'last' }), { prefer: 'return=representation' })
  t.same(await look('last', body), [])
  execute(databasePath, 'UPDATE balances SET actual = 1 WHERE account_id = 1000')
  const other = 'account 1000 has other balances than its newest change'
  t.same(await look('last', body), [other, 'account 1000 is behind last'], 'it sees what is false')
  t.same(await look('other', body), [other, 'other is not there'])
  execute(databasePath, `UPDATE balances SET last_change_id = 1 WHERE account_id = 1000;
    UPDATE operations SET answer_body = '{}' WHERE identifier = 'last';
    DELETE FROM balance_changes WHERE operation_id = (SELECT operation_id FROM operations WHERE identifier = 'last')`)
  t.same(await look('last', body),
    [other, 'last has another answer: {}', 'last has changes of 0 accounts, and answered 1'])
})
