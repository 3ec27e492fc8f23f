import type { FastifyPluginAsync } from 'fastify'
import type { Store } from '../../store/store.js'
import { accounts } from './accounts.js'
import { requireAdminToken } from './authenticate.js'

/** The sandbox's own API, for those who prepare and check scenarios. Everything in it asks for the admin token. */
export const sandbox: FastifyPluginAsync<{ store: Store, adminToken: string }> = async (app, { store, adminToken }) => {
  app.addHook('onRequest', requireAdminToken(adminToken))
  await app.register(accounts, { store })
}
