import { formatAmount, type Balances } from '../domain/money.js'
import { DECLINE, type AnyBehaviour } from './definition.js'
import { amountOf, type Ledger, type Statement } from './ledger.js'
import type { IssuerMessage } from './message.js'

/** What an answer is made of. */
interface AnswerParts {
  readonly rid: string
  /** Undefined for an answer without a decision. */
  readonly de39: string | undefined
  readonly shadow: string | undefined
}

/** Decides a message, books it, and writes the answer: a JSON text. */
export function answerMessage (message: IssuerMessage, behaviour: AnyBehaviour, ledger: Ledger): string {
  const de39 = decide(message, behaviour, ledger)
  const statement = ledger.apply(message, de39 === '00')
  return writeAnswer(message, {
    rid: behaviour.behaviour === 'wrong_rid' ? `${message.rid}9` : message.rid,
    de39: behaviour.behaviour === 'without_de39' ? undefined : de39,
    shadow: statement === undefined || behaviour.shadow === undefined
      ? undefined
      : writeShadow(message, behaviour.shadow, statement)
  })
}

function decide (message: IssuerMessage, { behaviour, code = DECLINE }: AnyBehaviour, ledger: Ledger): string {
  if (behaviour === 'decline') return code
  return behaviour === 'ledger' ? ledger.decide(message) : '00'
}

function writeAnswer ({ type, tid, rid: asked }: IssuerMessage, { rid, de39, shadow }: AnswerParts): string {
  const approval = de39 === '00' ? { DE38: asked.slice(-6).padStart(6, '0') } : {}
  const head = JSON.stringify({
    MESSAGE_TYPE: { Message_Type: `${type.slice(0, 2)}${Number(type.slice(2, 3)) + 1}${type.slice(3)}` },
    SUMMARY: { TID: tid, RID: rid },
    ISO_MSG: { ...approval, ...de39 === undefined ? {} : { DE39: de39 } }
  })
  return shadow === undefined ? head : `${head.slice(0, -1)},"SHADOW":${shadow}}`
}

/** Another currency than a card's own. */
const OTHER_CURRENCIES = ['036', '124'] as const

/** Amounts are JSON numbers with the decimals of their currency, which no double could write. */
function writeShadow (
  message: IssuerMessage, kind: NonNullable<AnyBehaviour['shadow']>, { currency, before, after }: Statement
): string {
  const [other, another] = OTHER_CURRENCIES
  const own = currency.numericCode
  const code = kind !== 'wrong_currency' ? own : own === other ? another : other
  const { actual, blocked }: Balances = kind === 'stale' ? before : after
  const amount = formatAmount(amountOf(message, currency) ?? 0n, currency)
  const balances = `[{"actual":${formatAmount(actual, currency)},"blocked":${formatAmount(blocked, currency)},` +
    `"currency":"${code}"}]`
  const indicator = message.isCredit || message.type === '0400' ? 'CREDIT' : 'DEBIT'
  return `{"balances":${balances},"amount":${amount},"creditDebitIndicator":"${indicator}","currency":"${code}"}`
}
