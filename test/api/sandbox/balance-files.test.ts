import { Readable } from 'node:stream'
import Database from 'better-sqlite3'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import type { AdministrativeMessage } from '../../../schemas/sandbox/balance-files.js'
import { readBalanceFileRows } from '../../../src/api/sandbox/balance-file-rows.js'
import { rowsOf } from '../../support/database.js'
import { ADMIN_TOKEN, makeService, NOW, type TestService } from '../../support/service.js'

const HEADER = 'record_id,account_id,bill_ccy,act_balance,blk_balance,token'

async function send ({ app }: TestService, rows: readonly string[] | Readable, query = 'client_id=123&file_name=daily.csv', headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  return await app.inject({
    method: 'POST',
    url: `/sandbox/v1/balance-files?${query}`,
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'text/csv', ...headers },
    payload: rows instanceof Readable ? rows : [HEADER, ...rows, ''].join('\n')
  })
}

function summaryOf (response: LightMyRequestResponse): AdministrativeMessage['SUMMARY'] {
  return response.json<AdministrativeMessage>().SUMMARY
}

t.test('good rows are written, the others come back with line and reason', async (t) => {
  const service = await makeService(t)
  const rows = ['rec-1,9007199254740993,404,5000,2000,', 'rec-2,987654321,404,1,0,', 'rec-3,1003,48,1234,0,', 'rec.4,1002,840,1,0,', 'rec-5,1004,392,-7,8,']
  const response = await send(service, rows)
  t.equal(response.statusCode, 200)
  t.same(response.json(), {
    MESSAGE_TYPE: { Message_Type: '0600', Message_Desc: 'Administrative Message' },
    SUMMARY: {
      Client_Id: 123,
      Job_Id: 1,
      File_Name: 'daily.csv',
      File_Date_Time: '31-01-2026 08:15:30',
      Processing_Time_Secs: 0,
      Total_Records: 5,
      Passed_Records: 3,
      Failed_Records: 2,
      Status: 'Partial Success',
      Status_Description: 'Account: 987654321, Reason: Account does not exist; Line: 5, Reason: record_id must be 1 to 40 of the characters A-Z, a-z, 0-9, _ and -'
    }
  })
  t.match((await service.read('/accounts/9007199254740993')).json(), { actual_balance: '50.00', blocked_balance: '20.00' })
  t.match((await service.read('/accounts/1003')).json(), { actual_balance: '1.234' })
  t.match((await service.read('/accounts/1004')).json(), { actual_balance: '-7', blocked_balance: '8' })
  t.equal(response.headers['location'], '/sandbox/v1/balance-files/1')
  t.same((await service.read('/balance-files/1')).json(), response.json())
  const feedback = await service.read('/balance-files/1/feedback')
  t.equal(feedback.headers['content-type'], 'text/csv; charset=utf-8')
  t.equal(feedback.body, `${HEADER},line,reason
rec-2,987654321,404,1,0,,3,Account does not exist
rec.4,1002,840,1,0,,5,"record_id must be 1 to 40 of the characters A-Z, a-z, 0-9, _ and -"
`)
})

t.test('each written row stands in the history, with the file that set it', async (t) => {
  const service = await makeService(t)
  await send(service, ['rec-1,1002,404,12905,0,'])
  t.same(rowsOf(service.databasePath, `
    SELECT source, client_id, remarks, created_at_ms, account_id, item_index, previous_actual, actual, sent_actual, sent_currency, rate
    FROM balance_changes JOIN operations USING (operation_id) WHERE source = 'batch-file'`), [{
    source: 'batch-file', client_id: 123n, remarks: 'daily.csv', created_at_ms: BigInt(NOW.getTime()), account_id: 1002n, item_index: 2n, previous_actual: 0n, actual: 100n, sent_actual: 12905n, sent_currency: '404', rate: '1/129.05'
  }])
})

t.test('a file may name tokens in place of accounts, but not both', async (t) => {
  const service = await makeService(t)
  const response = await send(service, ['rec-1,,404,5000,0,12345', 'rec-2,1002,840,1,0,', 'rec-3,,404,1,0,777'])
  t.match(summaryOf(response), {
    Passed_Records: 1,
    Status_Description: 'Line: 3, Reason: the file names its accounts by token, and only one of account_id and token may be used in one file; Token: 777, Reason: Token does not exist'
  })
  t.match((await service.read('/accounts/9007199254740993')).json(), { actual_balance: '50.00' })
})

