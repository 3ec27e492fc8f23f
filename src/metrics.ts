import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client'
import type { StoreObserver } from './store/port/observer.js'

/** The metrics of a service, and how to count them. */
export interface Metrics {
  /** Everything that was counted, and the process's own figures besides, such as the lag of its event loop. */
  readonly registry: Registry
  readonly storeObserver: StoreObserver
  readonly logLineDropped: () => void
  /** @param route the route's pattern, and never the address as it came */
  readonly requestAnswered: (method: string, route: string, status: number, durationMs: number) => void
}

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const COMMIT_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]
const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256]

/**
 * Makes the metrics of one service, all of them at nothing. Labels have few values: no client, account or token is one.
 *
 * @param ofProcess whether the process's own figures are among them: it may belong to somebody else
 */
export function makeMetrics ({ ofProcess = true } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests that were answered, and how long it took.',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers
  })
  const droppedLines = new Counter({
    name: 'stip_log_lines_dropped_total',
    help: 'Log lines that could not be written.',
    registers
  })
  return {
    registry,
    logLineDropped: () => { droppedLines.inc() },
    storeObserver: {
      ...countUpdates(registers), ...countDecisions(registers), ...countTransactions(registers)
    },
    requestAnswered: (method, route, status, durationMs) => {
      requests.observe({ method, route, status }, durationMs / 1000)
    }
  }
}

function countDecisions (registers: Registry[]): Pick<StoreObserver, 'holdsLost' | 'paymentDecided'> {
  const decisions = new Counter({
    name: 'stip_payments_decided_total',
    help: 'Payments that were decided, by who decided them and with which code (DE39).',
    labelNames: ['decided_by', 'de39'],
    registers
  })
  const lostHolds = new Counter({
    name: 'stip_lost_holds_total',
    help: 'Holds that an update wiped because its sender did not know of them.',
    labelNames: ['source'],
    registers
  })
  return {
    holdsLost: (source, count) => { lostHolds.inc({ source }, count) },
    paymentDecided: (decidedBy, de39) => { decisions.inc({ decided_by: decidedBy, de39 }) }
  }
}

function countUpdates (registers: Registry[]): Pick<StoreObserver, 'itemsSettled' | 'replayed'> {
  const updated = new Counter({
    name: 'stip_balance_items_updated_total',
    help: 'Items of updates and rows of balance files that set a balance.',
    labelNames: ['source'],
    registers
  })
  const failed = new Counter({
    name: 'stip_balance_items_failed_total',
    help: 'Items of updates and rows of balance files that failed, by reason.',
    labelNames: ['source', 'reason'],
    registers
  })
  const replays = new Counter({
    name: 'stip_balance_update_replays_total',
    help: 'Updates whose stored answer was given again.',
    labelNames: ['source'],
    registers
  })
  return {
    itemsSettled: (source, count, failures) => {
      updated.inc({ source }, count)
      for (const reason of failures) failed.inc({ source, reason })
    },
    replayed: (source) => { replays.inc({ source }) }
  }
}

function countTransactions (registers: Registry[]): Pick<StoreObserver, 'committed' | 'retried' | 'transacted'> {
  const groupSizes = new Histogram({
    name: 'stip_commit_group_size',
    help: 'Updates that one commit made durable together.',
    buckets: GROUP_SIZES,
    registers
  })
  const commits = new Histogram({
    name: 'stip_commit_duration_seconds',
    help: 'How long a commit of updates took with its sync, without the work before it.',
    buckets: COMMIT_SECONDS,
    registers
  })
  const transactions = new Histogram({
    name: 'stip_transaction_duration_seconds',
    help: 'How long a transaction had its connection to PostgreSQL, from its beginning to its end.',
    buckets: COMMIT_SECONDS,
    registers
  })
  const retries = new Counter({
    name: 'stip_transaction_retries_total',
    help: 'Transactions that were repeated because of another one, by SQLSTATE.',
    labelNames: ['sqlstate'],
    registers
  })
  return {
    committed: (groupSize, commitMs) => {
      groupSizes.observe(groupSize)
      commits.observe(commitMs / 1000)
    },
    retried: (sqlState) => { retries.inc({ sqlstate: sqlState }) },
    transacted: (transactionMs) => { transactions.observe(transactionMs / 1000) }
  }
}
