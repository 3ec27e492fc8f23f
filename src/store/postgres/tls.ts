import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import type { DatabaseUrl } from '../../database-url.js'
import { DatabaseError } from '../database-error.js'

/** Where libpq looks for a file that the URL does not name. */
const DEFAULT_FILES = {
  sslrootcert: 'root.crt', sslcert: 'postgresql.crt', sslkey: 'postgresql.key', sslcrl: 'root.crl'
}

/**
 * Reads how connections are encrypted. Like libpq, it checks the server's certificate in each mode as soon as there is
 * a file of roots, and its name with `verify-full`.
 *
 * @returns undefined for no TLS at all
 * @throws DatabaseError naming the file that is missing or cannot be read
 */
export function readTlsOptions ({ sslMode, files }: DatabaseUrl): ConnectionOptions | undefined {
  if (sslMode === 'disable') return undefined
  const ca = files.sslrootcert === 'system' ? undefined : readFile('sslrootcert', files.sslrootcert)
  const isChecked = ca !== undefined || files.sslrootcert === 'system'
  if (!isChecked && sslMode.startsWith('verify')) {
    throw new DatabaseError(`DATABASE_URL has sslmode=${sslMode} and no roots to check the server's certificate ` +
      'against: add sslrootcert=FILE, or sslrootcert=system for the public ones')
  }
  return {
    rejectUnauthorized: isChecked,
    ...sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined },
    ...present({
      ca,
      cert: readFile('sslcert', files.sslcert),
      key: readFile('sslkey', files.sslkey),
      crl: readFile('sslcrl', files.sslcrl)
    })
  }
}

function readFile (parameter: keyof DatabaseUrl['files'], path: string | undefined): string | undefined {
  const file = path ?? join(homedir(), '.postgresql', DEFAULT_FILES[parameter])
  if (path === undefined && !existsSync(file)) return undefined
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { message } = error as Error
    throw new DatabaseError(`${parameter} of DATABASE_URL cannot be read: ${message}`, { cause: error })
  }
}

function present (options: Readonly<Record<string, string | undefined>>): ConnectionOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
