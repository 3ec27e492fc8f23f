import { CommandFailure, EXIT } from './exit.js'

/** What tells of signals: the process, or a test's own. */
export interface Signals {
  once (signal: NodeJS.Signals, listener: () => void): unknown
  off (signal: NodeJS.Signals, listener: () => void): unknown
}

const EXIT_CODES = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated } as const

/**
 * Does work that Ctrl+C or SIGTERM breaks off in order, so that the terminal is as before and the user knows what was
 * done. A second signal ends the process at once.
 *
 * @param describe says what was done, and what to do now
 * @param work gives up when the signal aborts
 * @throws CommandFailure after a signal, with the exit code of shells for it; else what the work throws
 */
export async function interruptible<Result> (
  signals: Signals, describe: () => string, work: (signal: AbortSignal) => Promise<Result>
): Promise<Result> {
  const controller = new AbortController()
  const listeners = (['SIGINT', 'SIGTERM'] as const).map((name) => ({
    name, listener: () => { controller.abort(new CommandFailure(EXIT_CODES[name], describe())) }
  }))
  for (const { name, listener } of listeners) signals.once(name, listener)
  return await work(controller.signal)
    .catch((error: unknown) => { throw controller.signal.aborted ? controller.signal.reason : error })
    .finally(() => { for (const { name, listener } of listeners) signals.off(name, listener) })
}
