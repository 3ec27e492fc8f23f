/** What the codes of data element 39 mean (ISO 8583:1987, as the industry uses them). */
const MEANINGS: Readonly<Record<string, string>> = {
  '00': 'approved',
  '01': 'refer to card issuer',
  '03': 'invalid merchant',
  '04': 'capture card',
  '05': 'do not honour',
  10: 'approved in part',
  12: 'invalid transaction',
  13: 'invalid amount',
  14: 'invalid card number',
  15: 'no such issuer',
  25: 'record not found',
  30: 'format error',
  41: 'lost card',
  43: 'stolen card',
  51: 'insufficient funds',
  54: 'expired card',
  55: 'incorrect PIN',
  57: 'transaction not permitted to cardholder',
  58: 'transaction not permitted to terminal',
  61: 'exceeds amount limit',
  62: 'restricted card',
  63: 'security violation',
  65: 'exceeds count limit',
  75: 'PIN tries exceeded',
  82: 'incorrect CVV',
  85: 'no reason to decline',
  88: 'cryptogram failure',
  91: 'issuer unavailable',
  92: 'no route to issuer',
  94: 'duplicate transmission',
  96: 'system malfunction'
}

/** Says what a code of data element 39 means, in words. */
export function describeResponseCode (de39: string): string {
  return MEANINGS[de39] ?? 'a code of the issuer\'s own'
}
