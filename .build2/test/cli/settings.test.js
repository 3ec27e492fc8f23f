import { join } from 'node:path';
import t from 'tap';
import { makeFolder } from '../support/folder.js';
import { startService } from '../support/service-process.js';
import { updateBody } from '../support/service.js';
import { runHere } from '../support/terminal.js';
t.test('the pivot currency that is set is the one that rates go through', async (t) => {
    const service = await startService(t, { PIVOT_CURRENCY: '048' });
    const response = await service.update(updateBody([{ input_id: 1004, bill_ccy: '404' }]));
    t.match(await response.json(), { body: { failed_note: 'Account: 1004, Reason: No exchange rate from KES to JPY' } }, 'there are rates across 840 only');
});
t.test('the host that is set is the one that is listened on', async (t) => {
    // The address is one that is kept for documentation, so that no machine has it (RFC 5737).
    const DATABASE_PATH = join(makeFolder(t), 'own.sqlite');
    const environment = {
        HOST: '192.0.2.1',
        PORT: '0',
        LOG_LEVEL: 'silent',
        ADMIN_TOKEN: 'secret-of-16-characters',
        DATABASE_PATH
    };
    t.match(await runHere(['serve'], environment), { exitCode: 1, complained: /^listen EADDRNOTAVAIL: .*192\.0\.2\.1/ });
});
//# sourceMappingURL=settings.test.js.map