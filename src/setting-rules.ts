import { isIP } from 'node:net'

/** One setting: what it is for, what holds when it is not set, and what it must be. */
export interface Setting {
  readonly description: string
  readonly fallback?: string
  /** What the value must be, to follow "must be". */
  readonly rule: string
  readonly isValid: (value: string) => boolean
  /** Whether other users must not see it, for example in the list of processes. */
  readonly isSecret?: true
}

/** The name of a balance type or a business unit: what can stand in the lists below without being taken apart. */
const NAME = '[^\\s,;=](?:[^,;=\\p{Cc}]{0,253}[^\\s,;=])?'
const NAMES = `${NAME}(?:,${NAME})*`
export const NAME_LIST = new RegExp(`^${NAMES}$`, 'u')
const CLIENT_NAME_LISTS = new RegExp(`^[1-9]\\d{0,9}=${NAMES}(?:;[1-9]\\d{0,9}=${NAMES})*$`, 'u')

/** Takes `123=retail,corporate;456=main` apart. */
export function readBusinessUnits (text: string): Array<[clientId: number, businessUnits: string[]]> {
  return text.split(';').filter(Boolean).map((entry) => {
    const [clientId, names = ''] = entry.split('=')
    return [Number(clientId), names.split(',')]
  })
}

export function areBusinessUnits (text: string): boolean {
  if (!CLIENT_NAME_LISTS.test(text)) return false
  const clientIds = readBusinessUnits(text).map(([clientId]) => clientId)
  return new Set(clientIds).size === clientIds.length
}

/**
 * Labels of letters, digits, hyphens and underscores, with points between them (RFC 1123, and what names on a LAN use).
 */
export const HOST_NAME = /^\w[\w-]*(?:\.\w[\w-]*)*\.?$/

export const HOST_LIST_RULE = 'host names or IP addresses without port, separated by commas'

export function isHostList (text: string): boolean {
  return text.split(',').every((name) => isIP(name) > 0 || HOST_NAME.test(name))
}

export const anyText = (): boolean => true

export const SECONDS = {
  rule: 'a whole number of seconds from 1 to 3600',
  isValid: (value: string) => /^\d{1,4}$/.test(value) && Number(value) >= 1 && Number(value) <= 3600
}

/** Makes the rule of a setting that is a whole number. */
export function wholeNumber (unit: string, from: number, to: number): Pick<Setting, 'rule' | 'isValid'> {
  return {
    rule: `a whole number${unit} from ${from} to ${to}`,
    isValid: (value) => /^\d{1,15}$/.test(value) && Number(value) >= from && Number(value) <= to
  }
}
