import type { ClientLimits } from '../../src/http/limits.js'
import type { LogStream } from '../../src/http/logging.js'
import { LIMITS, type makeService } from './service.js'

/** Options of a service with other limits of connections, and what it logs of them. */
export function limited (limits: Partial<ClientLimits>): {
  options: NonNullable<Parameters<typeof makeService>[2]>
  logged: () => unknown[]
} {
  const lines: Array<{ setting?: unknown }> = []
  const log: LogStream = { write: (line: string) => { lines.push(JSON.parse(line)) } }
  return {
    options: { limits: { ...LIMITS, ...limits }, logLevel: 'warn', log },
    logged: () => lines.map(({ setting }) => setting)
  }
}
