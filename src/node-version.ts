import { readFileSync } from 'node:fs'
import { packageRoot } from './package-root.js'

/** As much of a process as is needed to end it with a message. */
interface Program {
  readonly version: string
  readonly stderr: { write: (text: string) => unknown }
  readonly exit: (code: number) => never
}

/** The ranges of versions that `engines` in package.json promises, such as `^20.12.0`, `22` and `>=24`. */
const RANGES = (JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { engines: { node: string } })
  .engines.node.split(' || ')

/** The versions of Node that the package is made for, in words. */
export const NODE_VERSIONS: string =
  RANGES.map((range) => range.replace(/^\^(\d+\.\d+)\.0$/, '$1').replace(/^>=(\d+)$/, '$1 or newer')).join(', ')

/**
 * Tells whether the package is made for a version of Node. `engines` has three forms: `^20.12.0`, `22` and `>=24`.
 *
 * @param version such as `v20.12.0`
 */
export function isNodeKnown (version: string): boolean {
  const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
  return RANGES.some((range) => {
    const [leastMajor = 0, leastMinor = 0] = range.replace(/^\D+/, '').split('.').map(Number)
    return major === leastMajor ? minor >= leastMinor : range.startsWith('>=') && major > leastMajor
  })
}

/** Ends the process on another Node, whose own message would be about a module that it cannot read. */
export function endOnOtherNode ({ version, stderr, exit }: Program = process): void {
  if (isNodeKnown(version)) return
  stderr.write(`stip-sandbox needs Node ${NODE_VERSIONS}; this is ${version.slice(1)}\n`)
  exit(1)
}
