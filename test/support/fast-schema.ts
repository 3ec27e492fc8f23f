import { Type, type Static, type TObject, type TProperties } from '@sinclair/typebox'
import { Ajv } from 'ajv'

/** An object with these members and no others. */
const closed = <Properties extends TProperties>(properties: Properties): TObject<Properties> =>
  Type.Object(properties, { additionalProperties: false })

const digits = (from: number, to = from) => Type.String({ pattern: `^[0-9]{${from},${to}}$` })
const oneOf = <Text extends string>(...texts: Text[]) => Type.Union(texts.map((text) => Type.Literal(text)))
const ofWidth = (width: number) => Type.String({ minLength: width, maxLength: width })

const identifier = Type.String({ pattern: '^[1-9][0-9]{0,18}$' })
const majorUnits = Type.String({ pattern: '^(0|[1-9][0-9]*)(\\.[0-9]+)?$' })
const dateTime = Type.String({ pattern: '^[0-3][0-9]-[01][0-9]-[0-9]{4} [0-2][0-9]:[0-5][0-9]:[0-5][0-9]$' })
const alphabeticCurrency = Type.String({ pattern: '^[A-Z]{3}$' })
const check = oneOf('PASS', 'FAIL', 'NA')
const decision = Type.String({ pattern: '^[0-9A-Z]{2}$' })
const monthAndDay = Type.String({ pattern: '^[01][0-9][0-3][0-9]$' })
const clock = Type.String({ pattern: '^[0-2][0-9][0-5][0-9][0-5][0-9]$' })
const ruleIds = Type.String()

const summary = {
  TID: identifier,
  RID: identifier,
  PID: digits(1, 19),
  Client_Id: digits(1, 10),
  Transaction_Date_Time: dateTime,
  Spend_Type: Type.String({ pattern: '^(POS|ECOM|ATM|MOTO) - [A-Z][A-Za-z -]+$' }),
  Spend_Location: ofWidth(40),
  Transaction_Amount: majorUnits,
  Transaction_Currency: alphabeticCurrency,
  Billing_Amount: majorUnits,
  Billing_Currency: alphabeticCurrency,
  Card_Use_Type: oneOf('Chip', 'Contactless', 'Magnetic Stripe', 'Manual', 'E-Commerce', 'Credential On File'),
  Customer_Validation: Type.String({ pattern: '^(No CVM|PIN)( \\+ (ARQC|CVV|3DS))*$' }),
  Processor_Decision_Code: decision,
  Merchant_Category: Type.String({ pattern: '^[0-9]{4}( - .+)?$' }),
  Account_Id: identifier,
  Customer_Ac: Type.String(),
  Total_Fee_Bill: Type.Literal('0.0')
}

const validations = closed({
  Pan_Check: Type.Literal('PASS'),
  Pin_Check: check,
  Expiry_Check: check,
  Track_Check: check,
  CVV_Type: oneOf('0', '1', '2'),
  CVV_Check: check,
  ARQC_Check: check,
  '3DS_Check': check,
  Test_Matrix: Type.Literal('0'),
  Test_Results: Type.Literal('0'),
  Rules_Checked: ruleIds,
  Rules_Triggered: ruleIds,
  Rules_Decision: decision
})

const elements = {
  DE2: digits(1, 19),
  DE3_1: digits(2),
  DE3_2: digits(2),
  DE3_3: digits(2),
  DE4: digits(12),
  DE5: digits(12),
  DE6: digits(12),
  DE7: Type.String({ pattern: '^[01][0-9][0-3][0-9][0-2][0-9][0-5][0-9][0-5][0-9]$' }),
  DE10: digits(8),
  DE11: digits(6),
  DE12: clock,
  DE13: monthAndDay,
  DE14: Type.Optional(Type.String({ pattern: '^[0-9]{2}[01][0-9]$' })),
  DE15: monthAndDay,
  DE18: digits(4),
  DE22_1: digits(2),
  DE37: digits(12),
  DE41: ofWidth(8),
  DE42: ofWidth(15),
  DE43: ofWidth(40),
  DE48: closed({}),
  DE49: digits(3),
  DE51: digits(3),
  DE61_7: Type.Optional(Type.Literal('4'))
}

