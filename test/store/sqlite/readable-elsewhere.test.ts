import { spawnSync } from 'node:child_process'
import t from 'tap'
import { readMigrations } from '../../../src/store/sqlite/migrate.js'
import { rowsOf } from '../../support/database.js'
import { makeRichDatabase } from '../../support/history.js'

/** What SQLite has learnt since 3.37, the oldest that must read the schema. STRICT tables came with 3.37 itself. */
const NEWER: ReadonlyArray<readonly [since: string, pattern: RegExp]> = [
  ['3.38', /->>?|\bunixepoch\b|\bformat\s*\(/i],
  ['3.39', /\bIS\s+(NOT\s+)?DISTINCT\s+FROM\b|\b(RIGHT|FULL)\s+(OUTER\s+)?JOIN\b/i],
  ['3.41', /\bunhex\b/i],
  ['3.42', /\bjson5\b|\bjson_error_position\b|\bsubsec\b/i],
  ['3.43', /\boctet_length\b|\btimediff\b/i],
  ['3.44', /\bconcat(_ws)?\s*\(|\bstring_agg\b/i],
  ['3.45', /\bjsonb\w*/i],
  ['3.47', /\bmedian\b|\bpercentile\w*/i],
  ['3.50', /\bunistr\w*/i]
]

t.test('the schema needs nothing that SQLite 3.37 does not know', async (t) => {
  for (const { file, sql } of readMigrations()) {
    const statements = sql.replace(/--.*$/gm, '').replace(/'[^']*'/g, '\'\'')
    for (const [since, pattern] of NEWER) t.notMatch(statements, pattern, `${file} needs SQLite ${since}`)
    const tables = statements.match(/\bCREATE TABLE\b/g)
    t.equal(statements.match(/\bSTRICT\b/g)?.length, tables?.length, `each table of ${file} is STRICT`)
  }
})

const QUERY = 'SELECT account_id, actual, blocked, last_change_id FROM balances ORDER BY account_id'

/** Programs that bring a SQLite of their own, where they are there: how each prints the rows of a query, by `|`. */
const READERS: ReadonlyArray<readonly [command: string, args: (path: string) => string[]]> = [
  ['sqlite3', (path) => ['-readonly', path, QUERY]],
  ['python3', (path) => ['-c', `import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(*row, sep='|')`, path, QUERY]]
]

for (const [command, args] of READERS) {
  const isThere = spawnSync(command, ['--version']).status === 0
  t.test(`${command} reads the balances`, isThere ? {} : { skip: `${command} is not there` }, async (t) => {
    const path = await makeRichDatabase(t)
    const { stdout, stderr } = spawnSync(command, args(path), { encoding: 'utf8' })
    t.equal(stderr, '')
    const rows = rowsOf(path, QUERY) as Array<Record<string, bigint>>
    t.same(stdout.trim().split('\n'), rows.map((row) => Object.values(row).join('|')))
  })
}
