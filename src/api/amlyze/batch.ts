import { AccountBalanceBatchList } from '../../../schemas/amlyze.js'
import { compileExact } from '../../exact-json/validator.js'
import { describeViolation, type Violation } from '../../exact-json/violation.js'
import type { ReportOutcome } from '../../store/reported-balances.js'
import { rejectionOf, type Rejection } from './catalogue.js'
import { readBalance, type Reading } from './read-balance.js'

const validateList = compileExact(AccountBalanceBatchList)

/** One item of a batch: as it was sent, and what was read of it. */
export interface BatchItem {
  readonly sent: unknown
  readonly reading: Reading
}

/** Reads the items of a batch. An item that breaks the contract is rejected by itself; only a wrong list rejects them all. */
export function readBatch (body: unknown): BatchItem[] | Rejection {
  if (validateList(body)) return (body as AccountBalanceBatchList).accountBalances.map((sent) => ({ sent, reading: readBalance(sent) }))
  const violation = validateList.errors?.[0] as Violation
  const isWhole = violation.instancePath === '' && violation.keyword === 'type'
  return isWhole ? rejectionOf('body-invalid') : rejectionOf('batch-invalid', describeViolation(violation, 'the body'))
}

/**
 * Writes one result an item, in their order. An item that breaks the contract never reached the store, and took no time
 * worth a millisecond.
 *
 * @param outcomes of the items that keep the contract, in their order
 */
export function writeResults (items: readonly BatchItem[], outcomes: readonly ReportOutcome[]): object[] {
  const remaining = outcomes.values()
  return items.map(({ sent, reading }) => {
    if ('rejection' in reading) return writeResult(sent, reading.rejection, 0)
    const { fault, elapsedMs } = remaining.next().value as ReportOutcome
    return writeResult(sent, fault === undefined ? undefined : rejectionOf(fault), elapsedMs)
  })
}

function writeResult (sent: unknown, rejection: Rejection | undefined, timeElapsedMs: number): object {
  const resultType = rejection === undefined ? 'REQUEST_ACCEPTED' : 'REQUEST_REJECTED'
  return { resultType, ...namesOf(sent), ...rejection, timeElapsedMs }
}

/** The texts that name an item, as far as they were sent. */
function namesOf (sent: unknown): object {
  const { communicationNumber, accountExtId, businessUnit } = Object(sent) as Record<string, unknown>
  return Object.fromEntries(Object.entries({ communicationNumber, accountExtId, businessUnit }).filter(([, value]) => typeof value === 'string'))
}
