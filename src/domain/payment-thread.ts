import type { Currency } from './currency.js'
import type { Money, Payment, PaymentThread } from './payment.js'

/** A thread as the database keeps it: numbers of 64 bits as texts, currencies by their numeric codes. */
type StoredThread = Omit<
  PaymentThread, 'tid' | 'payment' | 'accountId' | 'billing' | 'externalReference' | 'cardExpiry'
> & {
  readonly tid: string
  readonly accountId: string
  readonly externalReference: string | null
  readonly cardExpiry: string | null
  readonly billing: StoredMoney
  readonly payment: Omit<Payment, 'token' | 'amount' | 'currency' | 'processorDecision'> & StoredMoney & {
    readonly token: string
    readonly processorDecision: string | null
  }
}

interface StoredMoney {
  readonly amount: string
  readonly currency: string
}

function storedMoney ({ amount, currency }: Money): StoredMoney {
  return { amount: amount.toString(), currency: currency.numericCode }
}

/** Writes a thread as a JSON text, from which {@link readThread} gives the same. */
export function writeThread (thread: PaymentThread): string {
  const { tid, accountId, externalReference = null, cardExpiry = null, billing, payment } = thread
  const { token, processorDecision = null } = payment
  const stored: StoredThread = {
    ...thread,
    tid: tid.toString(),
    accountId: accountId.toString(),
    externalReference,
    cardExpiry,
    billing: storedMoney(billing),
    payment: { ...payment, ...storedMoney(payment), token: token.toString(), processorDecision }
  }
  return JSON.stringify(stored)
}

/** @param currencyOf gives the currency of a numeric code that was stored */
export function readThread (text: string, currencyOf: (numericCode: string) => Currency): PaymentThread {
  const stored = JSON.parse(text) as StoredThread
  const money = ({ amount, currency }: StoredMoney): Money =>
    ({ amount: BigInt(amount), currency: currencyOf(currency) })
  return {
    ...stored,
    tid: BigInt(stored.tid),
    accountId: BigInt(stored.accountId),
    externalReference: stored.externalReference ?? undefined,
    cardExpiry: stored.cardExpiry ?? undefined,
    billing: money(stored.billing),
    payment: {
      ...stored.payment,
      ...money(stored.payment),
      token: BigInt(stored.payment.token),
      processorDecision: stored.payment.processorDecision ?? undefined
    }
  }
}
