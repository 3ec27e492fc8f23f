import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { packageRoot } from '../src/package-root.js';
t.test('the contracts import nothing of the service', async (t) => {
    const folder = new URL('schemas/', packageRoot);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    t.ok(files.length > 0);
    t.same(files.filter((file) => /from '[^']*\/src\//.test(readFileSync(new URL(file, folder), 'utf8'))), []);
});
/** Every rule of a text by a pattern, with its place. */
function patternsIn(node, place) {
    if (typeof node !== 'object' || node === null)
        return [];
    const { pattern, 'x-rule': rule } = node;
    return [
        ...typeof pattern === 'string' ? [{ place, rule }] : [],
        ...Object.entries(node).flatMap(([name, member]) => patternsIn(member, `${place}.${name}`))
    ];
}
t.test('no text of a contract has a pattern without words for people', async (t) => {
    const folder = new URL('schemas/', packageRoot);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const found = await Promise.all(files.map(async (file) => patternsIn(await import(`../schemas/${file.replace(/ts$/, 'js')}`), file)));
    t.ok(found.flat().length > 50, String(found.flat().length));
    t.same(found.flat().filter(({ rule }) => !/^must be [a-zA-Z0-9]/.test(String(rule))), []);
});
//# sourceMappingURL=schemas.test.js.map