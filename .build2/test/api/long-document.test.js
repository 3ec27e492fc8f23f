import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import t from 'tap';
import { isDeepStrictEqual } from 'node:util';
import { writeLongDocument } from '../../src/api/long-document.js';
import { holdsAsync } from '../support/property.js';
const NAMES = ['clients', 'accounts', 'rates'];
t.test('what is written in parts is the document with all of their items', async (t) => {
    const items = fc.array(fc.record({ name: fc.string() }, { noNullPrototype: true }), { maxLength: 3 });
    const lists = fc.tuple(fc.array(items, { maxLength: 3 }), fc.array(items, { maxLength: 3 }), fc.array(items, { maxLength: 3 }));
    const head = fc.dictionary(fc.string({ minLength: 8 }).map((name) => `x${name}`), fc.string(), {
        maxKeys: 2,
        noNullPrototype: true
    });
    await holdsAsync(t, fc.asyncProperty(head, lists, async (head, [clients, accounts, rates]) => {
        async function* parts() {
            for (const part of clients)
                yield { clients: part, accounts: [], rates: [] };
            for (const part of accounts)
                yield { accounts: part };
            for (const part of rates)
                yield { clients: [], rates: part };
        }
        const written = JSON.parse(await text(writeLongDocument(head, NAMES, parts())));
        return isDeepStrictEqual(written, {
            ...head,
            clients: clients.flat(),
            accounts: accounts.flat(),
            rates: rates.flat()
        });
    }));
});
t.test('each item stands on a line of its own', async (t) => {
    async function* parts() {
        yield { accounts: [{ a: 1 }, { a: 2 }] };
        yield { accounts: [{ a: 3 }] };
    }
    t.equal(await text(writeLongDocument({ version: 1 }, ['accounts'], parts())), '{"version":1,"accounts":[\n{"a":1},\n{"a":2},\n{"a":3}\n]}\n');
});
//# sourceMappingURL=long-document.test.js.map