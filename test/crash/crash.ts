import fc from 'fast-check'
import { verifyDatabase } from '../../src/store/sqlite/verify.js'
import { startBuiltService } from '../support/built-service.js'
import { makeFolder, type Test } from '../support/folder.js'
import { Load, loadEnvironmentIn } from '../support/load.js'

/** How many requests are sent at once. */
const LINES = 10

/**
 * How many of the newest requests are looked at after each crash: more than what one life of the service can answer.
 */
const NEWEST = 400

/**
 * Kills a service under load, again and again at moments that the seed decides, and holds its database each time
 * against what it has answered.
 *
 * @returns what is wrong; nothing when every answered request is there as it was answered
 */
export async function crash (
  t: Test, { kills, seed }: { kills: number, seed: number }, log: (line: string) => void
): Promise<string[]> {
  const folder = makeFolder(t)
  const environment = loadEnvironmentIn(folder)
  const databasePath = environment.DATABASE_PATH
  const load = new Load(seed)
  const moments = fc.sample(fc.noBias(fc.integer({ min: 0, max: 300 })), { seed, numRuns: kills })
  const faults: string[] = []

  for (const [index, moment] of moments.entries()) {
    const service = startBuiltService(t, { environment })
    const address = await service.address
    const running = load.run(address, LINES)
    await Promise.race([load.moreAnswered(moment), running])
    service.child.kill('SIGKILL')
    await Promise.all([service.exitCode, running])

    const next = startBuiltService(t, { environment })
    faults.push(...await load.findFaults(await next.address, NEWEST))
    faults.push(...verifyDatabase(databasePath))
    next.child.kill('SIGKILL')
    await next.exitCode
    log(`kill ${index + 1} after ${moment} answers: ${load.answered} answered so far, ${faults.length} faults`)
    if (faults.length > 0) break
  }
  return faults
}
