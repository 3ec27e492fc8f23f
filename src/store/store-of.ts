import type { NewRate, Rate } from '../domain/rates.js'
import { startBalanceFile } from './balance-file-job.js'
import type { Engine } from './engine.js'
import { listAccounts, readAccount } from './operations/account-reading.js'
import {
  acknowledgeAdvice, cancelAdvice, claimAdvices, listAdvices, nextDueIn, putOffAdvice, retryAdvice
} from './operations/advices.js'
import { attachToken, createAccounts, deleteAccount, detachToken } from './operations/accounts.js'
import { listFiles, readFailures, readFile } from './operations/balance-files.js'
import {
  readIssuer, readIssuerState, readStandIn, removeIssuer, setIssuer, setStandIn, switchIssuer
} from './operations/client-settings.js'
import { createClient, findClientsByKeys, listClients, replaceKey } from './operations/clients.js'
import { findEventEnds, readEvents } from './operations/events.js'
import { readHistory, readOperation } from './operations/history-reading.js'
import { listRequests, readRequest, recordRequests, removeUnmaskedRequests } from './operations/journal.js'
import { listMessages, listTransactions, readMessage, readTransaction } from './operations/payment-reading.js'
import { abandonPayments, recordLateAnswer } from './operations/payment-endings.js'
import { decidePayment, evaluatePayment, receivePayment } from './operations/payments.js'
import { findConversion, listRates, publishRates } from './operations/rates.js'
import { readReportedBalances, reportBalances } from './operations/reported-balances.js'
import { countContent, exportScenario, loadScenario } from './operations/scenarios.js'
import { updateBalances } from './operations/update-balances.js'
import { observeDecision, observeUpdate, type StoreObserver } from './port/observer.js'
import type { PublishedRates } from './port/rates.js'
import type { Store } from './port/store.js'
import { makePruneMethods } from './prune-methods.js'
import { makeRuleMethods } from './rule-methods.js'
import { makeSnapshotMethods } from './snapshot-methods.js'
import { serveOthers } from '../turns.js'

/** The part of the store that is the same for every engine: which operation stands behind each method. */
export type EngineStore = Omit<Store, 'check' | 'countOtherProcesses' | 'gauges' | 'close'>

