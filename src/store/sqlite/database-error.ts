export { DatabaseError } from '../database-error.js'

/** For somebody who has a damaged database. */
export const WHAT_TO_DO_ABOUT_DAMAGE =
  '"stip-sandbox verify" names all that is wrong; "stip-sandbox restore" puts a backup in its place'