const rules = Type.Array(closed({
  Rule_Id: Type.String({ minLength: 1 }),
  Rule_Name: Type.String(),
  Action: Type.Literal('STIP'),
  Triggered: oneOf('true', 'false')
}))

const NETWORK = Type.Literal('MASTERCARD')
const PROCESSOR = Type.Literal('PPWR')

const messageSchema = <Head extends TProperties, Summary extends TProperties, Elements extends TProperties>(
  head: Head, ownSummary: Summary, ownElements: Elements
) => closed({
    MESSAGE_TYPE: closed(head),
    SUMMARY: closed({ ...summary, ...ownSummary }),
    PROCESSOR_VALIDATIONS: validations,
    ISO_MSG: closed({ ...elements, ...ownElements }),
    RULES: rules
  })

const headOf = (type: string, ...descriptions: string[]) =>
  ({ Message_Type: Type.Literal(type), Message_Desc: oneOf(...descriptions) })

const AUTHORISATION = headOf('0100', 'Authorisation Request', 'Pre-Authorisation Request')
const FINANCIAL = headOf('0200', 'Financial Request')

const ASKED = {
  Network: NETWORK,
  Processor_Reason_Code: Type.Literal('000'),
  Processor_Decision_Desc: oneOf('Approve', 'Decline')
}

const DECIDED = {
  Network: NETWORK,
  Processor_Reason_Code: oneOf('000', '900', '930'),
  Processor_Decision_Desc: Type.String({ pattern: '^(Approve|Decline)( - Response (Timed Out|Overriden))?$' })
}

/**
 * What each message must be, written from the published schema and our rulings. An issuer that checks as strictly as
 * the published schema does would refuse a member more or less.
 */
export const FAST_SCHEMAS = {
  request: Type.Union([messageSchema(AUTHORISATION, ASKED, {}), messageSchema(FINANCIAL, ASKED, {})]),
  advice: messageSchema(headOf('0120', 'Authorisation Advice'), {
    Network: PROCESSOR,
    original_RID: identifier,
    Processor_Reason_Code: oneOf('900', '930'),
    Processor_Decision_Desc: Type.String({ pattern: '^(Approve|Decline) - Response (Timed Out|Overriden)$' })
  }, { DE39: decision }),
  reversal: messageSchema(headOf('0420', 'Reversal Advice'), {
    Network: PROCESSOR,
    original_RID: identifier,
    Processor_Reason_Code: Type.Literal('000'),
    Processor_Decision_Desc: oneOf('Approve', 'Decline')
  }, { DE60_1: Type.String({ minLength: 1 }) }),
  passive: Type.Union([
    messageSchema(AUTHORISATION, DECIDED, { DE39: decision }), messageSchema(FINANCIAL, DECIDED, { DE39: decision })
  ])
} as const

export type FastKind = keyof typeof FAST_SCHEMAS
export type ReceivedMessage = Static<typeof FAST_SCHEMAS[FastKind]>

const ajv = new Ajv({ allErrors: true, strict: true })

const VALIDATORS = Object.entries(FAST_SCHEMAS).map(([kind, schema]) =>
  ({ kind: kind as FastKind, validate: ajv.compile(schema) }))

/** Finds the kinds of message that a value is. It is none where anything is missing, wrong, or too much. */
export function kindsOf (message: unknown): FastKind[] {
  return VALIDATORS.filter(({ validate }) => validate(message)).map(({ kind }) => kind)
}

/** What is wrong with a message of a kind, in words; nothing for a valid one. */
export function faultsOf (kind: FastKind, message: unknown): string[] {
  const { validate } = VALIDATORS.find((one) => one.kind === kind) ?? {}
  if (validate === undefined) throw new Error(`${kind} is no kind of message`)
  return validate(message)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message = '', params }) =>
        `${instancePath} ${message} ${JSON.stringify(params)}`)
}
