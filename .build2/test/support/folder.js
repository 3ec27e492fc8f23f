import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
/** A folder of the test's own, removed when the test ends. */
export function makeFolder(t) {
    const folder = mkdtempSync(join(tmpdir(), 'stip-sandbox-'));
    t.teardown(() => { rmSync(folder, { recursive: true, force: true }); });
    return folder;
}
//# sourceMappingURL=folder.js.map