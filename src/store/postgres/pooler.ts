import pg from 'pg'

/** What a pooler must do with prepared statements. Follows what went wrong. */
export const POOL_MODE_ADVICE = '. A pooler between the service and PostgreSQL must use its session mode, or keep ' +
  'prepared statements in its transaction mode: PgBouncer from 1.21 on, with max_prepared_statements above 0'

const SCHEMA_ADVICE = 'Take `options` out of DATABASE_URL, and give each schema a user of its own: ' +
  'ALTER ROLE … SET search_path = …'

/** What a new connection ends with behind a pooler, and what would be right. */
const ADVICE: ReadonlyArray<readonly [RegExp, string]> = [
  [/^unsupported startup parameter/, `: a pooler does not take it. ${SCHEMA_ADVICE}`],
  [/^Query read timeout$/, ': the connection was made, and got no answer. A pooler must have as many connections to ' +
    'PostgreSQL as all services together may have by DATABASE_CONNECTIONS, and some more']
]

/** Says of a connection that was refused what would be right, where a pooler is the likely cause. */
export function withAdvice (reason: string): string {
  const [, advice = ''] = ADVICE.find(([pattern]) => pattern.test(reason)) ?? []
  return reason + advice
}

/** How long a server may take to say how a new connection stands. */
export const PROBE_TIMEOUT_MS = 5000

/** The settings in `options` that name the schema, in the forms that the server takes. */
const SEARCH_PATH = /(?:^|\s)(?:-c\s*|--)search[_-]path=((?:\\.|\S)*)/gi

/**
 * Holds a new connection against the schema that `options` asks for: a pooler may leave `options` out, and the service
 * would then keep its accounts elsewhere, maybe among those of another.
 *
 * @throws Error saying what a pooler must do
 */
export async function requireSearchPath (client: pg.ClientBase, options: string): Promise<void> {
  const asked = [...options.matchAll(SEARCH_PATH)].pop()?.[1]?.replaceAll(/\\(.)/g, '$1')
  if (asked === undefined) return
  const { rows: [row] } = await client.query<{ found: string, asked: string }>({
    // Set for this statement alone, it is written as the server writes it.
    text: 'SELECT current_setting(\'search_path\') AS found, ' +
      `set_config('search_path', ${pg.escapeLiteral(asked)}, true) AS asked`,
    query_timeout: PROBE_TIMEOUT_MS
  } as pg.QueryConfig)
  if (row?.found === row?.asked) return
  throw new Error(`the search_path is ${String(row?.found)} and not ${asked}, as \`options\` asks: a pooler has left ` +
    `it out. ${SCHEMA_ADVICE}`)
}
