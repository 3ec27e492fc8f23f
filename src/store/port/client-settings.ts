import type { IssuerChange, IssuerSettings, StandInChoice, StandInSettings } from '../../domain/issuer-settings.js'

/** A client's issuer: how it is asked, and whether. */
export interface IssuerRecord {
  readonly settings: IssuerSettings
  /** `off`: nobody asks it, by hand. */
  readonly state: 'on' | 'off'
}

/** That somebody switched an issuer on or off. */
export interface IssuerTransition {
  readonly state: 'on' | 'off'
  readonly reason: string | undefined
  readonly userId: string | undefined
  readonly at: Date
}

export interface FoundIssuer {
  readonly kind: 'found'
  readonly issuer: IssuerRecord
}

/** Whether an issuer is asked. */
export interface FoundState {
  readonly kind: 'found'
  readonly state: 'on' | 'off'
  /** The newest 100, the newest first. */
  readonly transitions: readonly IssuerTransition[]
}

/** Why nothing of an issuer was read or written. */
export type NoIssuer = { readonly kind: 'client-unknown' } | { readonly kind: 'no-issuer' }

/** What became of an issuer's settings. `refused` names each fault with its place. */
export type IssuerSetting =
  | { readonly kind: 'set', readonly issuer: IssuerRecord }
  | { readonly kind: 'refused', readonly faults: readonly string[] }
  | { readonly kind: 'client-unknown' }

export interface ClientSettingsStore {
  /** @returns undefined when there is no such client */
  readStandIn (clientId: number): Promise<StandInSettings | undefined>
  /** Merges what is sent with what the client has. @returns what holds then; undefined when there is no such client */
  setStandIn (clientId: number, choice: StandInChoice): Promise<StandInSettings | undefined>
  readIssuer (clientId: number): Promise<FoundIssuer | NoIssuer>
  /** Merges what is sent with what the client has. A new issuer is on. */
  setIssuer (clientId: number, change: IssuerChange): Promise<IssuerSetting>
  /** Removes it. Who switched it stays recorded. @returns the issuer as it was */
  removeIssuer (clientId: number): Promise<FoundIssuer | NoIssuer>
  readIssuerState (clientId: number): Promise<FoundState | NoIssuer>
  /** Switches it, and records that, also when it is so already. @returns what holds then */
  switchIssuer (clientId: number, transition: Omit<IssuerTransition, 'at'>): Promise<FoundState | NoIssuer>
}
