import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { findCurrency, type Currency } from '../src/domain/currency.js'
import { hashApiKey } from '../src/domain/api-key.js'
import { systemClock } from '../src/clock.js'
import type { Store } from '../src/store/port/store.js'
import { openSqliteStore } from '../src/store/sqlite/store.js'
import { accountId, API_KEY, CLIENT_ID, CURRENCY, externalReference } from './bodies.js'

/** Makes a database with a number of accounts of one client, all at zero, at this path. */
export async function seedDatabase (path: string, accounts: number): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const unfinished = `${path}.unfinished`
  for (const file of [unfinished, `${unfinished}-wal`, `${unfinished}-shm`]) if (existsSync(file)) rmSync(file)
  const store = openSqliteStore({ path: unfinished, pivotCurrency: '840', clock: systemClock })
  await fillStore(store, accounts)
  await store.close()
  renameSync(unfinished, path)
}

/** Puts a number of accounts of one client, all at zero, into an empty store. */
export async function fillStore (store: Store, accounts: number): Promise<void> {
  const currency = findCurrency(CURRENCY) as Currency
  await store.loadScenario({
    clients: [{
      clientId: CLIENT_ID,
      name: 'Bench Bank',
      keyHash: hashApiKey(API_KEY),
      amlyzeTokenHash: undefined,
      standIn: undefined,
      issuer: undefined
    }],
    accounts: Array.from({ length: accounts }, (_, index) => ({
      clientId: CLIENT_ID,
      accountId: BigInt(accountId(index)),
      currency,
      externalReference: externalReference(index),
      balances: { actual: 0n, blocked: 0n },
      cards: []
    })),
    rates: [],
    rules: []
  }, false)
}
