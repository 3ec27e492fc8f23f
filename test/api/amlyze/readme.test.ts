import { readFileSync } from 'node:fs'
import t from 'tap'
import type { ScenarioDocument } from '../../../schemas/scenario.js'
import { packageRoot } from '../../../src/package-root.js'
import { makeService } from '../../support/service.js'

const readText = (path: string): string => readFileSync(new URL(path, packageRoot), 'utf8')

t.test('docs/amlyze.md: its call works word for word on the demo\'s accounts', async (t) => {
  const [, url, token, body, answer] = /curl -s -X PUT http:\/\/127\.0\.0\.1:3000(\S+) .*?Bearer ([^']+)'.*?-d '([^']+)'.*?```json\n(.*?)\n/s.exec(
    readText('docs/amlyze.md')
  ) ??
    []
  const { app, read } = await makeService(t, JSON.parse(readText('examples/demo-scenario.json')) as ScenarioDocument)
  const call = {
    method: 'PUT',
    url: String(url),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    payload: String(body)
  } as const
  t.equal((await app.inject(call)).body, answer)
  t.match((await app.inject(call)).json(), { errorCode: 'O005' })
  t.match((await read('/accounts/9007199254740993/reported-balances')).json(), {
    stand_in_balance: '1250.75',
    reported_balances: [{ value: '1250.5665', difference: '-0.1835' }]
  })
})
