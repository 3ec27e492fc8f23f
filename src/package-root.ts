import { existsSync } from 'node:fs'

/**
 * The folder of the package: what stands beside the code (migrations, examples, package.json) is found from
 * here, whether the code runs as TypeScript from `src` or compiled from `dist`.
 */
export const packageRoot: URL = findRoot(new URL('.', import.meta.url))

function findRoot (folder: URL): URL {
  return existsSync(new URL('package.json', folder)) ? folder : findRoot(new URL('..', folder))
}
