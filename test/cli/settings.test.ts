import t from 'tap'
import { makeFolder } from '../support/folder.js'
import { runCommand } from '../support/process.js'
import { startService } from '../support/service-process.js'
import { updateBody } from '../support/service.js'

t.test('the pivot currency that is set is the one that rates go through', async (t) => {
  const service = await startService(t, { PIVOT_CURRENCY: '048' })
  const response = await service.update(updateBody([{ input_id: 1004, bill_ccy: '404' }]))
  t.match(await response.json(), { body: { failed_note: 'Account: 1004, Reason: No exchange rate from KES to JPY' } }, 'there are rates across 840 only')
})

t.test('the host that is set is the one that is listened on', async (t) => {
  // The address is one that is kept for documentation, so that no machine has it (RFC 5737).
  const server = runCommand(t, makeFolder(t), ['serve'], { HOST: '192.0.2.1', PORT: '0', LOG_LEVEL: 'silent' })
  t.equal(await server.exitCode, 1)
  t.match(server.errors(), /192\.0\.2\.1/)
})
