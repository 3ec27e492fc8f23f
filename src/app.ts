import fastify, { type FastifyInstance } from 'fastify'
import { amlyze, answerAmlyzeFault, type AmlyzeLists } from './api/amlyze/index.js'
import { amlyzeJournal } from './api/amlyze/journal.js'
import { issuer } from './api/issuer.js'
import { answerPaymentologyFault, paymentology } from './api/paymentology/index.js'
import { paymentologyJournal } from './api/paymentology/journal.js'
import { sandbox } from './api/sandbox/index.js'
import { presentDecision } from './api/sandbox/present-payment.js'
import { ClientFaults } from './client-faults.js'
import type { Clock } from './clock.js'
import type { JournalEntry } from './domain/journal.js'
import { connectionOptions, limitedConnections } from './http/connections.js'
import { dialectOf } from './http/dialect-of.js'
import { documentation } from './http/documentation.js'
import { exactJson } from './http/exact-json.js'
import { health } from './http/health.js'
import { journalled, type JournalSettings, type Resends } from './http/journal.js'
import { makeLimitLog } from './http/limit-log.js'
import type { ClientLimits, Timeouts } from './http/limits.js'
import { loggerOptions, type LogStream } from './http/logging.js'
import { countedRequests, metricsPage } from './http/metrics.js'
import { named } from './http/named.js'
import { neighbours } from './http/neighbours.js'
import { answerProblemFault, handleError } from './http/problem.js'
import { limitedRate } from './http/rate-limit.js'
import type { AnswerFault } from './http/request-fault.js'
import { requestHead } from './http/request-head.js'
import { requestId, requestIdOptions } from './http/request-id.js'
import { retention } from './http/retention.js'
import { securityHeaders } from './http/security-headers.js'
import { serializers } from './http/serializers.js'
import { shutdown } from './http/shutdown.js'
import { unmatched, unmatchedOptions } from './http/unmatched.js'
import { BuiltInIssuers } from './issuer/issuers.js'
import type { Metrics } from './metrics.js'
import { fastMessages } from './fast/issuer-messages.js'
import { makeFastClient } from './fast/call.js'
import { CALLS_MAX, type FastClientOptions } from './fast/calls.js'
import { Throttle } from './fast/throttle.js'
import { makeStandIn } from './stand-in/stand-in.js'
import type { Store } from './store/port/store.js'
import type { TlsOptions } from './tls.js'

/** What the service is made with. */
export interface AppOptions {
  /** Closed together with the service. */
  readonly store: Store
  readonly clock: Clock
  /** What the sandbox's own API asks for as a bearer token. */
  readonly adminToken: string
  /** The least level that is logged. */
  readonly logLevel: string
  /** Where the log goes; standard output without it. */
  readonly log?: LogStream
  /** What AMLYZE's calls are held against. */
  readonly amlyzeLists: AmlyzeLists
  /** Counts requests, and is shown at `/metrics`. */
  readonly metrics: Metrics
  readonly timeouts: Timeouts
  readonly limits: ClientLimits
  /** The names by which the service may be called, beside those of the loopback; undefined for any. */
  readonly allowedHosts: ReadonlySet<string> | undefined
  /** Requests a minute and client; 0 for as many as it likes. */
  readonly rateLimit: number
  /** How old history may become, in days; 0 to keep all of it. */
  readonly retentionDays: number
  readonly journal: JournalSettings
  /** How issuers are reached. */
  readonly issuers?: FastClientOptions | undefined
  /** Told of each request to a dialect once it is answered. */
  readonly onDialectRequest?: ((entry: JournalEntry) => void) | undefined
  /** Undefined for plain HTTP. */
  readonly tls?: TlsOptions | undefined
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Puts back what the process remembers beside its database: issuers that are left alone are asked again, the asking
     * about payments that are gone ends, built-in issuers begin anew, and clients' faults end.
     */
    resetMemory: () => Promise<void>
  }
}

/** What a route's body may have at most where the route does not say otherwise. */
const BODY_LIMIT_BYTES = 64 * 1024

const NOT_SENT = 'a message to an issuer was not sent, or a late answer was given up'

