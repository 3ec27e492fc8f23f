import { Readable } from 'node:stream'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { writeFeedback } from '../../../src/api/sandbox/balance-file-feedback.js'
import { HEADER, sendFile, summaryOf } from '../../support/balance-files.js'
import { execute, rowsOf } from '../../support/database.js'
import { NO_FILE, NOW, makeService } from '../../support/service.js'

t.test('good rows are written, the others come back with line and reason', async (t) => {
  const service = await makeService(t)
  const rows = [
    'rec-1,9007199254740993,404,5000,2000,', 'rec-2,987654321,404,1,0,', 'rec-3,1003,48,1234,0,', 'rec.4,1002,840,1,0,',
    'rec-5,1004,392,-7,8,'
  ]
  const response = await sendFile(service, rows)
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
      Status_Description: 'Account: 987654321, Reason: Account does not exist; Line: 5, Reason: record_id must be 1 ' +
        'to 40 of the characters A-Z, a-z, 0-9, _ and -'
    }
  })
  t.match((await service.read('/accounts/9007199254740993')).json(), {
    actual_balance: '50.00',
    blocked_balance: '20.00'
  })
  t.match((await service.read('/accounts/1003')).json(), { actual_balance: '1.234' })
  t.match((await service.read('/accounts/1004')).json(), { actual_balance: '-7', blocked_balance: '8' })
  t.equal(response.headers['location'], '/sandbox/v1/balance-files/1')
  const read = await service.read('/balance-files/1')
  t.same(read.json(), response.json())
  t.equal(read.headers['dry-run'], undefined)
  const feedback = await service.read('/balance-files/1/feedback')
  t.equal(feedback.headers['content-type'], 'text/csv; charset=utf-8')
  t.equal(feedback.body, `line,reason,row
3,Account does not exist,"rec-2,987654321,404,1,0,"
5,"record_id must be 1 to 40 of the characters A-Z, a-z, 0-9, _ and -","rec.4,1002,840,1,0,"
`)
})

t.test('files are listed newest first, by client and page by page', async (t) => {
  const service = await makeService(t)
  await sendFile(service, ['rec-1,1002,840,1,0,', 'rec-2,1,840,1,0,'])
  await sendFile(service, ['rec-1,1002,840,1,0,'], 'client_id=123&file_name=daily.csv&dry_run=true')
  await sendFile(service, ['"'], 'client_id=456&file_name=other.csv')
  const broken = Readable.from([Buffer.from([0xff])])
  await sendFile(service, broken, 'client_id=456&file_name=broken.csv')
  const { balance_files: files, next_cursor: next } = (await service.read('/balance-files')).json()
  const common = { client_id: 123, file_name: 'daily.csv', status: 'done', reason: null }
  const times = { started_at: NOW.toISOString(), finished_at: NOW.toISOString() }
  t.match(files, [
    { job_id: 4, client_id: 456, file_name: 'broken.csv', status: 'broken_off', reason: /Nothing was written$/ },
    { job_id: 3, client_id: 456, file_name: 'other.csv', total_records: 1, failed_records: 1 },
    { ...common, ...times, job_id: 2, dry_run: true, total_records: 1, failed_records: 0, repeated_records: 1 },
    { ...common, ...times, job_id: 1, dry_run: false, total_records: 2, failed_records: 1, repeated_records: 0 }
  ])
  t.equal(next, null)
  const first = (await service.read('/balance-files?client_id=123&limit=1')).json()
  t.same(first.balance_files, [files[2]])
  t.same((await service.read(`/balance-files?client_id=123&limit=1&cursor=${first.next_cursor}`)).json(), {
    balance_files: [files[3]], next_cursor: null
  })
  t.match((await service.read('/balance-files?cursor=x')).json(), { status: 400, detail: /^cursor is none/ })
})

t.test('a file that comes in is listed as running', async (t) => {
  const service = await makeService(t)
  await service.store.startBalanceFile({
    clientId: 123, fileName: 'daily.csv', dryRun: false, describeFailure: () => ({ subject: '', reason: '' })
  })
  t.match((await service.read('/balance-files')).json(), {
    balance_files: [{ status: 'running', finished_at: null, reason: null, total_records: 0 }]
  })
})

t.test('the feedback file is CSV whatever the rows hold, and has them as they came', async (t) => {
  const service = await makeService(t)
  const rows = ['a "quote,1', '"', 'short', 'long,1,2,3,4,5,6,7', ' , ,é,\t,"",']
  await sendFile(service, rows)
  const [header, ...failures] = parse((await service.read('/balance-files/1/feedback')).body)
  t.same(header, ['line', 'reason', 'row'])
  t.same(failures.map(([line, , row]) => [line, row]), rows.map((row, index) => [String(index + 2), row]))
})

