import Database from 'better-sqlite3'
import type { LightMyRequestResponse } from 'fastify'
import fc from 'fast-check'
import { RULE_EXAMPLE } from '../../schemas/stand-in-rule.js'
import { verifyDatabase } from '../../src/store/sqlite/verify.js'
import type { Test } from '../support/folder.js'
import { ADMIN_TOKEN, makeService } from '../support/service.js'
import { readCalls, type Call } from './openapi.js'
import { requestsOf, type FuzzRequest } from './requests.js'

const CREDENTIALS = {
  apiKey: { 'x-api-key': 'key-of-123' },
  amlyzeToken: { authorization: 'Bearer amlyze-token-of-123' },
  adminToken: { authorization: `Bearer ${ADMIN_TOKEN}` }
}

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE']

/**
 * Sends requests of every documented call, changed in every way that we could think of, and holds each answer against
 * the document. A request that is refused, or is a dry run, must leave all balances alone.
 *
 * @returns the first request whose answer is wrong, as small as it could be made; nothing when there is none
 */
export async function fuzz (t: Test, { cases, seed }: { cases: number, seed: number }): Promise<string[]> {
  // With a limit, which is not reached here, answers carry the headers that tell of it.
  const { app, call, databasePath } = await makeService(t, undefined, { rateLimit: 1_000_000_000 })
  const calls = await readCalls(app)
  const general = new Set([...Object.keys((await app.inject('/nowhere')).headers), 'transfer-encoding'])
  general.delete('x-request-id')
  await call('PUT', '/issuers/approves')
  await call('POST', '/stand-in/rules', RULE_EXAMPLE)
  await call('POST', '/simulations/authorizations', { token: '12345', amount: '1.00', currency: 'KES' })
  const history = watchHistory(databasePath)
  t.teardown(history.close)
  const statuses = new Map<string, number>()

  const property = fc.asyncProperty(fc.oneof(
    ...calls.map((call) => requestsOf(call, oddMethodsOf(call, calls), CREDENTIALS))
  ), async (request) => {
    const { call, method, url, headers, payload } = request
    const before = history.read()
    const response = await app.inject({
      method: method as 'GET',
      url,
      headers,
      ...payload === undefined ? {} : { payload }
    })
    const key = `${call.operationId} ${response.statusCode}`
    statuses.set(key, (statuses.get(key) ?? 0) + 1)
    const reached = callOf(calls, request)
    const fault = findFault(reached, request, response) ?? findHeaderFault(reached, response, general) ??
      (mayWrite(response) || history.read() === before ? undefined : 'changed the history of balances')
    if (fault !== undefined) {
      throw new Error(`${fault}\n${describe(request)}\n${response.statusCode} ${response.body.slice(0, 500)}`)
    }
  })
  const { failed, errorInstance } = await fc.check(property, { numRuns: cases, seed })
  const faults = [...failed ? [String(errorInstance)] : [], ...verifyDatabase(databasePath)]
  if (faults.length > 0) return faults
  // What never succeeds was not tested by its changes either. Only an empty database can load a scenario.
  const silent = calls.filter(({ operationId, answers }) =>
    operationId !== 'loadScenario' &&
      ![...answers.keys()].some((status) => status < 300 && statuses.has(`${operationId} ${status}`)))
  // In a short run chance may leave out a few.
  return silent.length < (cases < 20_000 ? calls.length / 3 : 1)
    ? []
    : silent.map(({ operationId }) => `${operationId} has never succeeded: its requests are not what they should be`)
}

function mayWrite ({ statusCode, headers }: LightMyRequestResponse): boolean {
  return statusCode < 300 && headers['dry-run'] !== 'true'
}

/** Watches how far the history of all balances has come, at little cost while nothing is written. */
function watchHistory (path: string): { read: () => string, close: () => void } {
  const database = new Database(path, { readonly: true })
  const version = database.prepare<[], number>('PRAGMA data_version').pluck()
  const end =
    database.prepare<[], string>('SELECT count(*) || \' \' || coalesce(max(change_id), 0) FROM balance_changes').pluck()
  let [lastVersion, lastEnd] = [version.get(), end.get() ?? '']
  return {
    read: () => {
      const newVersion = version.get()
      if (newVersion !== lastVersion) [lastVersion, lastEnd] = [newVersion, end.get() ?? '']
      return lastEnd
    },
    close: () => { database.close() }
  }
}

function findFault (
  call: Call | undefined, request: FuzzRequest, response: LightMyRequestResponse
): string | undefined {
  const { statusCode: status, headers } = response
  // A transfer coding that is not known is no failure of the service.
  if (status >= 500 && status !== 501) return 'was answered with a failure of the service'
  if (call === undefined) {
    return status >= 400 || isRead(request) ? undefined : `leads nowhere, and was answered with ${status}`
  }
  const answer = call.answers.get(status)
  if (answer === undefined) return `was answered with ${status}, which is not documented`
  if (!String(headers['content-type']).startsWith(answer.contentType)) {
    return `was answered as ${headers['content-type']} instead of ${answer.contentType}`
  }
  if (answer.validate !== undefined && !answer.validate(JSON.parse(response.body))) {
    return `was answered with a body that breaks its schema: ${JSON.stringify(answer.validate.errors)}`
  }
  return undefined
}

/** @param general the names of the headers that mean the same everywhere */
function findHeaderFault (
  call: Call | undefined, { statusCode, headers }: LightMyRequestResponse, general: ReadonlySet<string>
): string | undefined {
  const answer = call?.answers.get(statusCode)
  const unknown = answer && Object.keys(headers).find((name) => !general.has(name) && !answer.headers.has(name))
  return unknown === undefined
    ? undefined
    : `was answered with ${statusCode} and the header ${unknown}, which is not documented`
}

/** An odd path or method may lead to another call than that which it was made from, or nowhere. */
function callOf (calls: readonly Call[], request: FuzzRequest): Call | undefined {
  // It is sent without steps such as "..".
  const { pathname, search } = new URL(request.url, 'http://localhost')
  return calls.find((each) => each.method === request.method && patternOf(each).test(pathname + search))
}

function isRead ({ method }: FuzzRequest): boolean {
  return ['GET', 'HEAD', 'OPTIONS'].includes(method)
}

/**
 * The methods that no call has at the path of this one: with those that one has, it would take from the others what
 * they need.
 */
function oddMethodsOf ({ path }: Call, calls: readonly Call[]): string[] {
  return METHODS.filter((method) => !calls.some((call) => call.path === path && call.method === method))
}

/** A parameter of a path is not empty, and every percent sign in it begins an octet of UTF-8. */
function patternOf ({ path }: Call): RegExp {
  const tail = '%[89abAB][0-9a-fA-F]'
  const step = `(?:[^%/?#]|%[0-7][0-9a-fA-F]|%[c-dC-D][0-9a-fA-F]${tail}|` +
    `%[eE][0-9a-fA-F](?:${tail}){2}|%[fF][0-4](?:${tail}){3})+`
  return new RegExp(`^${path.replace(/\{\w+\}/g, step)}/?(?:\\?.*)?$`, 's')
}

function describe ({ method, url, headers, payload }: FuzzRequest): string {
  return `${method} ` +
    `${url}\n${JSON.stringify(headers)}\n${payload === undefined ? '' : payload.toString('latin1').slice(0, 2000)}`
}
