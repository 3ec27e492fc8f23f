import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import picocolors from 'picocolors'
import type { Signals } from './interruption.js'

/** What a command reads from and writes to: the process's own streams, or a test's. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: Readable & { readonly isTTY?: boolean }
  /** `columns` is the width of the terminal. */
  readonly output: Writable & { readonly isTTY?: boolean, readonly columns?: number }
  readonly errors: Writable & { readonly isTTY?: boolean }
  readonly signals: Signals
}

export type Colours = ReturnType<typeof picocolors.createColors>

/** Gives colours for the output when a person reads it and has not said otherwise (no-color.org). */
export function coloursFor ({ environment, output }: Terminal): Colours {
  return picocolors.createColors(output.isTTY === true && !environment['NO_COLOR'])
}

/** Tells whether there is somebody to answer a question. */
export function canAsk ({ input, errors }: Terminal): boolean {
  return input.isTTY === true && errors.isTTY === true
}

/**
 * Asks a question. It goes to standard error, so that the output stays what the command is for.
 *
 * @returns the answer; empty when the input ends without one
 */
export async function ask ({ input, errors }: Terminal, question: string): Promise<string> {
  const dialogue = createInterface({ input, output: errors })
  try {
    return await Promise.race([dialogue.question(question), once(dialogue, 'close').then(() => '')])
  } finally {
    dialogue.close()
  }
}