t.test('each written row stands in the history, with the way back to its file', async (t) => {
  const service = await makeService(t)
  await sendFile(service, ['rec-1,1002,404,12905,0,'])
  t.match((await service.read('/accounts/1002/history')).json(), {
    changes: [
      {
        item_index: 2,
        record_id: 'rec-1',
        before: { actual_balance: '0.00' },
        after: { actual_balance: '1.00' },
        sent: { actual_balance: '129.05', currency: '404' },
        rate: '1/129.05',
        operation: {
          source: 'batch-file',
          client_id: 123,
          identifier: null,
          job_id: '1',
          remarks: 'daily.csv',
          created_at: NOW.toISOString()
        }
      },
      { record_id: null, operation: { source: 'scenario', job_id: null } }
    ]
  })
})

t.test('a file may name tokens in place of accounts, but not both', async (t) => {
  const service = await makeService(t)
  const response = await sendFile(service, ['rec-1,,404,5000,0,12345', 'rec-2,1002,840,1,0,', 'rec-3,,404,1,0,777'])
  t.match(summaryOf(response), {
    Passed_Records: 1,
    Status_Description: 'Line: 3, Reason: the file names its accounts by token, and only one of account_id and token ' +
      'may be used in one file; Token: 777, Reason: Token does not exist'
  })
  t.match((await service.read('/accounts/9007199254740993')).json(), { actual_balance: '50.00' })
})

t.test('the first row that has a record_id and a number decides how the file names accounts', async (t) => {
  const service = await makeService(t)
  const rows = [
    'rec-1,,840,1,0,', 'rec-2,1002', 'rec.3,1002,840,1,0,', 'rec-4,A1,840,1,0,', 'rec-5,,404,5000,0,12345',
    'rec-6,,998,1,0,12345'
  ]
  const summary = summaryOf(await sendFile(service, rows))
  t.match(summary, { Passed_Records: 1, Failed_Records: 5 })
  t.match(
    summary.Status_Description,
    new RegExp('^Line: 2, Reason: exactly one of account_id and token must be given; Line: 3.*; Line: 4.*; ' +
      'Line: 5, Reason: account_id must be a whole number.*; ' +
      'Token: 12345, Reason: bill_ccy 998 is not a current ISO 4217 currency with a minor unit$')
  )
})

t.test('a file sets an account once: a row that would set it to something else fails', async (t) => {
  const service = await makeService(t)
  t.match(summaryOf(await sendFile(service, [
    'rec-1,1002,840,100,0,', 'rec-2,1002,840,200,0,', 'rec-3,1002,840,100,1,', 'rec-4,1002,840,100,0,'
  ])), {
    Passed_Records: 2,
    Failed_Records: 2,
    Status_Description: 'Account: 1002, Reason: line 2 of this file sets the account to other balances; Account: ' +
      '1002, Reason: line 2 of this file sets the account to other balances'
  })
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '1.00', blocked_balance: '0.00' })
})

t.test('a file larger than several transactions is applied whole, and its feedback has every failed row',
  { skip: NO_FILE }, async (t) => {
    const service = await makeService(t)
    const rows = Array.from({ length: 2600 }, (_, index) => `rec-${index},${index < 1300 ? 1002 : 5},840,2598,0,`)
    const response = await sendFile(service, rows)
    t.match(summaryOf(response), { Total_Records: 2600, Passed_Records: 1300, Failed_Records: 1300 })
    t.match(summaryOf(response).Status_Description, /; and 1280 more, see the feedback file$/)
    t.match((await service.read('/accounts/1002')).json(), { actual_balance: '25.98' })
    t.same(rowsOf(service.databasePath, `SELECT count(*) AS changes
      FROM balance_changes JOIN operations USING (operation_id)
      WHERE source = 'batch-file' GROUP BY operation_id`),
    [{ changes: 500n }, { changes: 500n }, { changes: 300n }], 'one operation a transaction')
    const [, ...feedback] = (await service.read('/balance-files/1/feedback')).body.trimEnd().split('\n')
    t.same(feedback, rows.slice(1300).map((row, index) => `${index + 1302},Account does not exist,"${row}"`))
  })

t.test('a transaction that fails in its middle leaves nothing of itself behind', { skip: NO_FILE }, async (t) => {
  const service = await makeService(t)
  const other = new Database(service.databasePath)
  t.teardown(() => { other.close() })
  other.exec('CREATE TRIGGER in_the_way BEFORE UPDATE ON balances WHEN NEW.account_id = 1003 BEGIN SELECT ' +
    'RAISE(ABORT, \'in the way\'); END')
  const rows = ['rec-1,1002,840,100,0,', 'rec-2,1003,48,1,0,']
  t.equal((await sendFile(service, rows)).statusCode, 500)
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.match((await service.read('/balance-files/1')).json(), {
    status: 409,
    detail: 'Balance file 1 was broken off: an unforeseen error, whose cause is in the log. Nothing was written'
  })
  other.exec('DROP TRIGGER in_the_way')
  t.match(summaryOf(await sendFile(service, rows)), { Status: 'Success', Passed_Records: 2, Status_Description: '' })
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '1.00' })
})

