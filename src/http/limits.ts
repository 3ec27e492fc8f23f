/** How many connections may be open at a time. */
export interface ConnectionMaxima {
  readonly inAll: number
  /** From one address; of IPv6 from one network of 64 bits, which one machine may have to itself. */
  readonly perPeer: number
}

/** How much of a body is read away whose request was answered before. */
export interface UnreadBodyLimits {
  readonly bytes: number
  readonly seconds: number
}

/** How long a client may take, so that slow ones cannot hold all connections. */
export interface Timeouts {
  /** For all the headers of a request, from its first byte or from the opening of the connection. */
  readonly headersSeconds: number
  /** For a whole request with its body. */
  readonly requestSeconds: number
  /** Without a byte in either direction, while a request is under way. */
  readonly connectionSeconds: number
  /** Between two requests on one connection. */
  readonly keepAliveSeconds: number
}

/** What one client may take of the service. */
export interface ClientLimits {
  readonly connections: ConnectionMaxima
  /** How many requests may wait on one connection behind the one that is worked on. */
  readonly pipelinedRequests: number
  /** How many of `{`, `[`, `:` and `,` a JSON body may have outside its strings. */
  readonly jsonParts: number
  readonly refusedBody: UnreadBodyLimits
  /** How many may listen to events at a time. */
  readonly eventListeners: number
}
