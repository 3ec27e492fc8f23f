import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request, type ClientRequest } from 'node:http'
import { join } from 'node:path'
import t from 'tap'
import type { AdministrativeMessage } from '../../schemas/sandbox/balance-files.js'
import { HEADER } from '../support/balance-files.js'
import { rowsOf } from '../support/database.js'
import { makeFolder } from '../support/folder.js'
import { addressOf, runCommand, UNCOUNTED } from '../support/process.js'
import { ADMIN_TOKEN, AUTHORIZATION, SCENARIO } from '../support/service.js'

function openUpload (address: string): ClientRequest {
  return request(`${address}/sandbox/v1/balance-files?client_id=123&file_name=daily.csv`, {
    method: 'POST', headers: { ...AUTHORIZATION, 'content-type': 'text/csv' }
  })
}

t.test('a file whose process is killed in its middle ends in the same state when it is sent again', async (t) => {
  const folder = makeFolder(t)
  writeFileSync(join(folder, 'scenario.json'), JSON.stringify(SCENARIO))
  const environment = {
    PORT: '0',
    DATABASE_PATH: 'own.sqlite',
    SCENARIO_FILE: 'scenario.json',
    ADMIN_TOKEN,
    LOG_LEVEL: 'info',
    ...UNCOUNTED
  }
  const changes = (): unknown[] =>
    rowsOf(join(folder, 'own.sqlite'), 'SELECT record_id FROM balance_changes WHERE record_id IS NOT NULL')
  const rows = Array.from({ length: 1700 }, (_, index) =>
    `rec-${index},${index < 850 ? '1002,840' : '1003,48'},12345,0,\n`)

  const first = runCommand(t, folder, ['serve'], environment)
  const address = await addressOf(first)
  const upload = openUpload(address).on('error', () => {})
  upload.write(`${HEADER}\n${rows.slice(0, 1200).join('')}`)
  let actual = ''
  while (actual !== '12.345') {
    const account = await fetch(`${address}/sandbox/v1/accounts/1003`, { headers: AUTHORIZATION })
    actual = (await account.json() as { actual_balance: string }).actual_balance
  }
  first.child.kill('SIGKILL')
  await first.exitCode
  t.equal(changes().length, 1000, 'whole transactions, and no part of one')

  const second = runCommand(t, folder, ['serve'], environment)
  const again = await addressOf(second)
  const read = await fetch(`${again}/sandbox/v1/balance-files/1`, { headers: AUTHORIZATION })
  t.match(await read.json(), {
    status: 409,
    detail: 'Balance file 1 was interrupted, because the service stopped. Send the whole file again: no record is ' +
      'applied twice'
  })
  const whole = openUpload(again)
  whole.end(`${HEADER}\n${rows.join('')}`)
  const [response] = await once(whole, 'response')
  const { SUMMARY: summary } = JSON.parse(Buffer.concat(await response.toArray()).toString()) as AdministrativeMessage
  t.match(summary, {
    Job_Id: 2,
    Total_Records: 1700,
    Passed_Records: 1700,
    Status: 'Success',
    Status_Description: 'Records applied before: 1000'
  })
  t.equal(new Set(changes().map((change) => JSON.stringify(change))).size, 1700)
  t.equal(changes().length, 1700, 'none of them twice')
  t.same(rowsOf(
    join(folder, 'own.sqlite'), 'SELECT account_id, actual FROM balances WHERE account_id IN (1002, 1003)'
  ), [
    { account_id: 1002n, actual: 12345n }, { account_id: 1003n, actual: 12345n }
  ])
})
