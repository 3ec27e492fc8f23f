// A small issuer that speaks FAST, without a library: node issuer.mjs [approve|sleep|late] [port] [late by, ms]
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'

const [behaviour = 'approve', port = '4000', lateMs = '5000'] = process.argv.slice(2)
if (!/^(approve|sleep|late) \d+ \d+$/.test(`${behaviour} ${port} ${lateMs}`)) {
  console.error('It takes approve, sleep or late, a port, and how late in milliseconds: node issuer.mjs late 4000 5000')
  process.exit(2)
}

const server = createServer(async (request, response) => {
  const { MESSAGE_TYPE: { Message_Type: type }, SUMMARY: summary } = JSON.parse(await text(request))
  const { TID, RID, Billing_Amount: amount, Billing_Currency: currency } = summary
  console.log(`${type} TID ${TID} RID ${RID} ${amount} ${currency}`)
  // 0120 and 0420 tell of a decision: each 2xx acknowledges them. 0100 and 0200 ask for one.
  const isAsked = type === '0100' || type === '0200'
  if (isAsked && behaviour === 'sleep') return
  if (isAsked && behaviour === 'late') await wait(Number(lateMs))
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify({ SUMMARY: { TID, RID }, ISO_MSG: { DE38: 'A1B2C3', DE39: '00' } }))
})
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
