import { fileURLToPath } from 'node:url'
import { readConfig, type DatabaseConfig } from '../config.js'
import { endWithoutModules } from '../open-files.js'
import { packageRoot } from '../package-root.js'
import type { RunningServer } from '../server.js'
import { DEFAULT_URL } from './connection.js'

const SCENARIO_FILE = fileURLToPath(new URL('examples/demo-scenario.json', packageRoot))

/**
 * Starts the service on the demo's accounts, in a database of its own that stays for the next start.
 *
 * @param environment settings that are not empty there win over the demo's own
 * @param isRead whether a person reads the log
 * @returns a text for newcomers: where the documentation is, and a call that is ready to run
 */
export async function demo (environment: NodeJS.ProcessEnv, isRead: boolean): Promise<string> {
  const config = readConfig(environment, {
    DATABASE_PATH: 'data/demo.sqlite', SCENARIO_FILE, LOG_LEVEL: isRead ? 'info' : 'warn'
  })
  const { startServer } = await import('../server.js').catch(endWithoutModules)
  const server = await startServer(config, isRead)
  const { address, adminToken } = server
  // A token that was given stays where it was given. One that was made up has no character that a shell knows.
  const token = config.adminToken === undefined ? adminToken : '$ADMIN_TOKEN'
  const update = {
    client_id: 123,
    api_call_unique_identifier: `demo-${Date.now()}`,
    balance_list: [{ input_type: 't', input_id: 12345, act_balance: 200, blk_balance: 50, bill_ccy: '404' }]
  }
  const call = [
    `curl -s ${address}/ppws/api/v1/pws_update_balance -H 'X-API-KEY: demo-key-123'`,
    '-H \'Content-Type: application/json\' -H \'Prefer: return=representation\'',
    `-d '${JSON.stringify(update)}'`
  ].join(' ')
  return `stip-sandbox is listening on ${address}
Documentation: ${address}/docs${config.adminToken === undefined ? `\nAdmin token of this start: ${adminToken}` : ''}

Update a balance:

${call}

Read the account:

curl -s ${address}/sandbox/v1/accounts/9007199254740993 -H "Authorization: Bearer ${token}"

Or with the command line, in another terminal:

${nextCommand(server, token)}

${await startIssuer(server, token)}Stop with Ctrl+C. The balances stay in ${nameOf(config.database)}.
`
}

/** The end of the address of the demo's own issuer. The port before it may be another one at each start. */
const DEMO_ISSUER = '/issuer/demo'

/**
 * Gives the demo's client an issuer inside this process, unless somebody has set another: its advices must go there.
 *
 * @param token as a command shows it
 * @returns what a newcomer can do with it; nothing where the accounts or settings forbid it
 */
async function startIssuer (server: RunningServer, token: string): Promise<string> {
  const { address, adminToken, inject } = server
  const headers = { authorization: `Bearer ${adminToken}` }
  const { url: chosen } = (await inject({ method: 'GET', url: '/sandbox/v1/clients/123/issuer', headers })).json()
  if (typeof chosen === 'string' && !chosen.endsWith(DEMO_ISSUER)) {
    return `Client 123 has an issuer of yours, ${chosen}, in place of the demo's.\n\n`
  }
  for (const [url, payload] of [
    ['/sandbox/v1/issuers/demo', { default: { behaviour: 'approve' } }],
    ['/sandbox/v1/clients/123/issuer', { url: `${address}${DEMO_ISSUER}` }]
  ] as const) {
    const { statusCode } = await inject({ method: 'PUT', url, headers, payload })
    if (statusCode >= 300) return ''
  }
  return describeStandIn(server, token)
}

/** What a payment is like whose issuer fails. */
function describeStandIn (server: RunningServer, token: string): string {
  const commands = [
    'authorize 12345 0.50 EUR', 'issuer behave demo never-answer', 'authorize 12345 0.50 EUR', 'advices list',
    'issuer behave demo approve'
  ].map((command) => commandLine(server, token, command))
  return `Let a payment arrive that the issuer approves, and then one that it does not answer. Stand-in decides it, and
the issuer is advised once it answers again:

${commands.join('\n')}

`
}

/** Names a database without its secrets. */
export function nameOf (database: DatabaseConfig): string {
  return database.kind === 'sqlite' ? database.path : 'the database of DATABASE_URL'
}

/**
 * Gives the first command that somebody may want to run against a service that is up.
 *
 * @param token how to name the admin token in a shell, where the command line does not find it by itself
 */
export function nextCommand (server: ServedAt, token: string): string {
  return commandLine(server, token, 'balances show')
}

type ServedAt = Pick<RunningServer, 'address' | 'adminTokenFile'>

function commandLine ({ address, adminTokenFile }: ServedAt, token: string, command: string): string {
  const url = address === DEFAULT_URL ? '' : ` --url ${address}`
  return `${adminTokenFile === undefined ? `ADMIN_TOKEN="${token}" ` : ''}npx stip-sandbox ${command}${url}`
}
