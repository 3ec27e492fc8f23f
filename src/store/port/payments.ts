import type { Decider, IssuerResult } from '../../domain/decision.js'
import type { IssuerMessages } from '../../domain/issuer-messages.js'
import type { IssuerOutcome, LateAnswer } from '../../domain/issuer-outcome.js'
import type { IssuerSettings } from '../../domain/issuer-settings.js'
import type { Balances } from '../../domain/money.js'
import type { Money, Payment, PaymentThread } from '../../domain/payment.js'
import type { RulesVerdict } from '../../domain/rule-evaluation.js'
import type { Trace } from '../../domain/trace.js'
import type { RequestIdentity } from './balance-updates.js'
import type { Page, PageRequest } from './page.js'

/** What a payment is until all about it has ended. Life-cycle events move it on from `approved`. */
export type TransactionState = 'received' | 'approved' | 'declined' | 'abandoned' | 'reset'

/** What a stand-in approval keeps blocked, in minor units of the account's currency. */
export interface HoldRecord {
  readonly amount: bigint
  /** What was neither reversed nor released. */
  readonly remaining: bigint
  /** Whether the account's blocked balance contains it. */
  readonly counted: boolean
  /** Whether the issuer knows of it. */
  readonly known: boolean
}

/** A payment and what became of it. */
export interface TransactionRecord {
  readonly tid: bigint
  /** The request to the issuer, sent or not; undefined where nobody has the token. */
  readonly rid: bigint | undefined
  readonly token: bigint
  readonly clientId: number | undefined
  readonly accountId: bigint | undefined
  readonly idempotencyKey: string | undefined
  readonly messageType: string
  readonly spendType: string
  readonly entryMode: string
  readonly merchantCategory: string
  readonly country: string
  readonly amount: Money
  readonly billing: Money | undefined
  readonly state: TransactionState
  readonly de39: string | undefined
  readonly decidedBy: Decider | undefined
  readonly reasonCode: string | undefined
  readonly hold: HoldRecord | undefined
  readonly receivedAt: Date
  readonly decidedAt: Date | undefined
  readonly trace: Trace | undefined
}

/** A payment that was decided. */
export interface DecidedPayment {
  readonly transaction: TransactionRecord
  readonly trace: Trace
  /** The account's balances after it; undefined where there is no account. */
  readonly balances: { readonly now: Balances, readonly currency: Money['currency'] } | undefined
  /** Whether it left an advice. */
  readonly advised: boolean
  /** How many holds the balances wiped that the issuer stated. */
  readonly lostHolds: number
}

/** A payment that was decided, and the answer that is stored. */
export interface AnsweredPayment {
  readonly decided: DecidedPayment
  readonly answer: string
}

/** What every decision needs. */
export interface Deciding {
  readonly messages: IssuerMessages
  /** Makes the answer that is stored in the same transaction. Pure. */
  readonly answer: (decided: DecidedPayment) => string
}

/** A payment as it arrives. */
export interface NewPayment extends Deciding {
  readonly payment: Payment
  /** What lets it be sent again and answered as before; undefined for one that is always a new one. */
  readonly identity: RequestIdentity | undefined
  /**
   * Says whether a client's issuer is left alone for now, after too many failures. It may be asked more than once,
   * where the database repeats the work.
   */
  readonly isThrottled: (clientId: number) => boolean
}

/** A payment that is only evaluated: as if the asking of its issuer had ended so. */
export interface EvaluatedPayment extends Deciding {
  readonly payment: Payment
  readonly asIf: IssuerResult
}

/** What became of a payment that arrived. */
export type Reception =
  /** The key was used before and means the same: this is that answer. */
  | { readonly kind: 'replayed', readonly answer: string }
  /** The key was used before, and that payment is not decided yet. */
  | { readonly kind: 'under-way', readonly tid: bigint }
  /** The key was used before, and that payment was ended without a decision. */
  | { readonly kind: 'abandoned', readonly tid: bigint }
  /** The key was used before, for another payment. */
  | { readonly kind: 'key-reused', readonly tid: bigint }
  | { readonly kind: 'decided', readonly decided: DecidedPayment, readonly answer: string }
  /** The issuer is to be asked, and the payment to be decided afterwards. */
  | {
    readonly kind: 'asking'
    readonly thread: PaymentThread
    readonly rid: bigint
    readonly body: string
    readonly issuer: IssuerSettings
    /** What the rules said when the payment arrived. */
    readonly verdict: RulesVerdict
  }

/** A payment whose issuer was asked. */
export interface AskedPayment extends Deciding {
  readonly thread: PaymentThread
  readonly rid: bigint
  readonly issuer: IssuerSettings
  readonly verdict: RulesVerdict
  readonly outcome: IssuerOutcome
}

/** A message to an issuer, and what came of it. */
export interface MessageRecord {
  readonly rid: bigint
  readonly tid: bigint
  readonly originalRid: bigint | undefined
  readonly feed: Feed
  readonly messageType: string
  /** As it is sent. */
  readonly body: string
  readonly createdAt: Date
  /** A JSON object; undefined while nothing has. */
  readonly outcome: unknown
}

/** `active` decides; `passive` is told afterwards. */
export type Feed = 'active' | 'passive'

export interface TransactionFilter {
  readonly clientId: number | undefined
  readonly accountId: bigint | undefined
  readonly token: bigint | undefined
  readonly state: TransactionState | undefined
  readonly decidedBy: Decider | undefined
}

export interface PaymentStore {
  /** Receives a payment; decides it at once where nobody is to be asked. */
  receivePayment (payment: NewPayment): Promise<Reception>
  /** Decides a payment as {@link receivePayment} does, asks nobody and writes nothing. */
  evaluatePayment (payment: EvaluatedPayment): Promise<DecidedPayment>
  /** @returns undefined for a payment that was ended meanwhile: it took too long, or balances were set back */
  decidePayment (asked: AskedPayment): Promise<AnsweredPayment | undefined>
  /** Records an answer that came after the deadline. It changes no balance and no decision. */
  recordLateAnswer (tid: bigint, rid: bigint, late: LateAnswer): Promise<void>
  /** Ends payments that no process decides any more, and tells their issuers. @returns how many */
  abandonPayments (messages: IssuerMessages): Promise<number>
  readTransaction (tid: bigint): Promise<TransactionRecord | undefined>
  /** Lists transactions, newest first, without their traces. */
  listTransactions (filter: TransactionFilter, page: PageRequest): Promise<Page<TransactionRecord>>
  /** Lists a transaction's messages in their order. */
  listMessages (tid: bigint): Promise<readonly MessageRecord[]>
  readMessage (rid: bigint): Promise<MessageRecord | undefined>
}
