import fc from 'fast-check'
import { verifyPostgres } from '../../src/store/postgres/store.js'
import { allOf } from '../support/all-of.js'
import { startBuiltService } from '../support/built-service.js'
import { makeFolder, type Test } from '../support/folder.js'
import { Load, loadEnvironmentIn } from '../support/load.js'
import { patient } from '../support/patience.js'
import { startCluster } from './cluster.js'

/** How many requests are sent at once to each of the two services. */
const LINES = 5

/** How many of the newest requests of each service are looked at after each failover. */
const NEWEST = 150

/**
 * How long a service may need to answer again after the primary was killed, where nothing else keeps the machine busy.
 */
export const ANSWER_MS_MAX = 10_000

/** So many answers say that a service answers again. */
const ANSWERS = 5

/**
 * Kills the primary under load of two services, again and again at moments that the seed decides. The standby becomes
 * the primary, and the services go on without a restart.
 *
 * @param answerMsMax how long a service may need to answer again
 * @returns what is wrong; nothing when every answered request is there as it was answered
 */
export async function failOver (
  t: Test, { kills, seed, answerMsMax }: { kills: number, seed: number, answerMsMax: number },
  log: (line: string) => void
): Promise<string[]> {
  const cluster = await startCluster(t, makeFolder(t))
  const { DATABASE_PATH: _, ...environment } = loadEnvironmentIn(makeFolder(t))
  // Both start at the same moment on an empty database.
  const services = [1, 2].map(() =>
    startBuiltService(t, { environment: { ...environment, DATABASE_URL: patient(cluster.url) } }))
  const addresses = await Promise.all(services.map(async ({ address }) => await address))
  const loads = addresses.map((address, index) => ({ address, load: new Load(seed + index) }))
  const moments = fc.sample(fc.noBias(fc.integer({ min: 20, max: 200 })), { seed, numRuns: kills })
  const faults: string[] = []

  /** Looks at each service's requests by way of the other. */
  async function look (newest: number): Promise<void> {
    for (const { load, address } of loads) {
      const other = addresses.find((each) => each !== address) as string
      faults.push(...await load.findFaults(other, newest))
    }
    faults.push(...await allOf(verifyPostgres(cluster.primaryUrl())))
  }

  for (const [index, moment] of moments.entries()) {
    const stop = new AbortController()
    const running = loads.map(async ({ load, address }) => { await load.runOn(address, LINES, stop.signal) })
    await Promise.race([loads[0]?.load.moreAnswered(moment), ...running])
    const killedMs = performance.now()
    await cluster.failOver()
    const promotedMs = performance.now()
    const again = await Promise.all(loads.map(async ({ load }) => {
      await load.moreAnswered(ANSWERS)
      return performance.now() - killedMs
    }))
    stop.abort()
    await Promise.all(running)
    await look(NEWEST)
    const slowest = Math.max(...again)
    if (slowest > answerMsMax) faults.push(`a service answered ${Math.round(slowest)} ms after the primary's end`)
    log(`kill ${index + 1} after ${moment} answers: promoted after ${Math.round(promotedMs - killedMs)} ms, ` +
      `answered again after ${again.map((ms) => Math.round(ms)).join(' and ')} ms, ` +
      `${loads.map(({ load }) => load.answered).join(' + ')} answered so far, ${faults.length} faults`)
    if (faults.length > 0) break
    if (index + 1 < kills) await cluster.addStandby()
  }
  if (kills > 1 && faults.length === 0) await look(Infinity)
  for (const { child } of services) if (child.exitCode !== null) faults.push(`a service ended with ${child.exitCode}`)
  return faults
}
