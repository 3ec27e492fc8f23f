/**
 * Takes whole messages of PostgreSQL's protocol from the bytes of one side.
 *
 * @param isFirst whether the side is a client from its beginning, whose first message has no byte for its kind
 */
export function makeReadMessages (isFirst = true): (data: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0)
  return (data) => {
    rest = Buffer.concat([rest, data])
    const messages: Buffer[] = []
    for (;;) {
      const kind = isFirst ? 0 : 1
      if (rest.length < kind + 4) return messages
      const length = kind + rest.readUInt32BE(kind)
      if (rest.length < length) return messages
      messages.push(rest.subarray(0, length))
      rest = rest.subarray(length)
      isFirst = false
    }
  }
}

export function kindOf (message: Buffer): string {
  return String.fromCharCode(message[0] as number)
}