t.test('a file of an unknown client, of another type, or with a name that cannot stand in its message, is refused',
  { skip: NO_FILE }, async (t) => {
    const service = await makeService(t)
    t.match((await sendFile(service, [], 'client_id=9&file_name=x')).json(), {
      status: 404,
      detail: 'There is no client 9'
    })
    for (const type of ['application/json', 'text/plain']) {
      t.match(
        (await sendFile(service, [' '.repeat(100_000)], undefined, { 'content-type': type })).json(),
        { status: 415, detail: `The header Content-Type must be text/csv; it is "${type}"` },
        type
      )
    }
    t.match((await sendFile(service, [], 'client_id=123')).json(), { status: 400, detail: 'file_name is required' })
    for (const name of ['', 'a;b', 'a%0Ab', 'x'.repeat(256)]) {
      t.match(
        (await sendFile(service, [], `client_id=123&file_name=${name}`)).json(),
        { status: 400, detail: /^file_name must be 1 to 255 characters without a semicolon/ },
        name
      )
    }
    t.same(rowsOf(service.databasePath, 'SELECT * FROM balance_files'), [])
  })

t.test('a file that nobody has sent is unknown', async (t) => {
  const { read } = await makeService(t)
  for (const path of ['/balance-files/9', '/balance-files/9/feedback']) {
    t.match((await read(path)).json(), { status: 404, detail: 'There is no balance file 9' })
  }
})

const NO_WORDS = {
  clientId: 123,
  fileName: 'daily.csv',
  dryRun: false,
  describeFailure: () => ({ subject: 'A', reason: 'b' })
}

t.test('a file that nobody reads any more is said to be interrupted', async (t) => {
  let now = NOW
  const { store, read } = await makeService(t, undefined, { clock: () => now })
  const job = await store.startBalanceFile(NO_WORDS)
  now = new Date(NOW.getTime() + 60_001)
  t.match((await read(`/balance-files/${job?.jobId}`)).json(), {
    status: 409,
    detail: 'Balance file 1 was interrupted, because the service stopped. Send the whole file again: no record is ' +
      'applied twice'
  })
  await job?.breakOff('the end of the test')
})

t.test('the feedback of a file is refused while rows come in, and marked when they did not all come', async (t) => {
  const { store, read } = await makeService(t)
  const job = await store.startBalanceFile(NO_WORDS)
  await job?.carryOut([{ line: 2, row: 'x', content: { subject: 'Line: 2', reason: 'no row' } }])
  t.match((await read('/balance-files/1/feedback')).json(), {
    status: 409,
    detail: 'Balance file 1 is being applied'
  })
  await job?.breakOff('because')
  const broken = await read('/balance-files/1/feedback')
  t.match(broken, { statusCode: 200, headers: { incomplete: 'true' }, body: 'line,reason,row\n2,no row,x\n' })
  const whole = await store.startBalanceFile(NO_WORDS)
  await whole?.finish()
  t.equal((await read('/balance-files/2/feedback')).headers['incomplete'], undefined)
})

t.test('a file whose run ends while it comes in is refused with what to do', { skip: NO_FILE }, async (t) => {
  const service = await makeService(t)
  const rows = Readable.from((async function * () {
    yield `${HEADER}\n${'x\n'.repeat(500)}`
    execute(service.databasePath, 'DELETE FROM balance_file_failures; DELETE FROM balance_files')
    yield 'y\n'
  })())
  t.match((await sendFile(service, rows)).json(), {
    status: 409,
    detail: 'Balance file 1 was pruned while it came in. Send the whole file again: no record is applied twice'
  })
})

t.test('a feedback file whose run is pruned in its middle breaks off', async (t) => {
  const slices = [[{ line: 2, row: 'x', reason: 'no row' }], undefined]
  const feedback = writeFeedback({ readBalanceFileFailures: async () => slices.shift() }, 1)
  t.match(await feedback.next(), { value: 'line,reason,row\n' })
  t.match(await feedback.next(), { value: '2,no row,x\n' })
  await t.rejects(feedback.next(), { message: 'Balance file 1 was pruned while its feedback was read' })
})

t.test('no cell of the feedback file is a formula', async (t) => {
  const service = await makeService(t)
  await sendFile(service, ['=HYPERLINK("x"),1002,840,1,0,', '@x', '-1'])
  const [, ...failures] = parse((await service.read('/balance-files/1/feedback')).body)
  t.same(failures.map(([, , row]) => row), ["'=HYPERLINK(\"x\"),1002,840,1,0,", "'@x", "'-1"])
})
