import t from 'tap'
import { callSandbox } from '../../support/sandbox.js'
import { makeService } from '../../support/service.js'

const HISTORY = 'Date,USD,JPY,HRK,\n2026-01-30,1.0842,164.11,N/A,\n2022-12-30,1.0666,140.66,7.5365,\n'

t.test('an import tells what it did, and can be repeated', async (t) => {
  const { app, read } = await makeService(t)
  const first = await callSandbox(app, 'POST', '/rates/ecb', HISTORY, 'text/csv')
  const summary = {
    days: 2,
    first_day: '2022-12-30',
    last_day: '2026-01-30',
    rates: 4,
    skipped: [{ currency: 'HRK', rates: 1 }]
  }
  t.equal(first.statusCode, 200)
  t.same(first.json(), { ...summary, written: 4 })
  t.same((await callSandbox(app, 'POST', '/rates/ecb', HISTORY, 'text/csv; charset=utf-8')).json(), {
    ...summary,
    written: 0
  })
  t.match(
    (await callSandbox(app, 'POST', '/rates/ecb', HISTORY.replace('1.0842', '1.09'), 'text/csv')).json(), { written: 1 }
  )
  t.match((await read('/rates?base=978&current=true')).json(), {
    rates: [{ quote: '392', rate: '164.11' }, { quote: '840', rate: '1.09', effective_at: '2026-01-30T00:00:00.000Z' }]
  })
  t.match((await read('/conversions?from=978&to=404&amount=1&at=2022-12-31T12:00:00Z')).json(), {
    rate: '137.64473',
    published_rates: [{ effective_at: '2022-12-30T00:00:00.000Z' }, { base: '840' }]
  })
})

t.test('a file with one fault changes nothing', async (t) => {
  const { app, read } = await makeService(t)
  const before = (await read('/rates')).body
  const response = await callSandbox(app, 'POST', '/rates/ecb', HISTORY.replace('140.66', '"140,66"'), 'text/csv')
  t.equal(response.statusCode, 422)
  t.match(response.json(), { detail: 'line 3, JPY, must be a rate above zero or N/A, not "140,66"' })
  t.equal((await read('/rates')).body, before)
})

t.test('only CSV is taken, up to 4 MiB', async (t) => {
  const { app } = await makeService(t)
  t.match((await callSandbox(app, 'POST', '/rates/ecb', '{}', 'application/json')).json(), {
    status: 415, detail: 'The header Content-Type must be text/csv; it is "application/json"'
  })
  t.match((await callSandbox(app, 'POST', '/rates/ecb', HISTORY, 'text/csv; charset=utf-16')).json(), {
    status: 415,
    detail: /^The body must be in UTF-8/
  })
  const limit = 4 * 1024 * 1024
  t.match((await callSandbox(app, 'POST', '/rates/ecb', 'x'.repeat(limit + 1), 'text/csv')).json(), {
    status: 413,
    title: 'Payload Too Large',
    detail: `The body must not have more than ${limit} bytes`
  })
  t.match((await callSandbox(app, 'POST', '/rates/ecb', 'x'.repeat(limit), 'text/csv')).json(), { status: 422 })
  t.match((await callSandbox(app, 'PUT', '/rates', HISTORY, 'text/csv')).json(), {
    status: 415, detail: 'The header Content-Type must be application/json; it is "text/csv"'
  }, 'and CSV nowhere else')
})

t.test('an equal rate is not written again, however its zeros are written', async (t) => {
  const { app, read } = await makeService(t)
  const written = async (rate: string): Promise<unknown> =>
    (await callSandbox(
      app, 'POST', '/rates/ecb', `Date,USD,\n2026-01-30,${rate},\n`, 'text/csv'
    )).json<{ written: number }>().written
  for (const [rate, count] of [['24.24', 1], ['24.240', 0], ['24.24', 0], ['24.241', 1]] as const) {
    t.equal(await written(rate), count, rate)
  }
  await callSandbox(app, 'PUT', '/rates', {
    rates: [{ base: '978', quote: '840', rate: '24.2410', effective_at: '2026-01-30T00:00:00Z' }]
  })
  t.match((await read('/rates?base=978')).json(), { rates: [{ rate: '24.241' }] })
})
