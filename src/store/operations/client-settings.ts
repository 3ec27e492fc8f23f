import { Faults } from '../../domain/faults.js'
import {
  completeIssuer, completeStandIn, mergeIssuer, type IssuerChange, type IssuerChoice, type StandInChoice,
  type StandInSettings
} from '../../domain/issuer-settings.js'
import { change, reading } from '../engine.js'
import type {
  FoundIssuer, FoundState, IssuerRecord, IssuerSetting, IssuerTransition, NoIssuer
} from '../port/client-settings.js'
import { all, draw, first, FOR_UPDATE, run, sql, type Operation } from '../sql.js'
import { insertEvent } from './events.js'

/** Finds how stand-in decides for a client, as a part of an operation. The defaults fill what it left open. */
export function * findStandInSettings (clientId: number): Operation<StandInSettings> {
  return completeStandIn(yield * findStandInChoice(clientId))
}

/** Finds how a client's issuer is asked, as a part of an operation. `off`: by hand, nobody asks it. */
export function * findIssuer (clientId: number): Operation<IssuerRecord | undefined> {
  const found = yield * findChosenIssuer(clientId)
  return found && { settings: completeIssuer(found.choice), state: found.state }
}

function * findStandInChoice (clientId: number): Operation<StandInChoice> {
  const row = yield * first<{ settings: string }>(
    sql`SELECT settings FROM client_stand_in WHERE client_id = ${BigInt(clientId)}`)
  return row === undefined ? {} : JSON.parse(row.settings)
}

function * findChosenIssuer (
  clientId: number
): Operation<{ readonly choice: IssuerChoice, readonly state: 'on' | 'off' } | undefined> {
  const row = yield * first<{ settings: string, state: 'on' | 'off' }>(
    sql`SELECT settings, state FROM client_issuers WHERE client_id = ${BigInt(clientId)}`)
  return row && { choice: JSON.parse(row.settings), state: row.state }
}

function * isClient (clientId: number): Operation<boolean> {
  return (yield * first(sql`SELECT client_id FROM clients WHERE client_id = ${BigInt(clientId)}`)) !== undefined
}

/**
 * Finds out whether there is a client. All who change its settings begin with this, before they lock or read anything
 * else: so what they have read holds until the end of the transaction, and none waits for another for ever.
 */
function * lockClient (clientId: number): Operation<boolean> {
  const row = yield * first(sql`SELECT client_id FROM clients WHERE client_id = ${BigInt(clientId)} ${FOR_UPDATE}`)
  return row !== undefined
}

export const readStandIn = reading(function * (_context, clientId: number): Operation<StandInSettings | undefined> {
  return (yield * isClient(clientId)) ? yield * findStandInSettings(clientId) : undefined
})

/** Merges what is sent with what the client has chosen before. */
export const setStandIn = change(function * (
  { nowMs }, clientId: number, sent: StandInChoice
): Operation<StandInSettings | undefined> {
  if (!(yield * lockClient(clientId))) return undefined
  const choice = { ...yield * findStandInChoice(clientId), ...sent }
  yield * run(sql`INSERT INTO client_stand_in (client_id, settings)
    VALUES (${BigInt(clientId)}, ${JSON.stringify(choice)})
    ON CONFLICT (client_id) DO UPDATE SET settings = excluded.settings`)
  yield * insertEvent({ type: 'stand_in', clientId, data: { change: 'set' } }, nowMs)
  return completeStandIn(choice)
})

export const readIssuer = reading(function * (
  _context, clientId: number
): Operation<FoundIssuer | NoIssuer> {
  const issuer = yield * findIssuer(clientId)
  return issuer === undefined ? yield * sayWhy(clientId) : { kind: 'found', issuer }
})

function * sayWhy (clientId: number): Operation<NoIssuer> {
  return { kind: (yield * isClient(clientId)) ? 'no-issuer' : 'client-unknown' }
}

/** Merges what is sent with what the client has chosen before. */
export const setIssuer = change(function * (
  { nowMs }, clientId: number, sent: IssuerChange
): Operation<IssuerSetting> {
  if (!(yield * lockClient(clientId))) return { kind: 'client-unknown' }
  const { choice: before, state = 'on' } = (yield * findChosenIssuer(clientId)) ?? {}
  const faults = new Faults()
  const choice = mergeIssuer(before, sent, faults)
  if (faults.count > 0) return { kind: 'refused', faults: faults.found }
  yield * run(sql`INSERT INTO client_issuers (client_id, settings, state)
    VALUES (${BigInt(clientId)}, ${JSON.stringify(choice)}, ${state})
    ON CONFLICT (client_id) DO UPDATE SET settings = excluded.settings, state = excluded.state`)
  yield * insertEvent({ type: 'issuer', clientId, data: { change: 'set' } }, nowMs)
  return { kind: 'set', issuer: { settings: completeIssuer(choice), state } }
})

/** Removes an issuer. Who switched it stays recorded. */
export const removeIssuer = change(function * (
  { nowMs }, clientId: number
): Operation<FoundIssuer | NoIssuer> {
  if (!(yield * lockClient(clientId))) return { kind: 'client-unknown' }
  const issuer = yield * findIssuer(clientId)
  if (issuer === undefined) return { kind: 'no-issuer' }
  yield * run(sql`DELETE FROM client_issuers WHERE client_id = ${BigInt(clientId)}`)
  yield * insertEvent({ type: 'issuer', clientId, data: { change: 'removed' } }, nowMs)
  return { kind: 'found', issuer }
})

interface TransitionRow {
  state: 'on' | 'off'
  reason: string | null
  user_id: string | null
  at_ms: bigint
}

export const readIssuerState = reading(function * (_context, clientId: number): Operation<FoundState | NoIssuer> {
  return yield * findState(clientId)
})

/** How many transitions are read, the newest. */
const TRANSITIONS_MAX = 100n

function * findState (clientId: number): Operation<FoundState | NoIssuer> {
  const issuer = yield * findIssuer(clientId)
  if (issuer === undefined) return yield * sayWhy(clientId)
  const rows = yield * all<TransitionRow>(sql`SELECT state, reason, user_id, at_ms FROM issuer_transitions
    WHERE client_id = ${BigInt(clientId)} ORDER BY transition_id DESC LIMIT ${TRANSITIONS_MAX}`)
  return { kind: 'found', state: issuer.state, transitions: rows.map(transitionOf) }
}

function transitionOf ({ state, reason, user_id: userId, at_ms: atMs }: TransitionRow): IssuerTransition {
  return { state, reason: reason ?? undefined, userId: userId ?? undefined, at: new Date(Number(atMs)) }
}

/** Switches an issuer on or off, and records who did it and why, also when it is so already. */
export const switchIssuer = change(function * (
  { nowMs }, clientId: number, { state, reason, userId }: Omit<IssuerTransition, 'at'>
): Operation<FoundState | NoIssuer> {
  if (!(yield * lockClient(clientId))) return { kind: 'client-unknown' }
  const switched = yield * run(sql`UPDATE client_issuers SET state = ${state} WHERE client_id = ${BigInt(clientId)}`)
  if (switched === 0) return { kind: 'no-issuer' }
  const transitionId = yield * draw('transition')
  yield * run(sql`INSERT INTO issuer_transitions (transition_id, client_id, state, user_id, reason, at_ms)
    VALUES (${transitionId}, ${BigInt(clientId)}, ${state}, ${userId}, ${reason}, ${BigInt(nowMs)})`)
  yield * insertEvent({ type: 'issuer', clientId, data: { change: 'switched', state } }, nowMs)
  return yield * findState(clientId)
})
