import t from 'tap'
import { serveCommands } from '../../support/terminal.js'

t.test('a client is made, and its key works until it is rotated', async (t) => {
  const { cli, app } = await serveCommands(t)
  const [, key = ''] = /^X-API-KEY of client 789, not shown again: (\S{32})\n$/.exec(
    (await cli(['client', 'create', '789', '--name', 'Third Bank'])).printed
  ) ??
    []
  const { api_key: rotated } = JSON.parse((await cli(['client', 'rotate', '789', '--json'])).printed)
  const statusWith = async (apiKey: string): Promise<number> =>
    (await app.inject({
      method: 'POST',
      url: '/ppws/api/v1/pws_update_balance',
      headers: { 'x-api-key': apiKey },
      payload: {}
    })).statusCode
  t.same([await statusWith(key), await statusWith(rotated)], [401, 400])
  t.match(
    (await cli(['client', 'rotate', '789', '--amlyze'])).printed,
    /^AMLYZE token of client 789, not shown again: \S{32}\n$/
  )
})

t.test('what is no client is refused', async (t) => {
  const { cli } = await serveCommands(t)
  t.strictSame(await cli(['client', 'create', 'abc', '--name', 'x']), {
    exitCode: 2,
    printed: '',
    complained: 'abc is no client\'s number\n'
  })
  t.match(await cli(['client', 'create', '0', '--name', 'x']), {
    exitCode: 1,
    complained: /client_id must be from 1 to 2147483647/
  })
  t.match(await cli(['client', 'create', '123', '--name', 'x']), {
    exitCode: 1,
    complained: 'There is a client 123 already\n'
  })
  t.match(await cli(['client', 'rotate', '789']), { exitCode: 1, complained: 'There is no client 789\n' })
})
