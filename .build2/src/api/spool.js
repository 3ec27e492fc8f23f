import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
/** Answers with a JSON document of any size, once all of it is written. */
export async function sendSpooled(reply, pieces) {
    const { content, bytes } = await spool(pieces);
    return reply.type('application/json; charset=utf-8').header('content-length', bytes).send(content);
}
/** A text up to this size needs no file. */
const HELD_BYTES = 256 * 1024;
/**
 * Takes in a text of any size, in a temporary file where it is long. So its source never waits for a client, and a
 * fault of the source comes before the first byte goes out.
 *
 * The file can be read by nobody else, and its name is gone as soon as it is open, so that nothing is left of it after
 * a crash either. It stands in the system's folder for temporary files (`TMPDIR`).
 *
 * @param pieces taken one by one
 * @throws whatever the source throws, or the system's error when there is no room for the file
 */
export async function spool(pieces) {
    let held = [];
    let heldBytes = 0;
    let bytes = 0;
    let file;
    try {
        for await (const piece of pieces) {
            held.push(piece);
            heldBytes += Buffer.byteLength(piece);
            if (heldBytes < HELD_BYTES)
                continue;
            file ??= await openNameless();
            await file.appendFile(held.join(''));
            bytes += heldBytes;
            [held, heldBytes] = [[], 0];
        }
        bytes += heldBytes;
        if (file === undefined)
            return { content: Readable.from([held.join('')]), bytes };
        await file.appendFile(held.join(''));
        return { content: file.createReadStream({ start: 0 }), bytes };
    }
    catch (error) {
        await file?.close();
        throw error;
    }
}
async function openNameless() {
    const path = join(tmpdir(), `stip-sandbox-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    await unlink(path);
    return file;
}
//# sourceMappingURL=spool.js.map