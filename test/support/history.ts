import Database from 'better-sqlite3'
import type { Test } from './folder.js'
import { AUTHORIZATION, makeService, updateBody } from './service.js'

/**
 * Makes a database file in which all that can happen has happened: updates, failed items, replays, a deleted account
 * whose number was given anew, a balance file, reports, and a payment with a hold and an advice. The service on it is
 * closed.
 */
export async function makeRichDatabase (t: Test): Promise<string> {
  const { app, databasePath, update, call } = await makeService(t)
  await update(updateBody([{}, { input_id: 5 }, { input_id: 1004 }]), { prefer: 'return=representation' })
  await update(updateBody([{ act_balance: 7 }], { api_call_unique_identifier: '002' }))
  await call('DELETE', '/accounts/1003')
  await call('POST', '/accounts', {
    accounts: [{
      client_id: 123,
      account_id: '1003',
      currency: '404',
      actual_balance: '1.00',
      blocked_balance: '0.00',
      tokens: ['1003001']
    }]
  })
  await call('PUT', '/accounts/1003/balances', {
    actual_balance: '2.00',
    blocked_balance: '1.00',
    currency: '404',
    reason: 'test'
  })
  await app.inject({
    method: 'POST',
    url: '/sandbox/v1/balance-files?client_id=123&file_name=daily.csv',
    headers: { ...AUTHORIZATION, 'content-type': 'text/csv' },
    payload: 'record_id,account_id,bill_ccy,act_balance,blk_balance,token\nr1,1002,840,5000,2000,\nr2,77,840,1,0,\n'
  })
  await app.inject({
    method: 'PUT',
    url: '/amlyze-ws-rest/account-balance',
    headers: { authorization: 'Bearer amlyze-token-of-123' },
    payload: {
      communicationNumber: 'COM1',
      requester: 'core',
      accountExtId: 'WALLET-1',
      balanceAt: '2024-05-26T16:49:50.237',
      value: 1
    }
  })
  await call('PUT', '/accounts/9007199254740992/tokens/12346')
  await call('PUT', '/clients/123/issuer', { url: 'http://127.0.0.1:9/fast' })
  await call('PUT', '/clients/123/issuer/state', { state: 'off', reason: 'test' })
  await call('POST', '/stand-in/rules', { rule_id: 'any', client_id: 123 })
  await call('POST', '/simulations/authorizations', { token: '12346', amount: '5.00', currency: '404' })
  await app.close()
  return databasePath
}

/** Changes a database past the service, without SQLite's own checks of what refers to what. */
export function tamper (path: string, sql: string): void {
  const database = new Database(path)
  try {
    database.pragma('ignore_check_constraints = ON')
    database.pragma('foreign_keys = OFF')
    database.unsafeMode().exec(sql)
  } finally {
    database.close()
  }
}
