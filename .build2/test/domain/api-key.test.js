import t from 'tap';
import { hashApiKey } from '../../src/domain/api-key.js';
t.test('the hash of a key is its SHA-256', async (t) => {
    t.equal(hashApiKey('abc').toString('hex'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
t.test('a key beyond ASCII is hashed as its UTF-8 bytes', async (t) => {
    t.equal(hashApiKey('ключ-€').toString('hex'), '2069f7dd2d49b51ed5a2e76455cedb9d22bcb8a45625553c17cfa146efd14b13');
});
t.test('keys that differ only in case or in a space are different keys', async (t) => {
    const hashes = ['demo-key', 'Demo-key', 'demo-key ', ' demo-key'].map((key) => hashApiKey(key).toString('hex'));
    t.equal(new Set(hashes).size, 4);
});
//# sourceMappingURL=api-key.test.js.map