t.test('rows are carried out in the order of the file', async (t) => {
  const service = await makeService(t)
  t.match(summaryOf(await send(service, ['rec-1,1002,840,100,0,', 'rec-2,1002,840,200,0,'])), { Status: 'Success', Status_Description: '' })
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '2.00' })
})

t.test('a second run of the same file ends in the same state, with the same answer and nothing twice', async (t) => {
  const service = await makeService(t)
  const rows = ['rec-1,1002,840,100,0,', 'rec-1,1002,840,100,0,', 'rec-2,5,840,1,0,']
  const { Job_Id: _first, ...first } = summaryOf(await send(service, rows))
  await service.update({ client_id: 123, api_call_unique_identifier: 'later', balance_list: [{ input_type: 'a', input_id: 1002, act_balance: 9, blk_balance: 0, bill_ccy: '840' }] })
  const { Job_Id: _second, ...second } = summaryOf(await send(service, rows))
  t.same(second, first)
  t.match(first, { Passed_Records: 1, Failed_Records: 2, Status_Description: 'Account: 1002, Reason: record_id stands twice in the file; Account: 5, Reason: Account does not exist' })
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '9.00' }, 'the later update stays')
})

t.test('a record_id is never reused for another content, but within its client', async (t) => {
  const service = await makeService(t)
  await send(service, ['rec-1,1002,840,100,0,'])
  t.match(summaryOf(await send(service, ['rec-1,1002,840,101,0,'])), { Status: 'Failure', Status_Description: 'Account: 1002, Reason: record_id was used before, for another content' })
  t.match(summaryOf(await send(service, ['rec-1,2001,404,1,0,'], 'client_id=456&file_name=x')), { Status: 'Success' })
})

t.test('a record that failed may come again', async (t) => {
  const service = await makeService(t)
  t.match(summaryOf(await send(service, ['rec-1,1002,840,1,-1,'])), { Status_Description: 'Account: 1002, Reason: blk_balance is negative' })
  t.match(summaryOf(await send(service, ['rec-1,1002,840,1,1,'])), { Status: 'Success' })
})

t.test('a dry run answers the same and changes no balance', async (t) => {
  const service = await makeService(t)
  const rows = ['rec-1,1002,840,100,0,', 'rec-1,1002,840,100,0,', 'rec-2,5,840,1,0,']
  const rehearsed = await send(service, rows, 'client_id=123&file_name=daily.csv&dry_run=true')
  t.equal(rehearsed.headers['dry-run'], 'true')
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.equal(rowsOf(service.databasePath, 'SELECT * FROM operations WHERE source = \'batch-file\'').length, 0)
  const { Job_Id: _rehearsed, ...expected } = summaryOf(rehearsed)
  const { Job_Id: _real, ...real } = summaryOf(await send(service, rows))
  t.same(real, expected)
})

t.test('a file larger than several transactions is carried out whole, and its feedback has every failed row', async (t) => {
  const service = await makeService(t)
  const rows = Array.from({ length: 2600 }, (_, index) => `rec-${index},${index % 2 === 0 ? 1002 : 5},840,${index},0,`)
  const response = await send(service, rows)
  t.match(summaryOf(response), { Total_Records: 2600, Passed_Records: 1300, Failed_Records: 1300 })
  t.match(summaryOf(response).Status_Description, /; and 1280 more, see the feedback file$/)
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '25.98' })
  const feedback = (await service.read('/balance-files/1/feedback')).body.trimEnd().split('\n')
  t.equal(feedback.length, 1301)
  t.equal(feedback.at(-1), 'rec-2599,5,840,2599,0,,2601,Account does not exist')
})

