/** Writes what PostgreSQL makes of the migrations. To be run when there is a new one. */
import { writeFileSync } from 'node:fs'
import { SCHEMA_FILE } from '../../src/store/postgres/schema-check.js'
import { describeMigrations } from '../support/postgres-schema.js'
import { startPostgresServer } from '../support/postgres-server.js'

const server = await startPostgresServer()
try {
  writeFileSync(SCHEMA_FILE, await describeMigrations(server.url))
} finally {
  await server.stop()
}
