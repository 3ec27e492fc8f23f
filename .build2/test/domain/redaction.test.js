import fc from 'fast-check';
import t from 'tap';
import { redact } from '../../src/domain/redaction.js';
import { holds } from '../support/property.js';
t.test('numbers of accounts and tokens are masked, with the end of long ones', async (t) => {
    for (const [text, masked] of [
        ['{"input_id":9007199254740993,"act_balance":1}', '{"input_id":"****0993","act_balance":1}'],
        ['{"input_id" : 12345 }', '{"input_id" : "****" }'],
        ['{"accountExtId":"WALLET-1"}', '{"accountExtId":"****"}'],
        ['{"account_ext_ref":"a \\" b, 12345"}', '{"account_ext_ref":"****2345"}'],
        ['{"input_id":123', '{"input_id":"****"'],
        ['{"accountExtId":"no end', '{"accountExtId":"****"'],
        ['Account: 987654321, Reason: Account does not exist', 'Account: ****4321, Reason: Account does not exist'],
        ['Token: 77, Reason: x', 'Token: ****, Reason: x'],
        ['{"remarks":"card 4111111111111111 of Ann"}', '{"remarks":"card ****1111 of Ann"}'],
        ['4111 1111-1111 1111 of Ann', '****1111 of Ann'],
        ['{"act_balance":200.50}', '{"act_balance":200.50}']
    ])
        t.equal(redact(text), masked);
});
t.test('a text with escapes that could hide a number is not shown at all', async (t) => {
    t.equal(redact('{"remarks":"\\u0034111111111111111"}'), undefined);
    t.equal(redact('{"input\\u005fid":1}'), undefined);
    t.equal(redact('{"remarks":"\\u00e9"}'), '{"remarks":"\\u00e9"}');
});
t.test('no row of eight digits is left, whatever stands around it', async (t) => {
    holds(t, fc.property(fc.string(), fc.bigInt({ min: 10000000n, max: 2n ** 63n - 1n }), fc.string(), (before, number, after) => {
        const masked = redact(`${before}${number}${after}`);
        return masked === undefined || !/\d{8}/.test(masked);
    }));
});
//# sourceMappingURL=redaction.test.js.map