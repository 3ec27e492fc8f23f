/** The one way in for the time, so that a test can hold it still. */
export type Clock = () => Date

/** The time of the machine. */
export const systemClock: Clock = () => new Date()