/** Makes the store on an engine. */
export function makeStore (engine: Engine, observer: StoreObserver): EngineStore {
  const update = engine.grouping(updateBalances)
  const findClient = engine.groupingReads(findClientsByKeys)
  const changeOrRehearse = (dryRun: boolean): Engine['change'] => dryRun ? engine.rehearse : engine.change

  return {
    updateBalances: async (request) => {
      const outcome = await update(request)
      observeUpdate(observer, request, outcome)
      return outcome
    },
    findClientByKey: async (kind, keyHash) => await findClient({ kind, keyHash }),
    createClient: async (client) => await engine.change(createClient, client),
    listClients: async (page) => await engine.read(listClients, page),
    replaceKey: async (clientId, kind, keyHash) => await engine.change(replaceKey, clientId, kind, keyHash),
    readStandIn: async (clientId) => await engine.read(readStandIn, clientId),
    setStandIn: async (clientId, choice) => await engine.change(setStandIn, clientId, choice),
    readIssuer: async (clientId) => await engine.read(readIssuer, clientId),
    setIssuer: async (clientId, change) => await engine.change(setIssuer, clientId, change),
    removeIssuer: async (clientId) => await engine.change(removeIssuer, clientId),
    readIssuerState: async (clientId) => await engine.read(readIssuerState, clientId),
    switchIssuer: async (clientId, transition) => await engine.change(switchIssuer, clientId, transition),
    readAccount: async (accountId) => await engine.read(readAccount, accountId),
    listAccounts: async (filter, page) => await engine.read(listAccounts, filter, page),
    createAccounts: async (accounts, dryRun) => await changeOrRehearse(dryRun)(createAccounts, accounts),
    deleteAccount: async (accountId, dryRun) => await changeOrRehearse(dryRun)(deleteAccount, accountId),
    attachToken: async (accountId, token, wish = {}) => await engine.change(attachToken, accountId, token, wish),
    detachToken: async (accountId, token) => await engine.change(detachToken, accountId, token),
    readHistory: async (accountId, page, incarnation) => await engine.read(readHistory, accountId, page, incarnation),
    readOperation: async (clientId, identifier) => await engine.read(readOperation, clientId, identifier),
    recordRequests: async (entries, bounds) => { await engine.change(recordRequests, entries, bounds) },
    removeUnmaskedRequests: async () => { await engine.change(removeUnmaskedRequests) },
    listRequests: async (filter, page) => await engine.read(listRequests, filter, page),
    readRequest: async (requestId) => await engine.read(readRequest, requestId),
    publishRates: async (rates) => await publishInSlices(engine, rates),
    startBalanceFile: async (start) => await startBalanceFile(engine, observer, start),
    readBalanceFile: async (jobId) => await engine.read(readFile, jobId),
    listBalanceFiles: async (clientId, page) => await engine.read(listFiles, clientId, page),
    readBalanceFileFailures: async (jobId, fromLine, limit) => await engine.read(readFailures, jobId, fromLine, limit),
    reportBalances: async (report) => await changeOrRehearse(report.dryRun)(reportBalances, report),
    readReportedBalances: async (query) => await engine.read(readReportedBalances, query),
    listRates: async (filter, after, limit) => await engine.read(listRates, filter, after, limit),
    receivePayment: async (payment) => {
      const reception = await engine.change(receivePayment, payment)
      if (reception.kind === 'decided') observeDecision(observer, reception.decided)
      return reception
    },
    evaluatePayment: async (payment) => await engine.rehearse(evaluatePayment, payment),
    decidePayment: async (asked) => {
      const answered = await engine.change(decidePayment, asked)
      observeDecision(observer, answered?.decided)
      return answered
    },
    recordLateAnswer: async (tid, rid, late) => { await engine.change(recordLateAnswer, tid, rid, late) },
    abandonPayments: async (messages) => await engine.change(abandonPayments, messages),
    readTransaction: async (tid) => await engine.read(readTransaction, tid),
    listTransactions: async (filter, page) => await engine.read(listTransactions, filter, page),
    listMessages: async (tid) => await engine.read(listMessages, tid),
    readMessage: async (rid) => await engine.read(readMessage, rid),
    claimAdvices: async (claims, leaseMs) => await engine.change(claimAdvices, claims, leaseMs),
    nextDueIn: async () => await engine.read(nextDueIn),
    settleAdvice: async (rid, delivery) => {
      if (delivery.kind === 'acknowledged') await engine.change(acknowledgeAdvice, rid)
      else await engine.change(putOffAdvice, rid, delivery)
    },
    listAdvices: async (filter, page) => await engine.read(listAdvices, filter, page),
    retryAdvice: async (rid) => await engine.change(retryAdvice, rid),
    cancelAdvice: async (rid) => await engine.change(cancelAdvice, rid),
    ...makeSnapshotMethods(engine),
    ...makePruneMethods(engine),
    ...makeRuleMethods(engine),
    isNumberedInOrder: engine.isNumberedInOrder,
    findEventEnds: async () => await engine.read(findEventEnds),
    readEvents: async (positions, limit) => await engine.read(readEvents, positions, limit),
    countContent: async () => await engine.read(countContent),
    exportScenario: async function * () {
      for await (const parts of engine.readSlices(exportScenario)) yield * parts
    },
    loadScenario: async (scenario, dryRun) => await changeOrRehearse(dryRun)(loadScenario, scenario),
    findConversion: async (request) => await engine.read(findConversion, request)
  }
}

/** How many rates are written in one transaction. */
const SLICE_RATES = 2000

/** Writes many rates, and lets others be served between the transactions. As many as a request may have are one. */
async function publishInSlices (engine: Engine, rates: readonly NewRate[]): Promise<PublishedRates> {
  const published: Rate[] = []
  let written = 0
  for (let from = 0; from < rates.length; from += SLICE_RATES) {
    const slice = await engine.change(publishRates, rates.slice(from, from + SLICE_RATES))
    for (const rate of slice.rates) published.push(rate)
    written += slice.written
    await serveOthers()
  }
  return { rates: published, written }
}
