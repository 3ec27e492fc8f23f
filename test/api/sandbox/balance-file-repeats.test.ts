import t from 'tap'
import { sendFile, summaryOf } from '../../support/balance-files.js'
import { rowsOf } from '../../support/database.js'
import { makeService, NO_FILE, type TestService } from '../../support/service.js'

async function setByHand ({ call }: TestService, accountId: string, actual: string): Promise<void> {
  const response = await call('PUT', `/accounts/${accountId}/balances`, {
    actual_balance: actual,
    blocked_balance: '0',
    currency: '840',
    reason: 'by hand'
  })
  if (response.statusCode !== 200) throw new Error(response.body)
}

t.test('a second run of the same file carries nothing out twice, and says so', async (t) => {
  const service = await makeService(t)
  const rows = ['rec-1,1002,840,100,0,', 'rec-1,1002,840,100,0,', 'rec-2,5,840,1,0,']
  t.match(summaryOf(await sendFile(service, rows)), {
    Passed_Records: 1,
    Failed_Records: 2,
    Status_Description: 'Account: 1002, Reason: record_id stands twice in the file; Account: 5, Reason: Account does ' +
      'not exist'
  })
  await setByHand(service, '1002', '9')
  t.match(summaryOf(await sendFile(service, rows)), {
    Passed_Records: 1,
    Failed_Records: 2,
    Status: 'Partial Success',
    Status_Description: 'Account: 1002, Reason: record_id stands twice in the file; Account: 5, Reason: Account does ' +
      'not exist; Records applied before: 1'
  })
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '9.00' }, 'the later update stays')
})

t.test('a record that another file has applied fails, so that no balance is said to be set that is not',
  async (t) => {
    const service = await makeService(t)
    await sendFile(service, ['reset-1,1002,840,50000,0,'], 'client_id=123&file_name=day1.csv')
    await setByHand(service, '1002', '-77')
    t.match(summaryOf(await sendFile(service, ['reset-1,1002,840,50000,0,'], 'client_id=123&file_name=day2.csv')), {
      Passed_Records: 0,
      Status: 'Failure',
      Status_Description: 'Account: 1002, Reason: record_id was applied before, from the file day1.csv ' +
        '(another record must have another record_id)'
    })
    t.match((await service.read('/accounts/1002')).json(), { actual_balance: '-77.00' })
  })

t.test('a record_id is never reused for another content, but within its client', async (t) => {
  const service = await makeService(t)
  await sendFile(service, ['rec-1,1002,840,100,0,'])
  t.match(summaryOf(await sendFile(service, ['rec-1,1002,840,101,0,'])), {
    Status: 'Failure',
    Status_Description: 'Account: 1002, Reason: record_id was applied before with another content, from the file ' +
      'daily.csv (another record must have another record_id)'
  })
  t.match(
    summaryOf(await sendFile(service, ['rec-1,2001,404,1,0,'], 'client_id=456&file_name=daily.csv')),
    { Status: 'Success', Status_Description: '' }
  )
})

t.test('a record that failed may come again', async (t) => {
  const service = await makeService(t)
  t.match(summaryOf(await sendFile(service, ['rec-1,1002,840,1,-1,'])), {
    Status_Description: 'Account: 1002, Reason: blk_balance is negative'
  })
  t.match(summaryOf(await sendFile(service, ['rec-1,1002,840,1,1,'])), { Status: 'Success' })
})

t.test('an older row that is repaired does not win over one that was applied', async (t) => {
  const service = await makeService(t)
  await service.call('PUT', '/accounts/1002/tokens/1002001')
  const rows = ['s-1,,840,100,0,555', 's-2,,840,200,0,1002001']
  t.match(summaryOf(await sendFile(service, rows)), {
    Passed_Records: 1,
    Status_Description: 'Token: 555, Reason: Token does not exist'
  })
  await service.call('PUT', '/accounts/1002/tokens/555')
  t.match(summaryOf(await sendFile(service, rows)), {
    Passed_Records: 1,
    Failed_Records: 1,
    Status_Description: 'Token: 555, Reason: line 3 of an earlier run of this file has set the account to other ' +
      'balances (another file must have another name); Records applied before: 1'
  })
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '2.00' })
  t.match(
    summaryOf(await sendFile(service, ['s-3,,840,100,0,555'], 'client_id=123&file_name=next.csv')),
    { Status: 'Success' },
    'another file may'
  )
})

t.test('a dry run answers the same and changes no balance', { skip: NO_FILE }, async (t) => {
  const service = await makeService(t)
  const good = Array.from({ length: 500 }, (_, index) => `good-${index},1002,840,100,0,`)
  const rows = [...good, 'good-0,1002,840,100,0,', 'rec-2,5,840,1,0,', 'rec-3,1002,840,200,0,', 'rec-4,1002,840,100,0,']
  const rehearsed = await sendFile(service, rows, 'client_id=123&file_name=daily.csv&dry_run=true')
  t.equal(rehearsed.headers['dry-run'], 'true')
  t.match((await service.read('/accounts/1002')).json(), { actual_balance: '0.00' })
  t.same(rowsOf(service.databasePath, 'SELECT * FROM operations WHERE source = \'batch-file\''), [])
  const { Job_Id: _rehearsed, ...expected } = summaryOf(rehearsed)
  t.match(expected, {
    Passed_Records: 501,
    Failed_Records: 3,
    Status_Description: /Account: 1002, Reason: line 2 of this file sets the account to other balances$/
  })
  const { Job_Id: _real, ...real } = summaryOf(await sendFile(service, rows))
  t.same(real, expected)
  t.match(summaryOf(await sendFile(service, rows, 'client_id=123&file_name=daily.csv&dry_run=true')), {
    Passed_Records: 501,
    Status_Description: /line 2 of an earlier run of this file has set .*; Records applied before: 501$/
  }, 'a dry run knows what the real one did')
})

t.test('the reading of a dry run says that it was one', async (t) => {
  const service = await makeService(t)
  await sendFile(service, ['rec-1,1002,840,100,0,'], 'client_id=123&file_name=daily.csv&dry_run=true')
  for (const path of ['/balance-files/1', '/balance-files/1/feedback']) {
    const { statusCode, headers } = await service.read(path)
    t.equal(statusCode, 200)
    t.equal(headers['dry-run'], 'true', path)
  }
})
