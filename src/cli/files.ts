import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { Readable, Writable } from 'node:stream'
import { CommandFailure, EXIT } from './exit.js'

/** A file that is to be sent. */
export interface InputFile {
  readonly content: Readable
  /** Undefined for anything but a plain file, such as a pipe. */
  readonly bytes: number | undefined
}

/**
 * Opens a file that is to be sent.
 *
 * @param path `-` for the standard input
 * @param input the standard input
 * @throws CommandFailure when it cannot be read, before anything is sent
 */
export async function openInput (path: string, input: Readable): Promise<InputFile> {
  if (path === '-') return { content: input, bytes: undefined }
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

/** A file that is being written, under another name until it is whole. */
export interface OutputFile {
  readonly content: Writable
  /** Gives it its name, when all of it is on disk. */
  keep (): Promise<void>
  /** Removes it. */
  discard (): Promise<void>
}

/**
 * Makes a file. One that is there already is never written over.
 *
 * @throws CommandFailure when it cannot be made
 */
export async function openOutput (path: string): Promise<OutputFile> {
  const partial = `${path}.${process.pid}.partial`
  try {
    refuseExisting(path)
    const content = (await open(partial, 'w')).createWriteStream({ flush: true })
    return {
      content,
      keep: async () => {
        refuseExisting(path)
        await rename(partial, path)
      },
      discard: async () => {
        content.destroy()
        await rm(partial, { force: true })
      }
    }
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `${path} cannot be made: ${(error as Error).message}`)
  }
}

function refuseExisting (path: string): void {
  if (existsSync(path)) throw new Error('it is there already')
}
