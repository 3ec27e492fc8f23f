import { AccountBalanceBatchList } from '../../../schemas/amlyze.js'
import type { ReportFault } from '../../domain/reported-balance.js'
import { compileExact } from '../../exact-json/validator.js'
import { describeViolation, firstViolation } from '../../exact-json/violation.js'
import { rejectionOf, type Rejection } from './catalogue.js'
import { readBalance, type Reading } from './read-balance.js'

/** One item of a batch: as it was sent, and what was read of it. */
export interface BatchItem {
  readonly sent: unknown
  readonly reading: Reading
}

/**
 * Reads the items of a batch. One that breaks the contract is rejected by itself. Only a wrong list rejects them all.
 */
export function readBatch (body: unknown): BatchItem[] | Rejection {
  const validateList = compileExact(AccountBalanceBatchList)
  if (validateList(body)) {
    const { accountBalances } = body as AccountBalanceBatchList
    return accountBalances.map((sent) => ({ sent, reading: readBalance(sent) }))
  }
  const violation = firstViolation(validateList.errors)
  const isWhole = violation.instancePath === '' && violation.keyword === 'type'
  return isWhole ? rejectionOf('body-invalid') : rejectionOf('batch-invalid', describeViolation(violation, 'the body'))
}

/** What became of the items of a batch that keep the contract. They were taken together, in one transaction. */
export interface BatchOutcome {
  /** In their order; undefined where the item was accepted. */
  readonly faults: ReadonlyArray<ReportFault | undefined>
  /** How long the transaction took, and with it each of them. */
  readonly elapsedMs: number
}

/**
 * Writes one result an item, in their order. An item that breaks the contract never reached the store, and took no time
 * worth a millisecond.
 */
export function writeResults (items: readonly BatchItem[], { faults, elapsedMs }: BatchOutcome): object[] {
  let taken = 0
  return items.map(({ sent, reading }) => {
    if ('rejection' in reading) return writeResult(sent, reading.rejection, 0)
    const fault = faults[taken]
    taken += 1
    return writeResult(sent, fault && rejectionOf(fault), elapsedMs)
  })
}

function writeResult (sent: unknown, rejection: Rejection | undefined, timeElapsedMs: number): object {
  const resultType = rejection === undefined ? 'REQUEST_ACCEPTED' : 'REQUEST_REJECTED'
  return { resultType, ...namesOf(sent), ...rejection, timeElapsedMs }
}

/** The texts that name an item, as far as they were sent. */
function namesOf (sent: unknown): object {
  const { communicationNumber, accountExtId, businessUnit } = Object(sent) as Record<string, unknown>
  const names = Object.entries({ communicationNumber, accountExtId, businessUnit })
  return Object.fromEntries(names.filter(([, value]) => typeof value === 'string'))
}
