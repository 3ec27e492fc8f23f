import type { IssuerMessages, OutgoingMessage } from '../domain/issuer-messages.js'
import type { FastMessage } from './message.js'
import { adviceMessage, passiveMessage, requestMessage, reversalAdviceMessage } from './messages.js'

/** The reason of DE60_1 for a payment that was abandoned, from the card test simulator's list. */
const ABANDONED = 'issuer time-out'

/** FAST, as the store asks for it. */
export const fastMessages: IssuerMessages = {
  request: (thread, rid) => write(requestMessage(thread, rid)),
  advice: (thread, facts) => write(adviceMessage(thread, facts)),
  passive: (thread, { rid, de39, reasonCode }) =>
    write(passiveMessage(thread, { rid, de39, processorReasonCode: reasonCode })),
  reversalAdvice: (thread, facts) => write(reversalAdviceMessage(thread, { ...facts, reason: ABANDONED }))
}

function write (message: FastMessage): OutgoingMessage {
  return { messageType: message.MESSAGE_TYPE.Message_Type, body: JSON.stringify(message) }
}
