import type { Writable } from 'node:stream'
import { Presets, SingleBar } from 'cli-progress'

/** Shows how far something has come. */
export interface Progress {
  /** @param done how much of the total, in its unit */
  update (done: number): void
  /** Removes the bar from the terminal. */
  stop (): void
}

const NOTHING: Progress = { update: () => {}, stop: () => {} }

/** What is done sooner needs no bar. */
const DELAY_MS = 1000

/**
 * Shows a bar, or without a total only how long it takes, from a second on and only on a terminal.
 *
 * @param total undefined when nobody can know it
 */
export function startProgress (stream: Writable & { readonly isTTY?: boolean }, total: number | undefined): Progress {
  if (stream.isTTY !== true) return NOTHING
  const format = total === undefined
    ? 'Waiting for the service, {duration_formatted}'
    : '{bar} {percentage} %, {duration_formatted}'
  const bar = new SingleBar(
    { stream, format, clearOnComplete: true, hideCursor: true, gracefulExit: false }, Presets.shades_classic
  )
  let done = 0
  const start = setTimeout(() => { bar.start(total ?? 1, done) }, DELAY_MS)
  return {
    update: (value) => {
      done = value
      bar.update(value)
    },
    stop: () => {
      clearTimeout(start)
      bar.stop()
    }
  }
}
