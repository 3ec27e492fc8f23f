import type { UpdateBalanceRequest } from '../../../schemas/paymentology.js'
import type { BalanceUpdateItem } from '../../domain/balance-update.js'
import { fingerprintOf } from '../../domain/fingerprint.js'
import { exactDecimal, exactInteger } from '../../exact-json/parse.js'
import type { BalanceUpdate } from '../../store/port/balance-updates.js'
import { writeAnswer } from './answer.js'
import { formatPreferences, type Preferences } from './preferences.js'

/**
 * Translates a request that the contract has accepted into the update that it means. The contract allows
 * optional texts to be empty; an empty one says as much as a missing one.
 */
export function translateRequest (
  request: UpdateBalanceRequest, preferences: Preferences, dryRun: boolean, asOfRid?: bigint
): BalanceUpdate {
  const items = request.balance_list.map(translateItem)
  const userId = request.user_id || undefined
  const remarks = request.remarks || undefined
  const preferenceApplied = formatPreferences(preferences)
  return {
    source: 'paymentology',
    clientId: request.client_id,
    identity: {
      identifier: request.api_call_unique_identifier,
      fingerprint: fingerprintOf({ items, userId, remarks })
    },
    items,
    userId,
    remarks,
    reason: undefined,
    allOrNothing: preferences.strict,
    dryRun,
    asOfRid,
    answer: (planned) => ({ body: writeAnswer(planned, preferences.representation), preferenceApplied })
  }
}

function translateItem (item: UpdateBalanceRequest['balance_list'][number]): BalanceUpdateItem {
  return {
    inputType: item.input_type === 'a' ? 'account' : 'token',
    inputId: exactInteger(item.input_id) as bigint, // The contract has found it to be whole.
    actual: exactDecimal(item.act_balance),
    blocked: exactDecimal(item.blk_balance),
    currency: item.bill_ccy,
    externalReference: item.account_ext_ref || undefined
  }
}
