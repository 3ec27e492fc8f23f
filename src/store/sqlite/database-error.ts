/** Thrown when a database cannot be used as it is. The message says what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
}

/** For somebody who has a damaged database. */
export const WHAT_TO_DO_ABOUT_DAMAGE =
  '"stip-sandbox verify" names all that is wrong; "stip-sandbox restore" puts a backup in its place'
