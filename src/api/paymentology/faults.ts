import type { FastifyReply, FastifyRequest } from 'fastify'
import { describeFault, FAULT_STATUS, type ClientFault } from '../../client-faults.js'

/** What was asked for in place of an answer. */
export interface FaultyAnswer {
  readonly status: number
  readonly errorId: number
  readonly text: string
}

/** What a request meets whose identifier is still being processed (Paymentology). Its HTTP status is our ruling. */
const STILL_PROCESSING: FaultyAnswer = {
  status: 409, errorId: 1066, text: 'The first request with this api_call_unique_identifier is still being processed'
}

/** What a call that meets a fault can still do. */
export interface FaultyCall {
  /** Applies the call. @returns what sends its answer */
  apply (): Promise<() => FastifyReply>
  /** Answers that nothing was applied. */
  fail (answer: FaultyAnswer): FastifyReply
}

/** Lets a call meet the fault that was turned on for its client. The header `Stip-Sandbox-Fault` names it. */
export async function meetFault (
  request: FastifyRequest, reply: FastifyReply, { definition, waits }: ClientFault, { apply, fail }: FaultyCall
): Promise<FastifyReply> {
  const { fault, status = FAULT_STATUS, delay_ms: delayMs = 0 } = definition
  reply.header('stip-sandbox-fault', describeFault(definition))
  const send = fault === undefined || fault === 'cut' ? await apply() : undefined
  const { socket } = request.raw
  if (delayMs > 0) await waits.wait(delayMs, socket)
  if (fault === 'cut') {
    reply.hijack()
    socket.destroy()
    return reply
  }
  if (send !== undefined) return send()
  if (fault === 'error_1066') return fail(STILL_PROCESSING)
  return fail({ status, errorId: 90_000 + status, text: 'As the sandbox was told' })
}
