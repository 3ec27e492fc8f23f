import { open, rm } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { CommandFailure, EXIT } from './exit.js'

/** A file that is to be sent. */
export interface InputFile {
  readonly content: Readable
  /** Undefined for what is no plain file, such as a pipe. */
  readonly bytes: number | undefined
}

/**
 * Opens a file that is to be sent.
 *
 * @throws CommandFailure when it cannot be read, before anything is sent
 */
export async function openInput (path: string): Promise<InputFile> {
  try {
    const file = await open(path)
    const kind = await file.stat()
    if (kind.isDirectory()) {
      await file.close()
      throw new Error('it is a folder')
    }
    return { content: file.createReadStream(), bytes: kind.isFile() ? kind.size : undefined }
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${path} cannot be read: ${(error as Error).message}`)
  }
}

/** A file that is being written. */
export interface OutputFile {
  readonly content: Writable
  /** Removes it: half a file would look like a whole one. */
  discard (): Promise<void>
}

/**
 * Makes a file. One that is there already is never written over.
 *
 * @throws CommandFailure when it cannot be made
 */
export async function openOutput (path: string): Promise<OutputFile> {
  try {
    const content = (await open(path, 'wx')).createWriteStream()
    return {
      content,
      discard: async () => {
        content.destroy()
        await rm(path)
      }
    }
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${path} cannot be made: ${(error as Error).message}`)
  }
}
