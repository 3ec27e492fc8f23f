/** A header of an answer, as JSON Schema has it. */
export interface HeaderSchema {
  readonly type: 'string' | 'integer'
  readonly description: string
  readonly [keyword: string]: unknown
}

/** The headers that answers of many calls carry. Those of single calls stand beside their answers. */
export const COMMON_HEADERS = {
  'X-Request-Id': {
    type: 'string',
    description: 'Names the request in the log: the `X-Request-Id` of the request where that is safe, else a new one.',
    examples: ['5b0c1d3e-6a39-4b5e-9d0f-2f3f0c5b8a11']
  },
  'WWW-Authenticate': {
    type: 'string',
    enum: ['Bearer'],
    description: 'The kind of credential that the call asks for (RFC 9110).'
  },
  'RateLimit-Limit': {
    type: 'integer',
    description: 'How many requests the caller may send a minute. Missing where the service has no such limit.',
    examples: [120000]
  },
  'RateLimit-Remaining': {
    type: 'integer',
    description: 'How many requests of this minute are left. Missing where the service has no such limit.',
    examples: [119999]
  },
  'RateLimit-Reset': {
    type: 'integer',
    description: 'After how many seconds the next minute begins. Missing where the service has no such limit.',
    examples: [12]
  },
  'Retry-After': {
    type: 'integer',
    description: 'After how many seconds to send the request again (RFC 9110).',
    examples: [1]
  },
  'dry-run': {
    type: 'string',
    enum: ['true'],
    description: 'Only of an answer that speaks of a dry run. Nothing was written.'
  }
} as const satisfies Readonly<Record<string, HeaderSchema>>

/** Where the answer of a balance file can be read again. */
export const LOCATION = {
  Location: {
    type: 'string',
    description: 'The address at which this answer can be read again (RFC 9110). Missing while there is no such file.',
    examples: ['/sandbox/v1/balance-files/456']
  }
} as const satisfies Readonly<Record<string, HeaderSchema>>

/** The name that a browser saves a file under. */
export const CONTENT_DISPOSITION = {
  'Content-Disposition': {
    type: 'string',
    description: 'Gives the file its name (RFC 6266).',
    examples: ['attachment; filename="before-test.json"']
  }
} as const satisfies Readonly<Record<string, HeaderSchema>>

/** What a call of a client meets, because somebody has set it. */
export const FAULT = {
  'Stip-Sandbox-Fault': {
    type: 'string',
    description: 'The fault or the delay that was set for the client\'s calls. Missing unless somebody has set one.',
    examples: ['delay=3000']
  }
} as const satisfies Readonly<Record<string, HeaderSchema>>

/** What is turned on to try failures. */
export const FAULTS_ON = {
  'Stip-Sandbox-Faults': {
    type: 'string',
    description: 'How many built-in issuers answer, and how many clients\' calls meet faults. Missing while none do.',
    examples: ['issuers=1 clients=1']
  }
} as const satisfies Readonly<Record<string, HeaderSchema>>

/** What a built-in issuer was told to do. */
export const ISSUER_BEHAVIOUR = {
  'Stip-Sandbox-Issuer': {
    type: 'string',
    description: 'What the issuer was told to do with the message.',
    examples: ['decline=51 delay=3000']
  }
} as const satisfies Readonly<Record<string, HeaderSchema>>

export type CommonHeader = keyof typeof COMMON_HEADERS
