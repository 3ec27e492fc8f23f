import { readScenario } from '../../../src/domain/scenario.js'
import { openPostgresStore, type PostgresStoreOptions } from '../../../src/store/postgres/store.js'
import type { Store } from '../../../src/store/port/store.js'
import type { Test } from '../../support/folder.js'
import { patient } from '../../support/patience.js'
import { returnPostgresPlace, takePostgresPlace } from '../../support/postgres-places.js'
import { NOW, SCENARIO } from '../../support/service.js'

/** Gives a place of the test's own. */
export async function placeFor (t: Test): Promise<string> {
  const url = await takePostgresPlace()
  t.teardown(() => { returnPostgresPlace(url) })
  return url
}

/** Opens a store that is closed with the test, with the scenario of the tests in it where there is none yet. */
export async function openAt (t: Test, url: string, options: Partial<PostgresStoreOptions> = {}): Promise<Store> {
  const store = await openBeside(t, url, options)
  await store.loadScenario(readScenario(SCENARIO), false)
  return store
}

/** Opens a store beside another one. */
export async function openBeside (t: Test, url: string, options: Partial<PostgresStoreOptions>): Promise<Store> {
  const store = await openPostgresStore({ url: patient(url), pivotCurrency: '840', clock: () => NOW, ...options })
  t.teardown(async () => { await store.close() })
  return store
}

/**
 * Opens a store of little patience beside another one. It must do nothing that has to succeed. The opening has to: it
 * is repeated until the machine is quick enough.
 */
export async function openImpatient (
  t: Test, url: string, options: Pick<PostgresStoreOptions, 'statementTimeoutMs'>
): Promise<Store> {
  for (;;) {
    try {
      return await openBeside(t, url, options)
    } catch (error) {
      if (!/timeout/.test((error as Error).message)) throw error
    }
  }
}
