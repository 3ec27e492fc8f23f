import { constants, openSync, writeSync } from 'node:fs'

/** Where log lines go. */
export interface LogOutput {
  /** Writes one line. It never throws and never waits. */
  write (line: string): void
  /** Tries once more to write the lines that wait, because the process ends. */
  end (): void
}

export interface LogOutputOptions {
  /** The file descriptor of the log. Writing to it must not block: see {@link logDescriptor}. */
  readonly descriptor: number
  /** How much may wait for a slow reader, in bytes. */
  readonly waitingBytesMax: number
  /** Called for each line that is dropped. The cause is a code of the system, or {@link SLOW_READER}. */
  readonly onDropped: (cause: string) => void
  /** Makes the line that goes before the next one after some were dropped. */
  readonly describeGap: (lines: number, cause: string) => string
}

/** One line that waits. */
interface Entry {
  /** The lines that wait. */
  bytes: Buffer
  /** The number of dropped lines of which this line tells; 0 for a line of the log. */
  readonly gapLines: number
}

/** The cause of a drop when more lines wait than may wait. */
export const SLOW_READER = 'SLOW_READER'

/** How long a full pipe is left alone before the next try. */
const RETRY_MS = 50

/**
 * Makes an output that cannot stop the service. Writing never waits: lines for a slow reader (EAGAIN) wait in memory up
 * to a limit. A line is dropped when the limit is reached, or when the system refuses it (a full disk, a closed pipe).
 * The next line is tried again, so that the log goes on as soon as there is room, with a line that counts the dropped
 * ones.
 *
 * Pino's own output, sonic-boom, blocks on a full pipe, and tries a refused line again for ever.
 */
export function makeLogOutput ({ descriptor, waitingBytesMax, onDropped, describeGap }: LogOutputOptions): LogOutput {
  let waiting: Entry[] = []
  let waitingBytes = 0
  /** Whether the first entry is written in part. Its rest comes before everything else. */
  let isBegun = false
  /** The dropped lines of which no entry tells yet. */
  let gap = { lines: 0, cause: '' }
  let retry: NodeJS.Timeout | undefined

  function add (entry: Entry): void {
    waiting.push(entry)
    waitingBytes += entry.bytes.length
  }

  function tellOfGap (): void {
    add({ bytes: Buffer.from(describeGap(gap.lines, gap.cause)), gapLines: gap.lines })
    gap = { lines: 0, cause: '' }
  }

  function drop (entries: readonly Entry[], cause: string): void {
    for (const { gapLines } of entries) {
      gap = { lines: gap.lines + (gapLines || 1), cause }
      if (gapLines === 0) onDropped(cause)
    }
  }

  function writeWaiting (): void {
    for (let entry = waiting[0]; entry !== undefined; entry = waiting[0]) {
      const written = writeSync(descriptor, entry.bytes)
      waitingBytes -= written
      isBegun = written < entry.bytes.length
      entry.bytes = entry.bytes.subarray(written)
      if (!isBegun) waiting.shift()
    }
  }

  function flush (): void {
    clearTimeout(retry)
    retry = undefined
    try {
      writeWaiting()
    } catch (error) {
      const { code = String(error) } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') retry = setTimeout(flush, RETRY_MS).unref()
      else dropWaiting(code)
    }
  }

  function dropWaiting (cause: string): void {
    const kept = isBegun ? waiting.slice(0, 1) : []
    drop(waiting.slice(kept.length), cause)
    waiting = kept
    waitingBytes = kept.reduce((bytes, entry) => bytes + entry.bytes.length, 0)
  }

  return {
    write: (text) => {
      const entry = { bytes: Buffer.from(text), gapLines: 0 }
      if (waitingBytes + entry.bytes.length > waitingBytesMax) {
        drop([entry], SLOW_READER)
      } else {
        if (gap.lines > 0) tellOfGap()
        add(entry)
      }
      if (retry === undefined) flush()
    },
    end: flush
  }
}

/**
 * Gives the descriptor of a standard stream on which writing does not block. Node.js puts a pipe into non-blocking mode
 * by itself when the stream is used. A terminal can be stopped (Ctrl+S, a connection that hangs), and is opened once
 * more.
 */
export function logDescriptor ({ fd, isTTY }: { readonly fd: number, readonly isTTY?: boolean }): number {
  if (isTTY !== true) return fd
  try {
    return openSync(`/dev/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    return fd // The terminal belongs to another user, as after "su".
  }
}
