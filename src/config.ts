import { isIP } from 'node:net'
import { stateFolderOf } from './admin-token-file.js'
import { findCurrency } from './domain/currency.js'

/** How the service runs. Each value comes from the environment variable that {@link SETTINGS} names. */
export interface Config {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  readonly databasePath: string
  readonly scenarioFile: string | undefined
  /** Undefined when none was given and one is to be made up. */
  readonly adminToken: string | undefined
  readonly logLevel: string
  /** ISO 4217 numeric code. */
  readonly pivotCurrency: string
  readonly amlyzeBalanceTypes: readonly string[]
  /** By client. A client that is not in it has no business units. */
  readonly amlyzeBusinessUnits: ReadonlyMap<number, readonly string[]>
  /** Where an admin token that was made up is kept while the service runs. */
  readonly stateFolder: string
}

/** One setting: what it is for, what holds when it is not set, and what it must be. */
interface Setting {
  readonly description: string
  readonly fallback?: string
  /** What the value must be, to follow "must be". */
  readonly rule: string
  readonly isValid: (value: string) => boolean
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** The name of a balance type or a business unit: what can stand in the lists below without being taken apart. */
const NAME = '[^\\s,;=](?:[^,;=\\p{Cc}]{0,253}[^\\s,;=])?'
const NAMES = `${NAME}(?:,${NAME})*`
const NAME_LIST = new RegExp(`^${NAMES}$`, 'u')
const CLIENT_NAME_LISTS = new RegExp(`^[1-9]\\d{0,9}=${NAMES}(?:;[1-9]\\d{0,9}=${NAMES})*$`, 'u')

/** Takes `123=retail,corporate;456=main` apart. */
function readBusinessUnits (text: string): Array<[clientId: number, businessUnits: string[]]> {
  return text.split(';').filter(Boolean).map((entry) => {
    const [clientId, names = ''] = entry.split('=')
    return [Number(clientId), names.split(',')]
  })
}

function areBusinessUnits (text: string): boolean {
  if (!CLIENT_NAME_LISTS.test(text)) return false
  const clientIds = readBusinessUnits(text).map(([clientId]) => clientId)
  return new Set(clientIds).size === clientIds.length
}

/** Labels of letters, digits, hyphens and underscores, with points between them (RFC 1123, and what names on a LAN use). */
const HOST_NAME = /^\w[\w-]*(?:\.\w[\w-]*)*\.?$/

const anyText = (): boolean => true

/** Every setting of the service, by the name of its environment variable. */
export const SETTINGS = {
  HOST: { description: 'The address to listen on.', fallback: '127.0.0.1', rule: 'a host name or an IP address', isValid: (value) => isIP(value) > 0 || HOST_NAME.test(value) },
  PORT: { description: 'The port to listen on. 0 picks a free one.', fallback: '3000', rule: 'a whole number from 0 to 65535', isValid: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65535 },
  DATABASE_PATH: { description: 'The SQLite file; made, with its folder, where there is none.', fallback: 'data/stip-sandbox.sqlite', rule: 'the path of a file', isValid: anyText },
  SCENARIO_FILE: { description: 'A scenario (JSON or YAML) that is read and loaded when the database is empty, and only then.', rule: 'the path of a file', isValid: anyText },
  ADMIN_TOKEN: { description: 'The bearer token of `/sandbox/v1`. When it is missing, one is made up at each start and printed, and the command line finds it by itself.', rule: '1 to 200 visible ASCII characters without spaces', isValid: (value) => /^[\x21-\x7e]{1,200}$/.test(value) },
  LOG_LEVEL: { description: `The least level that is logged: ${LOG_LEVELS.join(', ')}.`, fallback: 'info', rule: `one of ${LOG_LEVELS.join(', ')}`, isValid: (value) => LOG_LEVELS.includes(value) },
  PIVOT_CURRENCY: { description: 'The currency that a cross rate may go through, ISO 4217 numeric.', fallback: '840', rule: 'the three-digit ISO 4217 code of a current currency with a minor unit', isValid: (value) => findCurrency(value) !== undefined },
  AMLYZE_BALANCE_TYPES: { description: 'The values that AMLYZE\'s `balanceType` may have, separated by commas.', fallback: 'STATEMENT_BALANCE,DAILY_BALANCE', rule: 'names of at most 255 characters, separated by commas, none of them with a semicolon or an equals sign', isValid: (value) => NAME_LIST.test(value) },
  AMLYZE_BUSINESS_UNITS: { description: 'The business units of AMLYZE\'s clients that have some, for example `123=retail,corporate;456=main`.', rule: 'such as 123=retail,corporate;456=main, each client once', isValid: areBusinessUnits }
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof SETTINGS

/** Thrown when a setting is not what it must be. Names every such setting. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the settings. A variable that is empty counts as not set.
 *
 * @param defaults what holds for a setting that is not set, in place of the setting's own default
 * @throws ConfigError with one line a wrong setting: its name and what it must be
 */
export function readConfig (environment: Readonly<Record<string, string | undefined>>, defaults: Readonly<Partial<Record<SettingName, string>>> = {}): Config {
  const faults: string[] = []
  function read (name: SettingName): string | undefined {
    const { fallback, rule, isValid }: Setting = SETTINGS[name]
    const value = environment[name] || defaults[name] || fallback
    if (value !== undefined && !isValid(value)) faults.push(`${name} must be ${rule}`)
    return value
  }
  const config: Config = {
    host: read('HOST') as string,
    port: Number(read('PORT')),
    databasePath: read('DATABASE_PATH') as string,
    scenarioFile: read('SCENARIO_FILE'),
    adminToken: read('ADMIN_TOKEN'),
    logLevel: read('LOG_LEVEL') as string,
    pivotCurrency: read('PIVOT_CURRENCY') as string,
    amlyzeBalanceTypes: (read('AMLYZE_BALANCE_TYPES') as string).split(','),
    amlyzeBusinessUnits: new Map(readBusinessUnits(read('AMLYZE_BUSINESS_UNITS') ?? '')),
    stateFolder: stateFolderOf(environment)
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
  return config
}
