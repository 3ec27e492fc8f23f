import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../clock.js'
import type { SettingName } from '../settings.js'

/** A line of one setting appears at most so often: what bites a thousand times a second must not fill the log. */
const INTERVAL_MS = 60_000

/** Logs that a limit has bitten: the setting that holds it, its value at present, and what was done. */
export type LogLimit = (setting: SettingName, limit: number, message: string) => void

/** Makes the log of limits. Each line says how often its limit has bitten since the line before (`times`). */
export function makeLimitLog (log: FastifyBaseLogger, clock: Clock): LogLimit {
  const lines = new Map<SettingName, { loggedMs: number, times: number }>()
  return (setting, limit, message) => {
    const nowMs = clock().getTime()
    const { loggedMs, times } = lines.get(setting) ?? { loggedMs: -Infinity, times: 0 }
    const isDue = nowMs - loggedMs >= INTERVAL_MS
    lines.set(setting, isDue ? { loggedMs: nowMs, times: 0 } : { loggedMs, times: times + 1 })
    if (isDue) log.warn({ setting, limit, times: times + 1 }, message)
  }
}
