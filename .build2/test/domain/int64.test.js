import fc from 'fast-check';
import t from 'tap';
import { highHalf, lowHalf, setInt64 } from '../../src/domain/int64.js';
import { int64 } from '../support/arbitraries.js';
import { holds } from '../support/property.js';
const value = fc.oneof(int64, fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, -1n, 0n, 2n ** 32n, 2n ** 31n, -(2n ** 31n), -(2n ** 32n)));
t.test('a number is made of its halves', async (t) => {
    holds(t, fc.property(value, (value) => (BigInt(highHalf(value)) << 32n) + BigInt.asUintN(32, BigInt(lowHalf(value))) === value));
});
t.test('a number is written as DataView writes it, and nothing beside it', async (t) => {
    holds(t, fc.property(value, fc.nat(8), (value, at) => {
        const [written, wanted] = [new DataView(new ArrayBuffer(24)), new DataView(new ArrayBuffer(24))];
        setInt64(written, at, value);
        wanted.setBigInt64(at, value);
        return Buffer.from(written.buffer).equals(Buffer.from(wanted.buffer));
    }));
});
//# sourceMappingURL=int64.test.js.map