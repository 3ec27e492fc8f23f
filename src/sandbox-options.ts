import { ConfigError } from './config.js'
import { nearNames } from './near-names.js'
import { SETTINGS } from './settings.js'

/** What a member of the options must be. */
interface Member {
  readonly rule: string
  readonly isValid: (value: unknown) => boolean
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The members of the options, by their names. */
const MEMBERS: Readonly<Record<'scenario' | 'port' | 'clock' | 'database' | 'settings', Member>> = {
  scenario: {
    rule: 'the path of a scenario, or the scenario itself',
    isValid: (value) => typeof value === 'string' || isObject(value)
  },
  port: {
    rule: SETTINGS.PORT.rule,
    isValid: (value) => typeof value === 'number' && SETTINGS.PORT.isValid(String(value))
  },
  clock: { rule: 'a function that gives a Date', isValid: (value) => typeof value === 'function' },
  database: {
    rule: SETTINGS.DATABASE_PATH.rule,
    isValid: (value) => typeof value === 'string' && SETTINGS.DATABASE_PATH.isValid(value)
  },
  settings: { rule: 'an object with settings by their names', isValid: isObject }
}

/** The settings that an option gives. */
const GIVEN_BY: Readonly<Record<string, keyof typeof MEMBERS>> = {
  PORT: 'port', DATABASE_PATH: 'database', SCENARIO_FILE: 'scenario'
}

/** The settings of PostgreSQL. */
const OF_POSTGRES = /^DATABASE_(?!PATH$)/

/**
 * Refuses options that types would refuse, for programs without them.
 *
 * @throws ConfigError with one line for each mistake: the name, and the near right ones or what it must be
 */
export function refuseMistakes (options: unknown): void {
  if (!isObject(options)) {
    throw new ConfigError('The options must be an object, such as { scenario: \'scenario.json\' }')
  }
  const faults = Object.entries(options).map(([name, value]) => faultOfMember(name, value))
  const { settings } = options as { settings?: unknown }
  if (isObject(settings)) {
    faults.push(...Object.entries(settings).map(([name, value]) => faultOfSetting(name, value)))
  }
  const found = faults.filter((fault) => fault !== undefined)
  if (found.length > 0) throw new ConfigError(found.join('\n'))
}

function faultOfMember (name: string, value: unknown): string | undefined {
  if (!isNameOf(MEMBERS, name)) {
    const isSetting = isNameOf(SETTINGS, name) ? `It is a setting: give it as settings.${name}` : undefined
    return `${name} is no option. ${isSetting ?? hintOn(name, Object.keys(MEMBERS))}`
  }
  const { rule, isValid } = MEMBERS[name]
  return value === undefined || isValid(value) ? undefined : `${name} must be ${rule}`
}

function faultOfSetting (name: string, value: unknown): string | undefined {
  const option = Object.hasOwn(GIVEN_BY, name) ? GIVEN_BY[name] : undefined
  if (option !== undefined) return `settings.${name} cannot be given. Give the option "${option}" in its place`
  if (!isNameOf(SETTINGS, name)) return `settings.${name} is no setting. ${hintOn(name, Object.keys(SETTINGS))}`
  if (OF_POSTGRES.test(name)) {
    return `settings.${name} cannot be given, because a sandbox has a SQLite database: reset could not set back another`
  }
  return value === undefined || typeof value === 'string'
    ? undefined
    : `settings.${name} must be a text, as in the environment, not a value of type ${typeof value}`
}

function isNameOf <Names extends object> (names: Names, name: string): name is string & keyof Names {
  return Object.hasOwn(names, name)
}

function hintOn (name: string, names: readonly string[]): string {
  const near = nearNames(name, names)
  return near.length > 0 ? `Do you mean ${near.join(' or ')}?` : `There are ${names.join(', ')}`
}
