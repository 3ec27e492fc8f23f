import type { Scenario, ScenarioClient, StoredScenario } from '../../domain/scenario.js'
import { SCENARIO_SNAPSHOT } from '../../domain/snapshot.js'
import { longChange, reading, slicedReading, type Slice } from '../engine.js'
import type { RateFilter, RateKey } from '../port/rates.js'
import type { ContentCounts, ScenarioLoading } from '../port/scenarios.js'
import type { RuleKey } from '../port/stand-in-rules.js'
import { all, eachRun, first, int8, pause, run, sql, statement, text, type Operation } from '../sql.js'
import { readAllAccounts } from './account-reading.js'
import { insertAccounts, type AccountItem } from './accounts.js'
import { insertKeys } from './clients.js'
import { insertOperation } from './history-writing.js'
import { pageOf } from './page.js'
import { listRates, writeRates } from './rates.js'
import { findByName, insertSnapshot } from './snapshots.js'
import { insertRules, listRules } from './stand-in-rules.js'

/** How many accounts, clients or rates are read or written at a time. */
const SLICE = 500

const INSERT_CLIENT = statement`INSERT INTO clients (client_id, name, created_at_ms) VALUES (${int8}, ${text}, ${int8})`

const INSERT_STAND_IN = statement`INSERT INTO client_stand_in (client_id, settings) VALUES (${int8}, ${text})`
const INSERT_ISSUER =
  statement`INSERT INTO client_issuers (client_id, settings, state) VALUES (${int8}, ${text}, ${text})`

export const countContent = reading(function * () {
  return yield * findContent()
})

type CountsRow = Readonly<Record<keyof ContentCounts, bigint>>

/** Counts only where there is something: an empty database is seen at once. */
function * findContent (): Operation<ContentCounts | undefined> {
  const any = yield * first(sql`SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM clients) OR EXISTS (SELECT 1 FROM rates)`)
  if (any === undefined) return undefined
  const [row] = (yield * all(sql`SELECT (SELECT count(*) FROM clients) AS clients,
    (SELECT count(*) FROM accounts) AS accounts, (SELECT count(*) FROM rates) AS rates`)) as [CountsRow]
  return { clients: Number(row.clients), accounts: Number(row.accounts), rates: Number(row.rates) }
}

/** Fills an empty database. The balances are saved as the snapshot that a reset restores. */
export const loadScenario = longChange(function * (
  context, { clients, accounts, rates, rules }: Scenario
): Operation<ScenarioLoading> {
  const content = yield * findContent()
  if (content !== undefined) return { kind: 'not-empty', content }
  const { nowMs } = context
  const { operationId, firstChangeId } = yield * insertOperation({ source: 'scenario' }, accounts.length, nowMs)
  for (const part of slicesOf(clients)) {
    yield * insertClients(part, nowMs)
    yield * pause()
  }
  for (const part of slicesOf(accounts.map((account, itemIndex) => ({ account, itemIndex })))) {
    const [begin] = part as readonly [AccountItem]
    yield * insertAccounts(part, { operationId, firstChangeId: firstChangeId + BigInt(begin.itemIndex) }, context)
    yield * pause()
  }
  for (const part of slicesOf(rates)) {
    yield * writeRates(part, nowMs)
    yield * pause()
  }
  for (const part of slicesOf(rules)) {
    yield * insertRules(part)
    yield * pause()
  }
  yield * saveScenario(accounts.length, nowMs)
  return { kind: 'loaded' }
})

function * insertClients (clients: readonly ScenarioClient[], nowMs: number): Operation<void> {
  yield * eachRun(INSERT_CLIENT, clients.map(({ clientId, name }) => [BigInt(clientId), name, BigInt(nowMs)]))
  yield * eachRun(INSERT_STAND_IN, clients.flatMap(({ clientId, standIn }) =>
    standIn === undefined ? [] : [[BigInt(clientId), JSON.stringify(standIn)]]))
  yield * eachRun(INSERT_ISSUER, clients.flatMap(({ clientId, issuer }) =>
    issuer === undefined ? [] : [[BigInt(clientId), JSON.stringify(issuer.choice), issuer.state]]))
  yield * insertKeys(clients.flatMap(({ clientId, keyHash, amlyzeTokenHash }) => [
    ...keyHash === undefined ? [] : [{ clientId, kind: 'paymentology' as const, keyHash }],
    ...amlyzeTokenHash === undefined ? [] : [{ clientId, kind: 'amlyze' as const, keyHash: amlyzeTokenHash }]
  ]), nowMs)
}

