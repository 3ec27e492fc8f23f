import type { Socket } from 'node:net'

/** Answers that wait on purpose. Whoever waits is let go when its connection ends, or when all are cancelled. */
export class Waits {
  readonly #cancels = new Set<() => void>()

  /** How many wait. */
  get size (): number {
    return this.#cancels.size
  }

  /**
   * Waits.
   *
   * @param ms undefined for ever
   * @param socket the connection of the one who waits for the answer
   * @returns whether the time is over: false where it was cancelled, or the connection has ended
   */
  async wait (ms: number | undefined, socket: Socket): Promise<boolean> {
    return await new Promise((resolve) => {
      const end = (isOver: boolean): void => {
        clearTimeout(timer)
        this.#cancels.delete(cancel)
        socket.removeListener('close', cancel)
        resolve(isOver)
      }
      const cancel = (): void => { end(false) }
      const timer = ms === undefined ? undefined : setTimeout(() => { end(true) }, ms)
      this.#cancels.add(cancel)
      socket.once('close', cancel)
    })
  }

  cancelAll (): void {
    for (const cancel of this.#cancels) cancel()
  }
}
