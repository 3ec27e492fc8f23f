import { hashApiKey } from '../../../src/domain/api-key.js';
import { contract } from './engines.js';
const [FIRST, SECOND] = [hashApiKey('first'), hashApiKey('second')];
const CLIENT = { clientId: 1, name: 'First Bank', keyHash: FIRST };
contract('a replaced or revoked key is unknown at once, to every store on the database', async (t, place) => {
    const [store, other] = [await place.open(), await place.open()];
    await store.createClient(CLIENT);
    const find = async () => await Promise.all([store, other].flatMap((each) => [FIRST, SECOND].map(async (keyHash) => await each.findClientByKey('paymentology', keyHash))));
    t.same(await find(), [1, undefined, 1, undefined]);
    await store.replaceKey(1, 'paymentology', SECOND);
    t.same(await find(), [undefined, 1, undefined, 1]);
    await other.replaceKey(1, 'paymentology', undefined);
    t.same(await find(), [undefined, undefined, undefined, undefined]);
});
contract('a key opens nothing of the other kind, and a client has one of each kind', async (t, place) => {
    const store = await place.open();
    t.match(await store.createClient(CLIENT), { clientId: 1, keyCreatedAt: { paymentology: Date, amlyze: undefined } });
    t.match(await store.replaceKey(1, 'amlyze', SECOND), { keyCreatedAt: { paymentology: Date, amlyze: Date } });
    t.equal(await store.findClientByKey('amlyze', FIRST), undefined);
    t.equal(await store.findClientByKey('amlyze', SECOND), 1);
    t.equal(await store.findClientByKey('paymentology', SECOND), undefined);
});
contract('a client is made once, and a key needs a client', async (t, place) => {
    const store = await place.open();
    await store.createClient(CLIENT);
    t.equal(await store.createClient({ ...CLIENT, name: 'Another', keyHash: SECOND }), undefined);
    t.equal(await store.replaceKey(2, 'paymentology', SECOND), undefined);
    t.match(await store.listClients({ from: undefined, limit: 9 }), { items: [{ name: 'First Bank' }], next: undefined });
});
//# sourceMappingURL=clients.test.js.map