/** Saves all accounts. A scenario without a client or a rate leaves the database empty, and its snapshot behind. */
function * saveScenario (accountCount: number, nowMs: number): Operation<void> {
  const earlier = yield * findByName(SCENARIO_SNAPSHOT)
  if (earlier !== undefined) {
    yield * run(sql`DELETE FROM snapshot_balances WHERE snapshot_id = ${earlier.snapshotId}`)
    yield * run(sql`DELETE FROM snapshots WHERE snapshot_id = ${earlier.snapshotId}`)
  }
  const snapshotId =
    yield * insertSnapshot({ name: SCENARIO_SNAPSHOT, savedAt: new Date(nowMs), coversAll: true, accountCount })
  for (let from: bigint | undefined = 1n; from !== undefined; yield * pause()) {
    const next: { account_id: bigint } | undefined = yield * first(sql`SELECT account_id FROM accounts
      WHERE account_id >= ${from} ORDER BY account_id LIMIT 1 OFFSET ${BigInt(SLICE)}`)
    const to = next === undefined ? sql`` : sql` AND account_id < ${next.account_id}`
    yield * run(sql`INSERT INTO snapshot_balances
        (snapshot_id, account_id, incarnation, client_id, currency, actual, blocked)
      SELECT ${snapshotId}, account_id, incarnation, client_id, currency, actual, blocked
      FROM accounts JOIN balances USING (account_id) WHERE account_id >= ${from}${to} ORDER BY account_id`)
    from = next?.account_id
  }
}

function * slicesOf<Item> (items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += SLICE) yield items.slice(from, from + SLICE)
}

/** Where an export goes on. */
type ExportCursor =
  | { readonly of: 'clients' | 'accounts', readonly from: bigint | undefined }
  | { readonly of: 'rates', readonly after: RateKey | undefined }
  | { readonly of: 'rules', readonly after: RuleKey | undefined }

interface ClientRow {
  client_id: bigint
  name: string
  key_hash: Buffer | null
  amlyze_token_hash: Buffer | null
  stand_in: string | null
  issuer: string | null
  issuer_state: 'on' | 'off' | null
}

const NOTHING: StoredScenario = { clients: [], accounts: [], rates: [], rules: [] }

const EVERY_RATE: RateFilter = { base: null, quote: null, currentOnly: false }

/** Reads all that the database holds: the clients, then the accounts, then the rates, then the rules. */
export const exportScenario = slicedReading(function * (
  context, cursor: ExportCursor | undefined
): Operation<Slice<ExportCursor, StoredScenario>> {
  switch (cursor?.of) {
    case undefined:
    case 'clients': {
      const { items: clients, next } = yield * readClients(cursor?.from)
      return { items: [{ ...NOTHING, clients }], next: { of: next === undefined ? 'accounts' : 'clients', from: next } }
    }
    case 'accounts': {
      const { items: accounts, next } = yield * readAllAccounts.work(context, cursor.from)
      const rest: ExportCursor = next === undefined ? { of: 'rates', after: undefined } : { of: 'accounts', from: next }
      return { items: [{ ...NOTHING, accounts }], next: rest }
    }
    case 'rates': {
      const rates = yield * listRates.work(context, EVERY_RATE, cursor.after, SLICE)
      const last = rates.length < SLICE ? undefined : rates.at(-1)
      const rest: ExportCursor = last === undefined ? { of: 'rules', after: undefined } : { of: 'rates', after: last }
      return { items: [{ ...NOTHING, rates }], next: rest }
    }
    case 'rules': {
      const rules = yield * listRules.work(context, undefined, cursor.after, SLICE)
      const last = rules.length < SLICE ? undefined : rules.at(-1)
      return { items: [{ ...NOTHING, rules }], next: last && { of: 'rules', after: last } }
    }
  }
})

function * readClients (from = 1n): Operation<Slice<bigint, ScenarioClient>> {
  const rows = yield * all<ClientRow>(sql`SELECT clients.client_id, name, paymentology.key_hash,
      amlyze.key_hash AS amlyze_token_hash, client_stand_in.settings AS stand_in,
      client_issuers.settings AS issuer, client_issuers.state AS issuer_state
    FROM clients
    LEFT JOIN client_stand_in ON client_stand_in.client_id = clients.client_id
    LEFT JOIN client_issuers ON client_issuers.client_id = clients.client_id
    LEFT JOIN api_keys AS paymentology
      ON paymentology.client_id = clients.client_id AND paymentology.kind = 'paymentology'
    LEFT JOIN api_keys AS amlyze ON amlyze.client_id = clients.client_id AND amlyze.kind = 'amlyze'
    WHERE clients.client_id >= ${from} ORDER BY clients.client_id LIMIT ${BigInt(SLICE + 1)}`)
  return pageOf(rows, SLICE, (row) => row.client_id, clientOf)
}

function clientOf (row: ClientRow): ScenarioClient {
  return {
    clientId: Number(row.client_id),
    name: row.name,
    keyHash: row.key_hash ?? undefined,
    amlyzeTokenHash: row.amlyze_token_hash ?? undefined,
    standIn: row.stand_in === null ? undefined : JSON.parse(row.stand_in),
    issuer: row.issuer === null || row.issuer_state === null
      ? undefined
      : { choice: JSON.parse(row.issuer), state: row.issuer_state }
  }
}
