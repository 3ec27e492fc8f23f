import pg from 'pg'
import t from 'tap'
import {
  isRepeatable, isSurelyTakenBack, leavesHost, NoAnswerError, reasonOf, StatementError, storeErrorOf,
  UnknownOutcomeError
} from '../../../src/store/postgres/errors.js'

function said (code: string): StatementError {
  return new StatementError(Object.assign(new pg.DatabaseError('said', 4, 'error'), { code }))
}

t.test('a code of the network is none of the server, also where it looks like one', async (t) => {
  const broken = new StatementError(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
  t.equal(broken.code, undefined)
  t.same([isRepeatable(broken), isSurelyTakenBack(broken), leavesHost(broken)], [false, false, true])
  t.match(storeErrorOf(broken), {
    name: 'StoreUnavailableError', message: 'write EPIPE (the connection to the database failed)'
  })
})

t.test('what the server said decides what becomes of the work', async (t) => {
  for (const [code, repeats, takenBack, leaves, name] of [
    ['40001', true, true, false, 'StoreUnavailableError'], ['40P01', true, true, false, 'StoreUnavailableError'],
    ['23505', true, true, false, 'error'], ['57014', false, false, false, 'StoreUnavailableError'],
    ['57P01', false, false, true, 'StoreUnavailableError'], ['25006', false, false, true, 'StoreUnavailableError'],
    ['53300', false, false, false, 'StoreUnavailableError'], ['22003', false, false, false, 'error'],
    ['40003', false, false, false, 'error'], ['XX000', false, false, false, 'error'],
    ['25P02', false, true, false, 'error'], ['26000', false, false, false, 'StoreUnavailableError'],
    ['42P05', false, false, false, 'StoreUnavailableError']
  ] as const) {
    const error = said(code)
    t.same([isRepeatable(error), isSurelyTakenBack(error), leavesHost(error)], [repeats, takenBack, leaves], code)
    t.equal((storeErrorOf(error) as Error).name, name, code)
  }
  t.equal(leavesHost(new UnknownOutcomeError(said('57P01'))), true)
  t.equal(leavesHost(new UnknownOutcomeError(new Error('a warning'))), false)
})

t.test('a connection without an answer says nothing of its server, which is not left', async (t) => {
  const silent = new StatementError(new NoAnswerError('for 30 s'))
  t.same([leavesHost(silent), leavesHost(new UnknownOutcomeError(silent))], [false, false])
  t.match(storeErrorOf(silent), { name: 'StoreUnavailableError', message: /^the database gave no answer for 30 s / })
})

t.test('where a pooler refuses transactions, the error says what would be right', async (t) => {
  const refused = new StatementError(Object.assign(
    new pg.DatabaseError('transaction blocks not allowed in statement pooling mode', 4, 'error'), { code: '08P01' }))
  t.match((storeErrorOf(refused) as Error).message, /pooling mode \(08P01\)\. A pooler .* must use its session mode/)
})

t.test('a name with several addresses gives the reason of each', async (t) => {
  const reasons = [new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')]
  t.equal(reasonOf(new AggregateError(reasons)), 'connect ECONNREFUSED ::1:1, connect ECONNREFUSED 127.0.0.1:1')
  t.equal(reasonOf(reasons[0]), 'connect ECONNREFUSED ::1:1')
})
