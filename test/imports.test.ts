import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { packageRoot } from '../src/package-root.js'

const ROOT = fileURLToPath(packageRoot)

/** What may not lead where. Each arrow against the stream makes a part depend on those that depend on it. */
const FORBIDDEN: ReadonlyArray<readonly [from: RegExp, to: RegExp]> = [
  [/^schemas\//, /^src\//],
  [/^src\/domain\//, /^(schemas\/|src\/(api|cli|http|store)\/)/],
  [/^src\/store\//, /^(schemas\/|src\/(api|cli|http)\/)/],
  [/^src\/store\/(operations\/|[^/]+$)/, /^src\/store\/(postgres|sqlite)\//],
  [/^src\/store\/sqlite\//, /^src\/store\/postgres\//],
  [/^src\/store\/postgres\//, /^src\/store\/sqlite\//],
  [/^src\/store\/port\//, /^src\/store\/(?!port\/)/],
  [/^src\/exact-json\//, /^(schemas\/|src\/(api|cli|http|store)\/)/],
  [/^src\/formats\//, /^src\/(api|cli|http|store\/(?!port\/))/],
  [/^src\/fast\//, /^(schemas\/|src\/(api|cli|http|store)\/)/],
  [/^src\/issuer\//, /^(schemas\/|src\/(api|cli|http|store|fast)\/)/],
  [/^src\/api\//, /^src\/(cli\/|store\/(operations|postgres|sqlite)\/)/],
  [/^src\/http\//, /^src\/(api|cli)\//]
]

const IMPORT = /(?:from|^import) '(\.[^']+\.js|tap)'/gm

/** Types are gone once it is compiled. */
const LOADING_IMPORT = /^(?:import|export) (?!type )[^'(]*'(\.[^']+\.js|tap)'/gm

/** All modules of some folders, each with the modules that it imports. */
function readImports (folders: readonly string[] = ['src', 'schemas'], pattern = IMPORT): Map<string, string[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts')).map((file) => join(folder, file)))
  return new Map(files.map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    const imported = [...text.matchAll(pattern)].map(([, path = '']) =>
      path === 'tap' ? path : relative(ROOT, join(ROOT, dirname(file), path.replace(/js$/, 'ts'))))
    return [file, imported]
  }))
}

/** Finds a way from a module through its imports back to one that is on the way already. */
function findCircles (imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const circles: string[] = []
  function go (file: string, way: readonly string[]): void {
    const begin = way.indexOf(file)
    if (begin >= 0) circles.push([...way.slice(begin), file].join(' → '))
    if (begin >= 0 || done.has(file)) return
    for (const next of imports.get(file) ?? []) go(next, [...way, file])
    done.add(file)
  }
  for (const file of imports.keys()) go(file, [])
  return circles
}

function findForbidden (imports: ReadonlyMap<string, readonly string[]>): string[] {
  return [...imports].flatMap(([file, targets]) => targets
    .filter((target) => FORBIDDEN.some(([from, to]) => from.test(file) && to.test(target)))
    .map((target) => `${file} → ${target}`))
}

t.test('every import leads to a module that is there', async (t) => {
  const imports = readImports()
  t.ok(imports.size > 100)
  const missing = [...imports.values()].flat().filter((target) => !existsSync(join(ROOT, target)))
  t.same(missing, [])
})

t.test('modules do not import each other in a circle', async (t) => {
  t.same(findCircles(readImports()), [])
  t.same(findCircles(new Map([['a', ['b']], ['b', ['c', 'd']], ['c', ['b']], ['d', []]])), ['b → c → b'])
})

t.test('no import leads against the stream', async (t) => {
  t.same(findForbidden(readImports()), [])
  const imports = new Map([['src/domain/a.ts', ['src/store/b.ts', 'src/domain/c.ts']]])
  t.same(findForbidden(imports), ['src/domain/a.ts → src/store/b.ts'])
})

/** What a module imports, and what that imports, and so on. */
function reachableFrom (file: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set([file])
  for (const one of reached) for (const next of imports.get(one) ?? []) reached.add(next)
  return reached
}

t.test('the long forms of tests run without tap, which would end them after its time', async (t) => {
  const imports = readImports(['src', 'schemas', 'test'])
  const longForms = ['crash', 'failover', 'fuzz', 'soak'].map((name) => `test/${name}/main.ts`)
  for (const file of longForms) t.notOk(reachableFrom(file, imports).has('tap'), file)
  t.ok(reachableFrom('test/imports.test.ts', imports).has('tap'))
})

t.test('the command line loads the service, and what reads YAML, only for a command that needs it', async (t) => {
  const imports = readImports(['src', 'schemas'], LOADING_IMPORT)
  const slow = /^src\/(api|http|store)\/|^src\/(app|server|scenario-file)\.ts$/
  const slowBelow = (file: string): string[] => [...reachableFrom(file, imports)].filter((found) => slow.test(found))
  t.same(slowBelow('src/cli/run.ts'), [])
  t.ok(reachableFrom('src/cli/run.ts', imports).has('src/cli/commands/serve.ts'))
  t.ok(slowBelow('src/server.ts').length > 50)
})
