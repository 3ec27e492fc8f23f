import { readFileSync } from 'node:fs'
import { packageRoot } from '../../package-root.js'
import type { Send } from './send.js'
import type { Server } from './server.js'

/** How tables, columns, constraints and indexes are defined, by kind and name. */
export type Schema = Readonly<Record<string, string>>

/**
 * The schema that the migrations make, in PostgreSQL's words, which are the same from 14 to 18. `npm run schema` writes
 * it.
 */
export const SCHEMA_FILE = new URL('migrations/postgres/schema.json', packageRoot)

/**
 * A constraint has an index of its own, which is not named again. How an index is stored (`WITH`) is up to those who
 * run the server. One that is not valid is as good as missing.
 */
const READ_SCHEMA = `
  WITH own AS (
    SELECT oid, relname, relpersistence FROM pg_class WHERE relkind IN ('r', 'p')
      AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()))
  SELECT 'table ' || relname AS name, CASE relpersistence WHEN 'p' THEN 'logged' ELSE 'not logged' END AS definition
  FROM own
  UNION ALL
  SELECT 'column ' || relname || '.' || attname,
    format_type(atttypid, atttypmod) || coalesce(' COLLATE ' || collname, '')
    || CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || pg_get_expr(adbin, adrelid), '')
  FROM own JOIN pg_attribute ON attrelid = own.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
  UNION ALL
  SELECT 'constraint ' || conname || ' of ' || relname, pg_get_constraintdef(pg_constraint.oid)
  FROM own JOIN pg_constraint ON conrelid = own.oid AND contype IN ('p', 'u', 'f', 'c')
  UNION ALL
  SELECT 'index ' || found.relname, regexp_replace(pg_get_indexdef(indexrelid, 0, true), ' WITH [(][^)]*[)]', '')
  FROM own JOIN pg_index ON indrelid = own.oid AND indisvalid JOIN pg_class AS found ON found.oid = indexrelid
  WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))`

/** Reads how the tables of ours are defined. */
export async function readSchema (send: Send): Promise<Schema> {
  const { rows } = await send(READ_SCHEMA)
  return Object.fromEntries(rows.map((row) => [String(row['name']), String(row['definition'])]))
}

/**
 * Compares tables, columns, constraints and indexes with those that the migrations make. What else is there does no
 * harm. CockroachDB and YugabyteDB describe theirs in words of their own, and are not asked.
 *
 * @returns every fault in words
 */
export async function findSchemaFaults (send: Send, { engine }: Pick<Server, 'engine'>): Promise<string[]> {
  if (engine !== 'PostgreSQL') return []
  const found = await readSchema(send)
  const wanted = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')) as Schema
  return Object.entries(wanted).filter(([name, definition]) => found[name] !== definition).map(([name]) =>
    `${name} is ${name in found ? 'not what the migrations make' : 'missing'}`)
}
