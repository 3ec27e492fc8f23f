import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'

/**
 * Gives the folder for what a running service leaves for the commands of the same user (XDG Base Directory: a relative
 * `XDG_STATE_HOME` is to be ignored).
 */
export function stateFolderOf (environment: Readonly<Record<string, string | undefined>>): string {
  const given = environment['XDG_STATE_HOME']
  return join(given !== undefined && isAbsolute(given) ? given : join(homedir(), '.local', 'state'), 'stip-sandbox')
}

/** Gives the file with the token that the service on this port has made up. */
export function adminTokenFile (stateFolder: string, port: number): string {
  return join(stateFolder, `admin-token-${port}`)
}

/** Keeps a token that was made up, in a file that only the user can read. */
export function keepAdminToken (file: string, token: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // A file that is left from a service that was killed is replaced, whatever its mode.
  rmSync(file, { force: true })
  writeFileSync(file, token, { mode: 0o600, flag: 'wx' })
}

/** Reads a token that was kept; undefined when there is none that can be read. */
export function readAdminToken (file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** Removes a token that was kept, unless another service has put its own there. */
export function removeAdminToken (file: string, token: string): void {
  if (readAdminToken(file) === token) rmSync(file)
}
