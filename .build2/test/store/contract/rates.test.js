import fc from 'fast-check';
import { formatRate } from '../../../src/domain/exchange.js';
import { holdsAsync } from '../../support/property.js';
import { contract } from './engines.js';
const time = fc.integer({ min: 0, max: 5 });
const rate = fc.record({
    base: fc.constantFrom('840', '978'),
    quote: fc.constantFrom('404', '392'),
    rate: fc.constantFrom('1', '2.5', '129.05'),
    effectiveAtMs: fc.option(time, { nil: undefined })
});
contract('the newest rate of a pair at a time applies, and of one time the one that was published last', async (t, place) => {
    await holdsAsync(t, fc.asyncProperty(fc.array(rate, { maxLength: 12 }), time, time, async (rates, nowMs, atMs) => {
        let clockMs = nowMs;
        const store = await place.openAnother({ clock: () => new Date(clockMs) });
        try {
            await store.publishRates(rates);
            clockMs = atMs;
            for (const base of ['840', '978']) {
                for (const quote of ['404', '392']) {
                    const known = rates
                        .map((one) => ({ ...one, effectiveAtMs: one.effectiveAtMs ?? nowMs }))
                        .filter((one) => one.base === base && one.quote === quote && one.effectiveAtMs <= atMs);
                    const newestMs = Math.max(...known.map(({ effectiveAtMs }) => effectiveAtMs));
                    const wanted = known.filter(({ effectiveAtMs }) => effectiveAtMs === newestMs).at(-1)?.rate;
                    const { conversion } = await store.findConversion({ from: base, to: quote, atMs });
                    const [listed] = await store.listRates({ base, quote, currentOnly: true }, undefined, 2);
                    if (listed?.rate !== wanted || (conversion && formatRate(conversion)) !== wanted)
                        return false;
                }
            }
            return true;
        }
        finally {
            await store.close();
        }
    }), { numRuns: 25 });
});
contract('a list of rates goes on behind a key, by pair, the newest first', async (t, place) => {
    const store = await place.open({ clock: () => new Date(1000) });
    const rates = ['978', '840'].flatMap((base) => ['392', '404'].flatMap((quote) => [0, 500, 2000].map((effectiveAtMs) => ({ base, quote, rate: '1.5', effectiveAtMs }))));
    await store.publishRates(rates);
    for (const currentOnly of [false, true]) {
        const filter = { base: null, quote: null, currentOnly };
        const all = await store.listRates(filter, undefined, 100);
        t.equal(all.length, currentOnly ? 4 : 12);
        const pages = [];
        for (let after;;) {
            const [next] = await store.listRates(filter, after, 1);
            if (next === undefined)
                break;
            pages.push(next);
            after = next;
        }
        t.same(pages, all);
    }
    t.same((await store.listRates({ base: '840', quote: null, currentOnly: true }, undefined, 9)).map(({ quote, effectiveAtMs }) => [quote, effectiveAtMs]), [['392', 500], ['404', 500]]);
});
//# sourceMappingURL=rates.test.js.map