for (const [what, payload, detail] of [
  ['empty', '', 'the file is empty: line 1 must be the header record_id,account_id,bill_ccy,act_balance,blk_balance,token. Nothing was written'],
  ['without the header', 'rec-1,1002,840,1,0,\n', 'line 1 must be the header record_id,account_id,bill_ccy,act_balance,blk_balance,token. Nothing was written'],
  ['with an endless line', `${HEADER}\n${'x'.repeat(2000)}`, /^line 2: the row is longer than 1000 characters\. Nothing was written$/]
] as const) {
  t.test(`a file ${what} is refused`, async (t) => {
    const service = await makeService(t)
    const response = await send(service, Readable.from([payload]))
    t.equal(response.statusCode, 400)
    t.match(response.json(), { title: 'Bad Request', detail })
    t.equal((await service.read('/balance-files/1')).statusCode, 409)
  })
}

t.test('a byte order mark and line ends of any kind are no part of the rows', async (t) => {
  const service = await makeService(t)
  const response = await send(service, Readable.from([`\ufeff${HEADER}\r\nrec-1,1002,840,100,0,\r\n\r\n`]))
  t.match(summaryOf(response), { Total_Records: 1, Status: 'Success' })
})

t.test('an upload that breaks off keeps what was carried out, and the whole file can be sent again', async (t) => {
  const service = await makeService(t)
  const rows = Array.from({ length: 700 }, (_, index) => `rec-${index},1002,840,${index},0,`)
  const broken = Readable.from((async function * () {
    yield [HEADER, ...rows.slice(0, 600), ''].join('\n')
    throw new Error('the wire broke')
  })())
  await t.rejects(send(service, broken))
  const again = summaryOf(await send(service, rows))
  t.match(again, { Total_Records: 700, Passed_Records: 700, Failed_Records: 0 })
  t.equal(rowsOf(service.databasePath, 'SELECT * FROM balance_changes JOIN operations USING (operation_id) WHERE source = \'batch-file\'').length, 700)
})

t.test('a file with too many rows is read no further', async (t) => {
  const rows = readBalanceFileRows(Readable.from([HEADER, '\nrec-1,1,826,1,0,\nrec-2,1,826,1,0,\n']), 1)
  t.match((await rows.next()).value, { line: 2 })
  await t.rejects(rows.next(), { name: 'BalanceFileError', message: 'line 3: a file may have at most 1 rows' })
})

t.test('a row that names no account does not decide how the file names accounts', async (t) => {
  const service = await makeService(t)
  const response = await send(service, ['rec-1,,840,1,0,', 'rec-2,,404,5000,0,12345', 'rec-3,,998,1,0,12345'])
  t.match(summaryOf(response), {
    Passed_Records: 1,
    Status_Description: 'Line: 2, Reason: exactly one of account_id and token must be given; Token: 12345, Reason: bill_ccy 998 is not a current ISO 4217 currency with a minor unit'
  })
})

t.test('a transaction that fails in its middle leaves nothing of itself behind', async (t) => {
  const service = await makeService(t)
  const other = new Database(service.databasePath)
  t.teardown(() => { other.close() })
  other.exec('CREATE TRIGGER in_the_way BEFORE UPDATE ON accounts WHEN NEW.account_id = 1003 BEGIN SELECT RAISE(ABORT, \'in the way\'); END')
  const rows = ['rec-1,1002,840,100,0,', 'rec-2,1003,48,1,0,']
  t.equal((await send(service, rows)).statusCode, 500)
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '0.00' })
  other.exec('DROP TRIGGER in_the_way')
  t.match(summaryOf(await send(service, rows)), { Status: 'Success', Passed_Records: 2 })
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '1.00' })
})

t.test('a file of an unknown client, or of another type, is refused', async (t) => {
  const service = await makeService(t)
  t.match((await send(service, [], 'client_id=9&file_name=x')).json(), { status: 404, detail: 'There is no client 9' })
  t.match((await send(service, [], undefined, { 'content-type': 'application/json' })).json(), { status: 400 })
  t.match((await send(service, Readable.from(['{}']), undefined, { 'content-type': 'application/json' })).json(), { status: 415, detail: 'Send the file as text/csv' })
  t.match((await send(service, [], 'client_id=123')).json(), { status: 400, detail: 'file_name is required' })
})

t.test('a file that nobody has sent is unknown', async (t) => {
  const { read } = await makeService(t)
  for (const path of ['/balance-files/9', '/balance-files/9/feedback']) t.match((await read(path)).json(), { status: 404, detail: 'There is no balance file 9' })
})
