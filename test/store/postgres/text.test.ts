import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { packageRoot } from '../../../src/package-root.js'
import { bulkStatementOf, queryOf } from '../../../src/store/postgres/text.js'
import { bytes, FOR_UPDATE, int8, locking, sql, statement, text } from '../../../src/store/sql.js'

t.test('a parameter has the type of its value, and parts stand in their places', async (t) => {
  const condition = sql`a = ${1n} AND b = ${'x'}`
  const nested = sql`SELECT 1 WHERE ${condition} AND c IN (${Buffer.from('y')}, ${null}, ${undefined}) ${FOR_UPDATE}`
  t.same(queryOf(nested), {
    text: 'SELECT 1 WHERE a = $1::int8 AND b = $2::text AND c IN ($3::bytea, $4, $5) FOR UPDATE',
    values: [1n, 'x', Buffer.from('y'), null, undefined]
  })
})

t.test('a statement for many rows is one over unnest where that means the same', async (t) => {
  const forms: ReadonlyArray<readonly [Parameters<typeof bulkStatementOf>[0], string | undefined]> = [
    [statement`INSERT INTO t (a, b) VALUES (${int8}, ${bytes})`,
      'INSERT INTO t (a, b) SELECT asked.p1, asked.p2 FROM unnest($1::int8[], $2::bytea[]) AS asked (p1, p2)'],
    [statement`UPDATE t SET a = ${int8} WHERE b = ${text}`,
      'UPDATE t SET a = asked.p1 FROM unnest($1::int8[], $2::text[]) AS asked (p1, p2) WHERE b = asked.p2'],
    [statement`DELETE FROM t WHERE a = ${int8}`,
      'DELETE FROM t USING unnest($1::int8[]) AS asked (p1) WHERE a = asked.p1'],
    [statement`INSERT INTO t (a) VALUES (${int8}) ON CONFLICT (a) DO NOTHING`, undefined],
    [statement`INSERT INTO t (a) SELECT b FROM u WHERE b = ${int8}`, undefined]
  ]
  for (const [form, many] of forms) t.equal(bulkStatementOf(form).many, many)
  t.equal(bulkStatementOf(forms[1]?.[0] as never).key, 1, 'an UPDATE names its rows by its last parameter')
  t.equal(bulkStatementOf(forms[2]?.[0] as never).key, undefined)
})

t.test('an UPDATE whose last parameter is not its only condition is refused, because its key is not known', async (
  t
) => {
  for (const form of [
    statement`UPDATE t SET a = ${int8} WHERE b = ${int8} AND a < ${int8}`,
    statement`UPDATE t SET a = ${int8} WHERE a IS NULL OR b = ${int8}`,
    statement`UPDATE t SET a = ${int8} WHERE b > ${int8}`,
    statement`UPDATE t SET a = ${int8} WHERE b = ${int8} AND c = 1`,
    statement`UPDATE t SET a = (SELECT c FROM u WHERE d = ${int8}) WHERE b = ${int8}`,
    statement`UPDATE t SET a = ${int8}`
  ]) {
    t.throws(() => bulkStatementOf(form), { message: /^an UPDATE for many rows must end in WHERE column = \$\{…\}, / })
  }
})

t.test('a look-up for many rows gives the place of the row that it is for, and may lock what it finds', async (t) => {
  const { single, many } = bulkStatementOf(locking(statement`SELECT a FROM t WHERE b = ${text}`))
  t.equal(single, 'SELECT a FROM t WHERE b = $1::text FOR UPDATE')
  t.equal(many?.replace(/\s+/g, ' '), 'SELECT asked.asked_n, found.* ' +
    'FROM unnest($1::text[]) WITH ORDINALITY AS asked (p1, asked_n) ' +
    'CROSS JOIN LATERAL (SELECT a FROM t WHERE b = asked.p1 FOR UPDATE) AS found')
  const { single: ofBalances } = bulkStatementOf(locking(statement`SELECT a FROM t WHERE b = ${int8}`, 'balances'))
  t.equal(ofBalances, 'SELECT a FROM t WHERE b = $1::int8 FOR UPDATE OF balances')
})

/** Takes the comments of SQL out. */
function statementsOf (source: string): string {
  return source.replace(/--.*$/gm, '')
}

t.test('texts that are compared are compared as bytes, as in SQLite', async (t) => {
  for (const file of readdirSync(new URL('migrations/postgres/', packageRoot))) {
    const source = statementsOf(readFileSync(new URL(`migrations/postgres/${file}`, packageRoot), 'utf8'))
    t.same(source.match(/^\s+\w+ text\b(?! COLLATE "C").*/gm), null)
  }
})
