import t from 'tap'
import { refuseMistakes } from '../src/sandbox-options.js'
import { SETTINGS, type SettingName } from '../src/settings.js'
import { startSandbox, type SandboxSetting } from '../src/sandbox.js'

for (const [options, message] of [
  ['scenario.json', 'The options must be an object, such as { scenario: \'scenario.json\' }'],
  [null, 'The options must be an object, such as { scenario: \'scenario.json\' }'],
  [{ scenarios: 'x' }, 'scenarios is no option. Do you mean scenario?'],
  [{ xyz: 1 }, 'xyz is no option. There are scenario, port, clock, database, settings'],
  [{ RATE_LIMIT: '5' }, 'RATE_LIMIT is no option. It is a setting: give it as settings.RATE_LIMIT'],
  [{ toString: 1 }, 'toString is no option. There are scenario, port, clock, database, settings'],
  [{ scenario: 5, port: '0', clock: 0 }, 'scenario must be the path of a scenario, or the scenario itself\n' +
    'port must be a whole number from 0 to 65535\nclock must be a function that gives a Date'],
  [{ database: ':memory:' }, `database must be ${SETTINGS.DATABASE_PATH.rule}`],
  [{ settings: [] }, 'settings must be an object with settings by their names'],
  [{ settings: { RATE_LIMITS: '5' } }, 'settings.RATE_LIMITS is no setting. Do you mean RATE_LIMIT?'],
  [{ settings: { rate_limit: '5' } }, 'settings.rate_limit is no setting. Do you mean RATE_LIMIT?'],
  [{ settings: { PORT: '1' } }, 'settings.PORT cannot be given. Give the option "port" in its place'],
  [{ settings: { DATABASE_PATH: 'x' } },
    'settings.DATABASE_PATH cannot be given. Give the option "database" in its place'],
  [{ settings: { DATABASE_URL: 'x' } }, 'settings.DATABASE_URL cannot be given, because a sandbox has a SQLite ' +
    'database: reset could not set back another'],
  [{ settings: { RATE_LIMIT: 5 } },
    'settings.RATE_LIMIT must be a text, as in the environment, not a value of type number']
] as const) {
  t.test(`options of a sandbox with a mistake: ${JSON.stringify(options)}`, async (t) => {
    await t.rejects(startSandbox(options as object), { name: 'ConfigError', message })
  })
}

/** What the types refuse. The compiler complains of a setting too many or too few. */
const REFUSED: Readonly<Record<Exclude<SettingName, SandboxSetting>, true>> = {
  PORT: true,
  DATABASE_PATH: true,
  DATABASE_URL: true,
  DATABASE_CONNECTIONS: true,
  DATABASE_STATEMENT_TIMEOUT_SECONDS: true,
  DATABASE_ISOLATION: true,
  SCENARIO_FILE: true
}

t.test('every setting is given or refused as the types say', async (t) => {
  for (const name of Object.keys(SETTINGS)) {
    const give = (): void => { refuseMistakes({ port: undefined, settings: { [name]: 'x' } }) }
    if (Object.hasOwn(REFUSED, name)) t.throws(give, { message: new RegExp(`^settings\\.${name} cannot be given`) })
    else t.doesNotThrow(give, name)
  }
  refuseMistakes({ settings: { RATE_LIMIT: undefined } })
})
