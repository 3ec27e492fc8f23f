import { join } from 'node:path'
import t from 'tap'
import type { ScenarioDocument } from '../../../schemas/scenario.js'
import { readScenario } from '../../../src/domain/scenario.js'
import { openPostgresStore, verifyPostgres } from '../../../src/store/postgres/store.js'
import { UNOBSERVED, type StoreObserver } from '../../../src/store/port/observer.js'
import type { Store } from '../../../src/store/port/store.js'
import { openSqliteStore } from '../../../src/store/sqlite/store.js'
import { verifyDatabase } from '../../../src/store/sqlite/verify.js'
import { allOf } from '../../support/all-of.js'
import { makeConflictProxy } from '../../support/conflict-proxy.js'
import { makeFolder, type Test } from '../../support/folder.js'
import { patient } from '../../support/patience.js'
import { hasSharedPostgres, returnPostgresPlace, takePostgresPlace } from '../../support/postgres-places.js'
import { NOW } from '../../support/service.js'
import { makeSqlitePlace } from '../../support/sqlite-places.js'

/** What a store of a test may be opened with. */
export interface ContractOptions {
  /** Loaded when it is given. */
  readonly scenario?: ScenarioDocument
  readonly clock?: () => Date
  readonly observer?: StoreObserver
}

/** A place for one database, in which stores are opened one after another or side by side. */
export interface Place {
  /** Opens a store that is closed with the test. */
  readonly open: (options?: ContractOptions) => Promise<Store>
  /** Opens a store on another database, an empty one. The test closes it. */
  readonly openAnother: (options?: ContractOptions) => Promise<Store>
  /** Checks a store's database against its own rules. @returns the faults */
  readonly verify: (store: Store) => Promise<readonly string[]>
  /** How many runs of a property this engine makes, given how many SQLite makes. Each run has values of its own. */
  readonly runs: (count: number) => number
}

/** An engine that must keep the store's contract. */
interface Engine {
  readonly name: string
  readonly makePlace: (t: Test) => Place
}

function makeSqliteFolder (t: Test): Place {
  const folder = makeFolder(t)
  const paths = new Map<Store, string>()
  let others = 0

  async function openAt (
    path: string, { scenario, clock = () => NOW, observer = UNOBSERVED }: ContractOptions = {}
  ): Promise<Store> {
    makeSqlitePlace(path)
    const store = openSqliteStore({ path, pivotCurrency: '840', clock, observer })
    paths.set(store, path)
    if (scenario !== undefined) await store.loadScenario(readScenario(scenario), false)
    return store
  }

  return {
    open: async (options) => {
      const store = await openAt(join(folder, 'test.sqlite'), options)
      t.teardown(async () => { await store.close() })
      return store
    },
    openAnother: async (options) => await openAt(join(folder, `other-${others++}.sqlite`), options),
    verify: async (store) => [...verifyDatabase(String(paths.get(store)))],
    runs: (count) => count
  }
}

/**
 * Each place is a schema of its own in the server that all tests share.
 *
 * @param conflictSeed when it is given, changes run SERIALIZABLE, and 40001 is thrown into them as the seed decides
 */
function makePostgresPlace (t: Test, conflictSeed?: number): Place {
  const urls = new Map<Store, string>()
  let own: Promise<string> | undefined
  let opened = 0

  /** The test's own place is given back when it ends. Teardowns run from the last to the first: stores are closed. */
  function takeOwn (): Promise<string> {
    if (own === undefined) {
      const taken = own = takePostgresPlace()
      t.teardown(async () => {
        // One in which no store could be opened may have no tables.
        if ([...urls.values()].includes(await taken)) returnPostgresPlace(await taken)
      })
    }
    return own
  }

  async function openAt (
    url: string, { scenario, clock = () => NOW, observer = UNOBSERVED }: ContractOptions = {}
  ): Promise<Store> {
    const reached = conflictSeed === undefined
      ? { url: patient(url) }
      : { url: patient(await makeConflictProxy(t, url, conflictSeed + opened++)), isolation: 'SERIALIZABLE' as const }
    const store = await openPostgresStore({ ...reached, pivotCurrency: '840', clock, observer })
    urls.set(store, url)
    if (scenario !== undefined) await store.loadScenario(readScenario(scenario), false)
    return store
  }

  return {
    open: async (options) => {
      const store = await openAt(await takeOwn(), options)
      t.teardown(async () => { await store.close() })
      return store
    },
    openAnother: async (options) => {
      const url = await takePostgresPlace()
      const store = await openAt(url, options)
      const close = async (): Promise<void> => {
        await store.close()
        returnPostgresPlace(url)
      }
      const another = { ...store, close }
      urls.set(another, url)
      return another
    },
    verify: async (store) => await allOf(verifyPostgres(String(urls.get(store)))),
    // One takes about five times as long as on SQLite, and most of what a property may find is in what both share.
    runs: (count) => Math.ceil(count / 2)
  }
}

/** Set by the tests that ask for it: see `test/serializable`. */
const { STIP_TEST_CONFLICT_SEED: conflictSeed } = process.env

const CONFLICTING: Engine = {
  name: `PostgreSQL, SERIALIZABLE, 40001 by seed ${conflictSeed}`,
  makePlace: (t) => makePostgresPlace(t, Number(conflictSeed))
}

function enginesOf (seed: string | undefined): readonly Engine[] {
  if (seed !== undefined) return [CONFLICTING]
  const sqlite = { name: 'SQLite', makePlace: makeSqliteFolder }
  return hasSharedPostgres() ? [sqlite, { name: 'PostgreSQL', makePlace: makePostgresPlace }] : [sqlite]
}

const ENGINES = enginesOf(conflictSeed)

/** Runs a test of the store's behaviour on every engine, each time on an empty database. */
export function contract (
  title: string, test: (t: Test & typeof import('tap').default, place: Place) => Promise<void>
): void {
  for (const { name, makePlace } of ENGINES) {
    t.test(`${name}: ${title}`, async (t) => { await test(t as never, makePlace(t)) })
  }
}
