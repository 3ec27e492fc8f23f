import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { packageRoot } from '../src/package-root.js'

t.test('the contracts import nothing of the service', async (t) => {
  const folder = new URL('schemas/', packageRoot)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  t.ok(files.length > 0)
  t.same(files.filter((file) => /from '[^']*\/src\//.test(readFileSync(new URL(file, folder), 'utf8'))), [])
})
