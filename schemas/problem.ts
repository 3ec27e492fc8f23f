import { Type, type Static } from '@sinclair/typebox'

/** What went wrong, as RFC 9457 has it. */
export const Problem = Type.Object({
  type: Type.String({
    description: 'Names the kind of problem. `about:blank` says no more than the status.',
    examples: ['about:blank']
  }),
  title: Type.String({ description: 'The kind of problem, in words.', examples: ['Not Found'] }),
  status: Type.Integer({ minimum: 400, maximum: 599, description: 'The HTTP status.', examples: [404] }),
  detail: Type.Optional(Type.String({ description: 'What is wrong with this very request, and what would be right.' })),
  errors: Type.Optional(Type.Array(Type.String(), {
    description: 'The first 20 faults with their places, where there may be several, and how many more there are; ' +
      '`detail` is the first.'
  }))
}, { title: 'Problem', description: 'RFC 9457 problem details, sent as application/problem+json.' })
export type Problem = Static<typeof Problem>

/** The documentation of one answer with problem details. */
export interface ProblemResponse {
  description: string
  content: { 'application/problem+json': { schema: typeof Problem, example: Problem } }
}

/**
 * Documents an answer with problem details.
 *
 * @param description what leads to this answer
 * @param example what the answer says, for example
 */
export function problemResponse (description: string, example: Omit<Problem, 'type'>): ProblemResponse {
  return {
    description,
    content: { 'application/problem+json': { schema: Problem, example: { type: 'about:blank', ...example } } }
  }
}

/**
 * Documents an answer that names every fault with its place.
 *
 * @param fault one of them, for example
 */
export function faultsResponse (description: string, status: 409 | 422, fault: string): ProblemResponse {
  return problemResponse(description, {
    title: status === 409 ? 'Conflict' : 'Unprocessable Entity',
    status,
    detail: fault,
    errors: [fault]
  })
}

/** The problems of every route, whose request cannot be read: it reaches no route. */
export const UNREAD_PROBLEMS = {
  400: problemResponse('The request is not valid HTTP/1.1, or breaks the contract.', {
    title: 'Bad Request',
    status: 400,
    detail: 'account_id must be a whole number from 1 to 9223372036854775807, in digits'
  }),
  408: problemResponse('The request did not arrive in time.', {
    title: 'Request Timeout',
    status: 408,
    detail: 'The request did not arrive in time'
  }),
  421: problemResponse('The header `Host` names another service. See the setting `ALLOWED_HOSTS`.', {
    title: 'Misdirected Request',
    status: 421,
    detail: 'The header Host must be localhost, a loopback address, or a name in the setting ALLOWED_HOSTS of the ' +
      'service'
  }),
  431: problemResponse('The address and the headers are too large.', {
    title: 'Request Header Fields Too Large',
    status: 431,
    detail: 'The address and the headers must not have more than 16384 bytes together'
  }),
  501: problemResponse('The `Transfer-Encoding` is not `chunked`.', {
    title: 'Not Implemented',
    status: 501,
    detail: 'The only Transfer-Encoding that is read is chunked'
  })
}

/** The problems that every route of the sandbox's own API can answer with. */
export const COMMON_PROBLEMS = {
  ...UNREAD_PROBLEMS,
  401: problemResponse('No admin token, or a wrong one.', {
    title: 'Unauthorized',
    status: 401,
    detail: 'Send the header "Authorization: Bearer", followed by the ADMIN_TOKEN that the service was started with'
  }),
  429: problemResponse('Too many requests. `Retry-After` says after how many seconds to go on.', {
    title: 'Too Many Requests',
    status: 429,
    detail: 'At most 120000 requests a minute are taken. Send it again in 12 seconds'
  }),
  500: problemResponse('Unforeseen. The cause is in the log.', { title: 'Internal Server Error', status: 500 }),
  503: problemResponse('The database is locked, or cannot be written. The header `Retry-After` says when to try ' +
    'again.', {
    title: 'Service Unavailable',
    status: 503,
    detail: 'The database is not available for now. Send the request again'
  })
}

/**
 * The problems besides of every route whose method may carry a body: one that takes none refuses what it cannot read,
 * too.
 */
export const BODY_PROBLEMS = {
  413: problemResponse('The body is too large.', {
    title: 'Payload Too Large',
    status: 413,
    detail: 'The body must not have more than 65536 bytes'
  }),
  415: problemResponse('The body is not declared to be JSON.', {
    title: 'Unsupported Media Type',
    status: 415,
    detail: 'The header Content-Type must be application/json; it is "application/x-www-form-urlencoded"'
  })
}
