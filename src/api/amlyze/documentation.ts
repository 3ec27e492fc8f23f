import type { TSchema } from '@sinclair/typebox'
import { InternalError, RejectedResponse, SpringResponse, Unauthorized } from '../../../schemas/amlyze.js'
import { HTTP_ERRORS, rejectionOf, type HttpErrorStatus, type RejectionCode } from './catalogue.js'

const REJECTION_EXAMPLES: readonly RejectionCode[] = ['account-missing', 'communication-number-used', 'account-unknown']

/** Documents what a call can answer beside its success. */
export function failureResponses (bodyLimitBytes: number): Record<number, TSchema> {
  return {
    400: RejectedResponse('A field is missing or wrong, or the body is not JSON. Nothing was kept.', REJECTION_EXAMPLES.map((code) => rejectionOf(code))),
    401: Unauthorized,
    404: springResponse(404, 'There is no such path.'),
    405: springResponse(405, 'The path is right and the method is not. The header `Allow` names the right one.'),
    413: springResponse(413, `The body is larger than ${bodyLimitBytes} bytes.`),
    415: springResponse(415, 'The body is not declared to be JSON.'),
    429: springResponse(429, 'The client has sent too many requests. `Retry-After` says after how many seconds it may go on.'),
    500: InternalError,
    503: springResponse(503, 'The database is locked, or cannot be written. The header `Retry-After` says when to try again.')
  }
}

function springResponse (status: HttpErrorStatus, description: string): TSchema {
  return SpringResponse(description, { status, error: HTTP_ERRORS[status] })
}
