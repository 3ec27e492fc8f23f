import {
  completeIssuer, completeStandIn, type IssuerChoice, type IssuerSettings, type StandInChoice, type StandInSettings
} from '../../domain/issuer-settings.js'
import { first, sql, type Operation } from '../sql.js'

/** Finds how stand-in decides for a client, as a part of an operation. The defaults fill what it left open. */
export function * findStandInSettings (clientId: number): Operation<StandInSettings> {
  return completeStandIn((yield * findStandInChoice(clientId)) ?? {})
}

/** Finds how a client's issuer is asked, as a part of an operation. `off`: by hand, nobody asks it. */
export function * findIssuer (
  clientId: number
): Operation<{ readonly settings: IssuerSettings, readonly state: 'on' | 'off' } | undefined> {
  const found = yield * findChosenIssuer(clientId)
  return found && { settings: completeIssuer(found.choice), state: found.state }
}

/** Finds what a client itself has chosen; undefined where it has never chosen anything. */
export function * findStandInChoice (clientId: number): Operation<StandInChoice | undefined> {
  const row = yield * first<{ settings: string }>(
    sql`SELECT settings FROM client_stand_in WHERE client_id = ${BigInt(clientId)}`)
  return row && JSON.parse(row.settings)
}

/** Finds what a client itself has chosen of its issuer; undefined where it has none. */
export function * findChosenIssuer (
  clientId: number
): Operation<{ readonly choice: IssuerChoice, readonly state: 'on' | 'off' } | undefined> {
  const row = yield * first<{ settings: string, state: 'on' | 'off' }>(
    sql`SELECT settings, state FROM client_issuers WHERE client_id = ${BigInt(clientId)}`)
  return row && { choice: JSON.parse(row.settings), state: row.state }
}
