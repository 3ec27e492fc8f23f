import type { FastifyInstance } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Store } from '../store/port/store.js'

/** How often the other processes on the same database are counted. */
const LOOK_EVERY_MS = 2000

/** Logs when another process begins or ceases to use the same database file, which is rarely meant. */
export const neighbours = fastifyPlugin(async (app: FastifyInstance, { store }: { store: Store }) => {
  let known = 0

  async function look (): Promise<void> {
    const found = await store.countOtherProcesses()
    if (found > known) app.log.warn({ other_processes: found }, 'another process uses the same database file')
    if (found < known) app.log.info({ other_processes: found }, 'a process uses the same database file no more')
    known = found
  }

  let timer: NodeJS.Timeout | undefined
  app.addHook('onReady', async () => {
    await look()
    timer = setInterval(look, LOOK_EVERY_MS).unref()
  })
  app.addHook('preClose', async () => { clearInterval(timer) })
}, { name: 'neighbours' })
