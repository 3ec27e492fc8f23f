import t from 'tap'
import { isDialectRoute } from '../src/app.js'
import type { JournalEntry } from '../src/domain/journal.js'
import { makeReadableLog } from '../src/readable-log.js'
import { makeService, updateBody } from './support/service.js'

const TIME = Date.UTC(2026, 0, 31, 8, 15, 30, 123)

function makeLog () {
  const lines: string[] = []
  return { lines, ...makeReadableLog({ write: (line) => { lines.push(line) } }, isDialectRoute) }
}

t.test('a request is one line that a person reads', async (t) => {
  const { log, lines } = makeLog()
  const request = { level: 30, time: TIME, msg: 'request answered', method: 'GET', status: 200, duration_ms: 1.5 }
  log.write(JSON.stringify({ ...request, route: '/sandbox/v1/accounts' }))
  log.write(JSON.stringify({ ...request, route: '/ppws/api/v1/pws_update_balance' }))
  t.same(lines, ['08:15:30Z  GET /sandbox/v1/accounts  200  1.5 ms\n'], 'one of a dialect has a line of its own')
})

t.test('other lines tell their level, their text and what belongs to it', async (t) => {
  const { log, lines } = makeLog()
  log.write(JSON.stringify({ level: 30, time: TIME, hostname: 'x', msg: 'listening' }))
  log.write(JSON.stringify({ level: 40, time: TIME, msg: 'lines were dropped', lines: 3, cause: 'EAGAIN\u001b' }))
  log.write(JSON.stringify({ level: 50, time: TIME, msg: 'failed', err: { stack: 'Error: here\n    at there' } }))
  t.same(lines, [
    '08:15:30Z  listening\n',
    '08:15:30Z  warning  lines were dropped  lines=3  cause=EAGAIN\\u001b\n',
    '08:15:30Z  error  failed\n',
    'Error: here\n    at there\n'
  ])
})

t.test('a request to a dialect is shown with whose it is, and what was wrong', async (t) => {
  const { requestAnswered, lines } = makeLog()
  const shown = (): string => lines.pop() ?? ''
  const entries: JournalEntry[] = []
  const service = await makeService(t, undefined, {
    onDialectRequest: (entry) => {
      entries.push(entry)
      requestAnswered({ ...entry, durationMs: 2.25 })
    }
  })
  await service.update(updateBody([{}, { input_id: 987 }]))
  t.match(shown(), new RegExp('^08:15:\\d\\dZ {2}POST /ppws/api/v1/pws_update_balance {2}200 {2}client 123 {2}' +
    '001 {2}1 of 2 items failed {2}Account: 987, Reason: Account does not exist {2}2\\.3 ms\\n$'))
  await service.update(updateBody([{}, { input_id: 987 }]))
  t.match(shown(), / {2}1 of 2 items failed {2}replayed {2}Account: 987/)
  await service.call('POST', '/requests/1/resend?dry_run=true')
  t.match(shown(), / {2}dry run {2}repeats 1 {2}/)
  await service.update('{')
  t.match(shown(), /pws_update_balance {2}400 {2}client 123 {2}the body is not valid JSON/)
  const unknown = { note: undefined, status: undefined, clientId: undefined, identifier: undefined }
  requestAnswered({ ...entries[0] as JournalEntry, ...unknown })
  t.match(shown(), /pws_update_balance {2}hung up {2}1 of 2 items failed/)
})

t.test('a request to a wrong address is shown once, below a dialect and elsewhere', async (t) => {
  const { log, requestAnswered, lines } = makeLog()
  const { app } = await makeService(t, undefined, { log, logLevel: 'info', onDialectRequest: requestAnswered })
  lines.length = 0
  await app.inject({ method: 'POST', url: '/ppws/nowhere', payload: {} })
  await app.inject('/nowhere')
  await app.inject('/ppws')
  t.match(lines, [
    /POST unknown {2}404 {2}Webservices/, /GET unknown {2}404 {2}\d/, /GET unknown {2}404 {2}Webservices/
  ])
  t.equal(lines.length, 3)
})
