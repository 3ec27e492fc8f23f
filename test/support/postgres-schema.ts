import pg from 'pg'
import { OWN_TABLES, readMigrations } from '../../src/store/postgres/migrate.js'
import { readSchema } from '../../src/store/postgres/schema-check.js'

/** Makes the tables of the migrations in an empty place. @returns the text of the file that describes them */
export async function describeMigrations (url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const sql of [OWN_TABLES, ...readMigrations()]) await client.query(sql)
    const entries = Object.entries(await readSchema(async (text) => await client.query(text)))
    return `${JSON.stringify(Object.fromEntries(entries.sort()), null, 2)}\n`
  } finally {
    await client.end()
  }
}
