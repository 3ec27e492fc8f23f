import type { KeyKind } from '../../domain/api-key.js'
import type { Page, PageRequest } from './page.js'

/** A client as it is read. Its key is never read: only the hash is kept. */
export interface ClientRecord {
  readonly clientId: number
  readonly name: string
  readonly createdAt: Date
  /** When its key of each kind was made; undefined while it has none. */
  readonly keyCreatedAt: Readonly<Record<KeyKind, Date | undefined>>
}

export interface ClientStore {
  /** Finds the client that a key of this kind belongs to, by the key's hash. */
  findClientByKey (kind: KeyKind, keyHash: Buffer): Promise<number | undefined>
  /**
   * Makes a client with its X-API-KEY.
   *
   * @returns undefined, with nothing written, when there is a client with this number
   */
  createClient (
    client: { readonly clientId: number, readonly name: string, readonly keyHash: Buffer }
  ): Promise<ClientRecord | undefined>
  /** Lists the clients by their numbers. */
  listClients (page: PageRequest): Promise<Page<ClientRecord>>
  /**
   * Puts a key in the place of the client's key of this kind, or revokes that.
   *
   * @param keyHash undefined to leave the client without a key
   * @returns undefined when there is no such client
   */
  replaceKey (clientId: number, kind: KeyKind, keyHash: Buffer | undefined): Promise<ClientRecord | undefined>
}
