import type { ConnectionOptions } from 'node:tls'
import type { DatabaseHost, DatabaseUrl } from '../../database-url.js'

/** How a new connection is made. */
export interface Way extends DatabaseHost {
  /** Undefined without TLS. */
  readonly tls: ConnectionOptions | undefined
  /** Which look for the host that takes writes it comes from. Connections of an earlier one are not used again. */
  readonly search: number
}

/** The hosts of a database, one of which takes writes. All pools of a store share them. */
export interface Hosts {
  readonly count: number
  /** The way to the host that takes writes, as far as is known. */
  readonly way: () => Way
  /** That way failed, or leads to a host that only reads: the next host is tried. */
  readonly leave: (way: Way) => void
  /** A new connection was refused. @returns whether the same host may take it the other way, with or without TLS */
  readonly changeTls: (way: Way, reason: string) => boolean
}

/** What pg says of a server without TLS, and what PostgreSQL says of one that asks for it. */
const NO_TLS = /does not support SSL/
const NEEDS_TLS = /no encryption/

/** Makes the hosts. With `prefer` and `allow`, a host is reached with TLS or without, as libpq does it. */
export function makeHosts ({ hosts, sslMode }: DatabaseUrl, tls: ConnectionOptions | undefined): Hosts {
  const isPlain = hosts.map(({ host }) => host.startsWith('/') || sslMode === 'allow')
  let search = 0
  const indexOf = (way: Pick<Way, 'search'>): number => way.search % hosts.length

  return {
    count: hosts.length,
    way: () => {
      const index = indexOf({ search })
      return { ...hosts[index] as DatabaseHost, tls: isPlain[index] === true ? undefined : tls, search }
    },
    leave: (way) => { if (way.search === search) search += 1 },
    changeTls: (way, reason) => {
      const index = indexOf(way)
      const mayChange = way.tls === undefined
        ? sslMode === 'allow' && NEEDS_TLS.test(reason)
        : sslMode === 'prefer' && NO_TLS.test(reason)
      if (mayChange) isPlain[index] = way.tls !== undefined
      return mayChange
    }
  }
}
