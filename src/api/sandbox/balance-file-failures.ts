import type { BalanceFileRecord, FailureWords, RecordFailure } from '../../domain/balance-file.js'
import { describeItemFailure, type ItemNames } from '../../domain/item-failure.js'

const FIELD_NAMES = { actual: 'act_balance', blocked: 'blk_balance', currency: 'bill_ccy' } as const

/** Puts into words why a record of a balance file failed. None of them holds a semicolon, which separates records. */
export function describeRecordFailure (
  failure: RecordFailure, { item: { inputType, inputId } }: BalanceFileRecord
): FailureWords {
  const subject = inputType === 'account' ? 'Account' : 'Token'
  return { subject: `${subject}: ${inputId}`, reason: reasonOf(failure, subject) }
}

function reasonOf (failure: RecordFailure, subject: ItemNames['subject']): string {
  switch (failure.code) {
    case 'record-repeated':
      return 'record_id stands twice in the file'
    case 'record-used':
      return 'record_id was applied before' +
        `${failure.sameFile ? ' with another content' : ''}, from the file ${failure.fileName} ` +
        '(another record must have another record_id)'
    case 'account-set':
      return failure.sameRun
        ? `line ${failure.line} of this file sets the account to other balances`
        : `line ${failure.line} of an earlier run of this file has set the account to other balances ` +
          '(another file must have another name)'
    default:
      return describeItemFailure(failure, { ...FIELD_NAMES, subject })
  }
}
