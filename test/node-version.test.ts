import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import t from 'tap'
import { isNodeKnown, NODE_VERSIONS } from '../src/node-version.js'
import { packageRoot } from '../src/package-root.js'
import { MAIN } from './support/process.js'

/** What npm itself compares versions with. It comes without types. */
const { satisfies } = createRequire(import.meta.url)('semver') as {
  readonly satisfies: (version: string, range: string) => boolean
}

const readText = (path: string): string => readFileSync(new URL(path, packageRoot), 'utf8')

t.test('the versions of Node are those that package.json promises, and the README names them', async (t) => {
  const { engines } = JSON.parse(readText('package.json')) as { engines: { node: string } }
  for (let major = 16; major < 30; major++) {
    for (const rest of ['0.0', '11.1', '12.0', '12.1', '20.4']) {
      const version = `${major}.${rest}`
      t.equal(isNodeKnown(`v${version}`), satisfies(version, engines.node), version)
    }
  }
  t.match(readText('README.md'), `It needs Node ${NODE_VERSIONS}`)
})

t.test('another Node is told which one is needed, before anything is loaded that it cannot read', async (t) => {
  const pretend = 'data:text/javascript,Object.defineProperty(process,"version",{value:"v20.11.1"})'
  const { status, stdout, stderr } =
    spawnSync(process.execPath, [`--import=${pretend}`, MAIN, '--version'], { encoding: 'utf8' })
  t.same({ status, stdout, stderr }, {
    status: 1, stdout: '', stderr: `stip-sandbox needs Node ${NODE_VERSIONS}; this is 20.11.1\n`
  })
})

/** Everything that a module imports before it runs, and what those import. Types are gone then. */
function importsOf (path: string, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of readText(path).matchAll(/^import (?!type ).* from '(.+)'$/gm)) {
    const target = name.startsWith('.') ? new URL(name, new URL(path, packageRoot)).href : name
    if (found.has(target)) continue
    found.add(target)
    if (name.startsWith('.')) importsOf(target.replace('.js', '.ts').slice(packageRoot.href.length), found)
  }
  return found
}

t.test('what looks at the version loads no package, and of Node only what each version has', async (t) => {
  const imports = [...importsOf('src/cli/main.ts')]
  t.ok(imports.length > 2)
  t.same(imports.filter((name) => !name.startsWith('file:')), ['node:fs'])
})
