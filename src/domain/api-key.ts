import { createHash } from 'node:crypto'

/** What a key opens: Paymentology's calls as an X-API-KEY, or AMLYZE's as a bearer token. Never both. */
export type KeyKind = 'paymentology' | 'amlyze'

/**
 * Hashes an API key for keeping and for looking up: SHA-256 of its UTF-8 bytes. A key is compared only as
 * its hash, so that the time of the comparison tells nothing about the key.
 */
export function hashApiKey (key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest()
}
