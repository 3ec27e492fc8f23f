/** What a card may be in. A token without a state is active. */
export const CARD_STATES = ['active', 'not_activated', 'lost', 'stolen', 'restricted', 'closed'] as const
export type CardState = typeof CARD_STATES[number]

/** A card, which its token stands for. */
export interface Card {
  readonly state: CardState
  /** The last month in which it is valid, UTC: `2029-11`. Undefined for a card that is valid for ever. */
  readonly expiry: string | undefined
}

/** A card of an account. */
export interface TokenCard extends Card {
  readonly token: bigint
}

/** A card as a document has it. */
export interface CardDocument {
  readonly token: string
  readonly state?: CardState
  /** Null says the same as nothing. */
  readonly expiry?: string | null
}

/** What is to be set of a card. What is not named stays as it is; `null` ends an expiry. */
export interface CardWish {
  readonly state?: CardState | undefined
  readonly expiry?: string | null | undefined
}

/** Makes a card that is active for ever, where nothing else is said. */
export function newCard (token: bigint, { state = 'active', expiry }: CardWish = {}): TokenCard {
  return { token, state, expiry: expiry ?? undefined }
}

/** The code (DE39, ISO 8583:1987) with which a card in a state is declined. Which one we give where is our ruling. */
const DECLINES: Readonly<Record<CardState, string | undefined>> = {
  active: undefined, not_activated: '57', lost: '41', stolen: '43', restricted: '62', closed: '14'
}

/** Says why a card cannot be used, with its DE39; undefined for one that can. */
export function cardDecline ({ state, expiry }: Card, atMs: number): { de39: string, reason: string } | undefined {
  const de39 = DECLINES[state]
  if (de39 !== undefined) return { de39, reason: `the card is ${state.replace('_', ' ')}` }
  const isExpired = expiry !== undefined && new Date(atMs).toISOString().slice(0, expiry.length) > expiry
  return isExpired ? { de39: '54', reason: `the card expired at the end of ${expiry}` } : undefined
}
