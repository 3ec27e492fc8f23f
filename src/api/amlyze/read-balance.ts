import { AccountBalance } from '../../../schemas/amlyze.js'
import { parseInstant, type Instant } from '../../domain/instant.js'
import {
  findValueFault, VALUE_DECIMALS, VALUE_WHOLE_DIGITS, type ReportedBalance
} from '../../domain/reported-balance.js'
import { numberText, type ExactNumber } from '../../exact-json/parse.js'
import { compileExact } from '../../exact-json/validator.js'
import { describeViolation, firstViolation } from '../../exact-json/violation.js'
import { rejectionOf, type Rejection, type RejectionCode } from './catalogue.js'

/** What was read of one balance: the balance, or why it is rejected. */
export type Reading = { readonly balance: ReportedBalance } | { readonly rejection: Rejection }

type FieldName = keyof AccountBalance

/** How one field is checked. */
interface FieldRule {
  readonly name: FieldName
  /** Undefined for a field that may be left out. */
  readonly missing?: RejectionCode
  readonly invalid: RejectionCode
  /** Finds what the schema cannot, in a value that the schema has accepted. */
  readonly findFault?: (value: unknown) => string | undefined
}

/** The order is the precedence of the faults: the first field that is missing or wrong rejects the balance. */
const FIELD_RULES: readonly FieldRule[] = [
  { name: 'requester', missing: 'requester-missing', invalid: 'requester-invalid', findFault: describeTextFault },
  {
    name: 'communicationNumber',
    missing: 'communication-number-missing',
    invalid: 'communication-number-invalid',
    findFault: describeTextFault
  },
  { name: 'accountExtId', missing: 'account-missing', invalid: 'account-invalid', findFault: describeTextFault },
  { name: 'balanceAt', missing: 'balance-at-missing', invalid: 'balance-at-invalid', findFault: describeInstantFault },
  { name: 'value', missing: 'value-missing', invalid: 'value-invalid', findFault: describeValueFault },
  { name: 'equivalentValue', invalid: 'equivalent-value-invalid', findFault: describeValueFault },
  { name: 'balanceType', invalid: 'balance-type-invalid', findFault: describeTextFault },
  { name: 'businessUnit', invalid: 'business-unit-invalid', findFault: describeTextFault }
]

const FIELDS = FIELD_RULES.map((rule) => ({ ...rule, validate: compileExact(AccountBalance.properties[rule.name]) }))

const VALUE_FAULTS = {
  'too-many-decimals': `must have at most ${VALUE_DECIMALS} digits behind the point`,
  'out-of-range': `must have at most ${VALUE_WHOLE_DIGITS} digits before the point`
} as const

/**
 * Reads one balance as it was sent, and checks it field by field.
 *
 * @param sent whatever stood in the body, parsed with the texts of its numbers
 * @returns the balance, or the first fault in the order of the fields; a field that is missing, null or a text of
 *   nothing but white space is one that was not sent
 */
export function readBalance (sent: unknown): Reading {
  if (!isObject(sent)) return { rejection: rejectionOf('body-invalid') }
  for (const { name, missing, invalid, validate, findFault } of FIELDS) {
    const value = sent[name]
    if (isNotSent(value)) {
      if (missing !== undefined) return { rejection: rejectionOf(missing) }
    } else if (!validate(value)) {
      return { rejection: rejectionOf(invalid, describeViolation(firstViolation(validate.errors), name)) }
    } else {
      const fault = findFault?.(value)
      if (fault !== undefined) return { rejection: rejectionOf(invalid, `${name} ${fault}`) }
    }
  }
  return { balance: translate(sent as unknown as AccountBalance) }
}

/** Tells whether a parsed value is an object, and neither a list nor a number that kept its text. */
function isObject (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function isNotSent (value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}

function translate (balance: AccountBalance): ReportedBalance {
  const { balanceType, businessUnit, balanceAt, value, equivalentValue } = balance
  return {
    communicationNumber: balance.communicationNumber,
    requester: balance.requester,
    externalReference: balance.accountExtId,
    balanceType: isNotSent(balanceType) ? undefined : balanceType,
    businessUnit: isNotSent(businessUnit) ? undefined : businessUnit,
    balanceAt: parseInstant(balanceAt) as Instant,
    value: numberText(value),
    equivalentValue: isNotSent(equivalentValue) ? undefined : numberText(equivalentValue as ExactNumber)
  }
}

/** A text that a person cannot tell from another one names nothing. */
function describeTextFault (text: unknown): string | undefined {
  return /\p{Cc}/u.test(text as string) ? 'must not have control characters in it' : undefined
}

function describeInstantFault (text: unknown): string | undefined {
  return parseInstant(text as string) === undefined
    ? 'must be a date and time that exist, such as 2023-09-05T08:07:34.605Z, with at most nine decimals of a second'
    : undefined
}

function describeValueFault (number: unknown): string | undefined {
  const fault = findValueFault(numberText(number as ExactNumber))
  return fault === undefined ? undefined : VALUE_FAULTS[fault]
}
