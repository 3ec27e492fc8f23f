import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'
import type { ClientFaults } from '../../client-faults.js'
import type { Clock } from '../../clock.js'
import type { IssuerHosts } from '../../domain/issuer-endpoint.js'
import { requireAdminToken } from '../../http/admin-token.js'
import type { LogLimit } from '../../http/limit-log.js'
import { named } from '../../http/named.js'
import type { Resends } from '../../http/journal.js'
import type { BuiltInIssuers } from '../../issuer/issuers.js'
import type { StandIn } from '../../stand-in/stand-in.js'
import type { Store } from '../../store/port/store.js'
import { accounts } from './accounts.js'
import { balanceFiles } from './balance-files.js'
import { balances } from './balances.js'
import { clientFaults } from './client-faults.js'
import { clientSettings } from './client-settings.js'
import { clients } from './clients.js'
import { ecbRates } from './ecb-rates.js'
import { events } from './events.js'
import { history } from './history.js'
import { pruning } from './pruning.js'
import { builtInIssuers } from './issuers.js'
import { rates } from './rates.js'
import { reportedBalances } from './reported-balances.js'
import { requests } from './requests.js'
import { scenarios } from './scenarios.js'
import { simulations } from './simulations.js'
import { snapshotFiles } from './snapshot-files.js'
import { snapshots } from './snapshots.js'
import { standInRules } from './stand-in-rules.js'
import { tokens } from './tokens.js'
import { transactions } from './transactions.js'

/** What holds for every call of this API, unless its schema says otherwise. */
const EVERY_CALL = {
  security: [{ adminToken: [] }],
  querystring: Type.Object({}, { additionalProperties: false })
}

/**
 * The sandbox's own API, for those who prepare and check scenarios. Everything in it asks for the admin token, and a
 * query parameter that a call does not know is refused: `dry_run` would else be ignored where there is none.
 */
export const sandbox: FastifyPluginAsync<{
  store: Store
  clock: Clock
  adminToken: string
  resends: Resends
  standIn: StandIn
  builtIn: BuiltInIssuers
  issuerHosts: IssuerHosts
  faults: ClientFaults
  maxListeners: number
  logLimit: LogLimit
}> = async (app, {
  store, clock, adminToken, resends, standIn, builtIn, issuerHosts, faults, maxListeners, logLimit
}) => {
  app.addHook('onRequest', requireAdminToken(adminToken))
  app.addHook('onRoute', (route) => { route.schema = { ...EVERY_CALL, ...route.schema } })
  const resources = [
    clients, accounts, tokens, balances, balanceFiles, reportedBalances, rates, ecbRates, snapshotFiles,
    scenarios, history, pruning, standInRules
  ]
  for (const resource of resources) await app.register(named(resource), { store, clock })
  const { throttle } = standIn
  await app.register(named(snapshots), { store, standIn })
  await app.register(named(clientSettings), { store, issuerHosts, throttle, wakeSender: standIn.sender.wake, clock })
  await app.register(named(builtInIssuers), { issuers: builtIn })
  await app.register(named(clientFaults), { store, faults })
  await app.register(named(requests), { store, resends })
  await app.register(named(simulations), { authorizer: standIn.authorizer })
  await app.register(named(transactions), { store, wakeSender: standIn.sender.wake })
  await app.register(named(events), { store, maxListeners, logLimit })
}
