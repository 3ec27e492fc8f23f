import t from 'tap';
import { parseDuration } from '../../src/cli/duration.js';
t.test('a duration is a whole number of minutes, hours, days or weeks', async (t) => {
    t.same(['30m', '12h', '90d', '2w', '0d'].map(parseDuration), [1_800_000, 43_200_000, 7_776_000_000, 1_209_600_000, 0]);
});
for (const text of ['', '90', 'd', '-1d', '1.5d', '90 d', '90D', '1y', '100000d', '1d2h']) {
    t.test(`"${text}" is no duration`, async (t) => {
        t.equal(parseDuration(text), undefined);
    });
}
//# sourceMappingURL=duration.test.js.map