/** Who answers below a prefix what reaches no route. */
interface Dialect {
  readonly prefix: string
  readonly answer: AnswerFault
}

/** Tells whether a route belongs to a dialect. */
export function isDialectRoute (route: string): boolean {
  return dialectOf([paymentologyJournal, amlyzeJournal], route) !== undefined
}

/**
 * Builds the whole service, which needs no port to be used (`inject`). Each dialect stands below a prefix of its own.
 */
export function buildApp (options: AppOptions): FastifyInstance {
  const { store, clock, adminToken, logLevel, log, amlyzeLists, metrics } = options
  const { timeouts, limits, allowedHosts, rateLimit, retentionDays, journal, onDialectRequest, tls, issuers } = options
  const resends: Resends = new Map()
  const dialects = [
    { ...paymentologyJournal, answer: answerPaymentologyFault },
    { ...amlyzeJournal, answer: answerAmlyzeFault(clock) }
  ]
  const answerFault = answerFaultBelow(dialects)
  const app = fastify({
    ...loggerOptions(logLevel, log),
    ...requestIdOptions,
    ...unmatchedOptions(answerFault),
    ...connectionOptions(timeouts, tls),
    bodyLimit: BODY_LIMIT_BYTES,
    // What still arrives on an open connection is applied, because the store closes last.
    return503OnClosing: false
  })
  app.setErrorHandler(handleError)
  const logLimit = makeLimitLog(app.log, clock)
  app.register(limitedConnections, { limits, logLimit, isTls: tls !== undefined })
  app.register(requestId)
  app.register(countedRequests, { metrics })
  app.register(journalled, {
    store, clock, settings: journal, dialects, resends, partsMax: limits.jsonParts, onAnswered: onDialectRequest
  })
  app.register(shutdown)
  app.register(securityHeaders, { isTls: tls !== undefined })
  app.register(requestHead, { answer: answerFault, allowedHosts })
  app.register(unmatched, { answer: answerFault })
  app.register(limitedRate, { requestsPerMinute: rateLimit })
  app.register(retention, { store, clock, retentionDays })
  app.register(neighbours, { store })
  app.register(exactJson, { partsMax: limits.jsonParts, logLimit })
  app.register(serializers)
  app.register(documentation)
  const builtIn = new BuiltInIssuers({ clock, random: Math.random })
  const faults = new ClientFaults(clock)
  app.register(named(health), { prefix: '/health', store, builtIn, faults })
  app.register(named(metricsPage), { metrics, store, adminToken })
  app.register(named(paymentology), { prefix: '/ppws', store, resends, faults })
  app.register(named(amlyze), { prefix: '/amlyze-ws-rest', store, clock, lists: amlyzeLists, resends })
  const callsMax = issuers?.callsMax ?? CALLS_MAX
  const standIn = makeStandIn({
    store,
    client: makeFastClient({ ...issuers, onCallsMax: () => { logLimit('ISSUER_CALLS', callsMax, NOT_SENT) } }),
    throttle: new Throttle(),
    messages: fastMessages,
    answer: presentDecision,
    clock,
    log: app.log
  })
  app.register(named(sandbox), {
    prefix: '/sandbox/v1',
    store,
    clock,
    adminToken,
    resends,
    standIn,
    builtIn,
    issuerHosts: issuers?.hosts,
    faults,
    maxListeners: limits.eventListeners,
    logLimit
  })
  app.register(named(issuer), { prefix: '/issuer', issuers: builtIn })
  app.decorate('resetMemory', async () => {
    builtIn.resetAll()
    faults.endAll()
    await standIn.setBack()
  })
  app.addHook('onReady', async () => { standIn.sender.start() })
  // The requests under way are waited for, and some of them wait for an issuer.
  app.addHook('preClose', async () => { standIn.endAsking() })
  app.addHook('onClose', async () => {
    await standIn.close()
    await store.close()
  })
  return app
}

/** Lets the dialect answer to which an address belongs. Below none of the prefixes the answer is problem details. */
function answerFaultBelow (dialects: readonly Dialect[]): AnswerFault {
  return (fault, url) => {
    const answer = dialectOf(dialects, url)?.answer ?? answerProblemFault
    return answer(fault, url)
  }
}
