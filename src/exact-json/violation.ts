import type { ErrorObject } from 'ajv'
import { excerptOf } from '../domain/excerpt.js'

/** The part of Ajv's error that we read. Fastify hands it on in the same shape. */
export type Violation = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params' | 'message' | 'parentSchema'>

/**
 * Chooses the fault to tell. Of a value that may be of several kinds, the fault within its own kind says most: for the
 * others it is only of another type.
 *
 * @param violations what one check found, at least one
 */
export function firstViolation (violations: readonly Violation[] | null | undefined): Violation {
  const found = violations as readonly [Violation]
  return found.find(({ keyword }) => keyword !== 'type' && keyword !== 'anyOf') ?? found[0]
}

/**
 * Puts a broken rule of a contract into words: where the value stands, and what would be right.
 *
 * @param violation the first fault that validation found
 * @param whole what to call the whole value, for example `the body`
 * @returns for example `balance_list[3].bill_ccy must be an ISO 4217 numeric code of three digits, such as 404`
 */
export function describeViolation (violation: Violation, whole: string): string {
  const { instancePath, keyword, params, message, parentSchema } = violation
  if (keyword === 'required') return `${placeOf(instancePath, String(params['missingProperty']))} is required`
  if (keyword === 'additionalProperties') {
    return `${placeOf(instancePath, String(params['additionalProperty']))} is not a known field`
  }
  const allowed = keyword === 'enum' || keyword === 'const' ? `: ${allowedValues(params)}` : ''
  const rule = keyword === 'pattern' ? parentSchema?.['x-rule'] : undefined
  return `${instancePath === '' ? whole : placeOf(instancePath)} ${rule ?? message}${allowed}`
}

function allowedValues (params: Record<string, unknown>): string {
  return JSON.stringify(params['allowedValues'] ?? params['allowedValue'])
}

/**
 * A name that can stand in a place as it is. Others are quoted, so that an empty one is seen and a long one is cut off.
 */
const PLAIN_NAME = /^[A-Za-z_][\w-]{0,59}$/

/** Turns a JSON pointer into a place as people write it: `/balance_list/3/bill_ccy` is `balance_list[3].bill_ccy`. */
function placeOf (pointer: string, member?: string): string {
  const steps = pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const place = steps.reduce((place, step) => /^\d+$/.test(step) ? `${place}[${step}]` : memberOf(place, step), '')
  return member === undefined ? place : memberOf(place, member)
}

function memberOf (place: string, name: string): string {
  if (!PLAIN_NAME.test(name)) return `${place}[${excerptOf(name)}]`
  return place === '' ? name : `${place}.${name}`
}
