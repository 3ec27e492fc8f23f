import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { buffer, text } from 'node:stream/consumers';
import t from 'tap';
import { spool } from '../../src/api/spool.js';
import { makeFolder } from '../support/folder.js';
/** Lets temporary files be made in a folder of the test's own. */
function useFolder(t) {
    const before = process.env['TMPDIR'];
    const folder = makeFolder(t);
    process.env['TMPDIR'] = folder;
    t.teardown(() => {
        if (before === undefined)
            delete process.env['TMPDIR'];
        else
            process.env['TMPDIR'] = before;
    });
    return folder;
}
async function* pieces(count, piece) {
    for (let index = 0; index < count; index += 1)
        yield piece;
}
const PIECE = 'é'.repeat(50_000);
t.test('a text of any size is given as it came, with its length in bytes', async (t) => {
    const folder = useFolder(t);
    for (const count of [0, 1, 2, 3, 30]) {
        const { content, bytes } = await spool(pieces(count, PIECE));
        t.same(readdirSync(folder), [], 'no file can be found');
        t.equal((await buffer(content)).length, bytes);
        t.equal(bytes, count * 100_000);
    }
    const { content } = await spool(pieces(7, PIECE));
    t.equal(await text(content), PIECE.repeat(7));
});
t.test('a short text needs no folder for temporary files, and a long one tells that there is none', async (t) => {
    process.env['TMPDIR'] = `${useFolder(t)}/gone`;
    t.equal(await text((await spool(pieces(2, PIECE))).content), PIECE.repeat(2));
    await t.rejects(spool(pieces(3, PIECE)), { code: 'ENOENT' });
});
t.test('a source that fails in its middle gives nothing', async (t) => {
    const folder = useFolder(t);
    for (const count of [1, 5]) {
        await t.rejects(spool((async function* () {
            yield* pieces(count, PIECE);
            throw new Error('broken');
        })()), { message: 'broken' });
    }
    t.same(readdirSync(folder), []);
});
t.test('a reader that goes away frees the file', async (t) => {
    useFolder(t);
    const { content } = await spool(pieces(30, PIECE));
    const closed = once(content, 'close');
    content.destroy();
    await closed;
    t.equal(content.closed, true);
});
//# sourceMappingURL=spool.test.js.map