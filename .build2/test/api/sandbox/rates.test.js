import t from 'tap';
import { callSandbox } from '../../support/sandbox.js';
import { makeService, NOW, updateBody } from '../../support/service.js';
const LATER = '2026-02-01T00:00:00.000Z';
const BEGINNING = '1970-01-01T00:00:00.000Z';
/** Serves all tests that change nothing. */
const service = await makeService(t);
t.test('rates are published with the time that is given, and else from now on', async (t) => {
    const { app, read } = await makeService(t);
    const response = await callSandbox(app, 'PUT', '/rates', {
        rates: [
            { base: '840', quote: '404', rate: '130.10', effective_at: '2026-02-01T01:00:00+01:00' },
            { base: '978', quote: '840', rate: '1.0842' }
        ]
    });
    t.equal(response.statusCode, 200);
    const stored = [
        { base: '840', quote: '404', rate: '130.1', effective_at: LATER },
        { base: '978', quote: '840', rate: '1.0842', effective_at: NOW.toISOString() }
    ];
    t.same(response.json(), { rates: stored });
    t.same((await read('/rates')).json(), {
        rates: [
            { base: '840', quote: '392', rate: '151.37', effective_at: BEGINNING },
            stored[0],
            { base: '840', quote: '404', rate: '129.05', effective_at: BEGINNING },
            stored[1]
        ],
        next_cursor: null
    });
});
t.test('a list shows what the filters let through, page by page', async (t) => {
    const { app, read } = await makeService(t);
    await callSandbox(app, 'PUT', '/rates', {
        rates: [1, 2, 3].map((day) => ({
            base: '840',
            quote: '404',
            rate: `13${day}`,
            effective_at: `2026-01-0${day}T00:00:00Z`
        }))
    });
    await callSandbox(app, 'PUT', '/rates', {
        rates: [{ base: '840', quote: '404', rate: '200', effective_at: LATER }, { base: '978', quote: '404', rate: '140' }]
    });
    const ratesOf = async (query, cursor) => {
        const response = await read(`/rates?${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
        const page = response.json();
        const others = page.next_cursor === null ? [] : await ratesOf(query, page.next_cursor);
        return [...page.rates.map(({ rate }) => rate), ...others];
    };
    for (const limit of ['limit=1', 'limit=2', 'limit=1000']) {
        t.same(await ratesOf(limit), ['151.37', '200', '133', '132', '131', '129.05', '140'], limit);
        t.same(await ratesOf(`${limit}&base=840&quote=404`), ['200', '133', '132', '131', '129.05'], limit);
        t.same(await ratesOf(`${limit}&quote=404&current=true`), ['133', '140'], limit);
        t.same(await ratesOf(`${limit}&current=true`), ['151.37', '133', '140'], limit);
        t.same(await ratesOf(`${limit}&base=404&current=false`), [], limit);
    }
});
for (const [query, detail] of [
    ['limit=0', /^limit must be a whole number from 1 to 1000$/],
    ['limit=1001', /^limit must be a whole number from 1 to 1000$/],
    ['current=yes', /^current must be equal to one of/],
    ['bases=840', /^bases is not a known field/], ['cursor=x', /^cursor is none that a page of this list has given/]
]) {
    t.test(`the query ${query} is refused`, async (t) => {
        const { read } = service;
        const response = await read(`/rates?${query}`);
        t.equal(response.statusCode, 400);
        t.match(response.json(), { detail });
    });
}
t.test('one rate that is wrong, and none is published', async (t) => {
    const { app, read } = await makeService(t);
    const before = (await read('/rates')).body;
    for (const [status, rate, detail] of [
        [422, { base: '840', quote: '840', rate: '1' }, 'rates[1] has the same base and quote'],
        [422, { base: '840', quote: '404', rate: '0' }, 'rates[1].rate must be above zero'],
        [400, { base: '840', quote: '404', rate: 130 }, 'rates[1].rate must be string'],
        [400, { base: '840', quote: '404', rate: '1', since: LATER }, 'rates[1].since is not a known field'],
        [
            400,
            { base: '840', quote: '404', rate: '1', effective_at: '2026-02-30T00:00:00Z' },
            'rates[1].effective_at must match format "date-time"'
        ],
        [422, { base: '978', quote: '404', rate: '2' }, 'rates[1] is the same as rates[0], and must be unique']
    ]) {
        const response = await callSandbox(app, 'PUT', '/rates', {
            rates: [{ base: '978', quote: '404', rate: '1' }, rate]
        });
        t.equal(response.statusCode, status, `${detail}`);
        t.match(response.json(), { status, detail });
    }
    t.equal((await read('/rates')).body, before);
    const tooMany = Array.from({ length: 1001 }, (_, index) => ({
        base: '978',
        quote: '404',
        rate: '1',
        effective_at: new Date(index).toISOString()
    }));
    t.match((await callSandbox(app, 'PUT', '/rates', { rates: tooMany })).json(), {
        detail: 'rates must NOT have more than 1000 items'
    });
    t.equal((await callSandbox(app, 'PUT', '/rates', { rates: tooMany.slice(1) })).statusCode, 200);
});
t.test('an update converts with the rate of its own time, not with one that is to come', async (t) => {
    const { app, update } = await makeService(t);
    await callSandbox(app, 'PUT', '/rates', {
        rates: [
            { base: '978', quote: '840', rate: '1' },
            { base: '840', quote: '392', rate: '160', effective_at: NOW.toISOString() },
            { base: '840', quote: '392', rate: '200', effective_at: new Date(NOW.getTime() + 1).toISOString() }
        ]
    });
    await callSandbox(app, 'PUT', '/rates', { rates: [{ base: '978', quote: '840', rate: '2' }] });
    const updated = await update(updateBody([{ bill_ccy: '978', act_balance: 10 }, { input_id: 1004, act_balance: 10, blk_balance: 0 }]), { prefer: 'return=representation' });
    t.match(updated.json(), {
        body: {
            results: [
                { actual: '20.00', rate: '2', rate_effective_at: NOW.toISOString() }, {
                    actual: '1600',
                    rate: '160',
                    rate_effective_at: NOW.toISOString()
                }
            ]
        }
    });
});
for (const [query, wanted] of [
    [
        'from=840&to=404&amount=10.00',
        {
            amount: '10.00',
            converted_amount: '1290.50',
            rate: '129.05',
            method: 'direct',
            pivot: null,
            at: NOW.toISOString(),
            published_rates: [{ base: '840', quote: '404', rate: '129.05', effective_at: BEGINNING }]
        }
    ],
    [
        'from=404&to=840&amount=-1',
        {
            amount: '-1.00',
            converted_amount: '-0.01',
            rate: '1/129.05',
            method: 'inverse',
            pivot: null,
            published_rates: [{ base: '840', quote: '404' }]
        }
    ],
    [
        'from=404&to=392&amount=100',
        {
            converted_amount: '117',
            rate: '151.37/129.05',
            method: 'cross',
            pivot: '840',
            published_rates: [{ base: '840', quote: '404' }, { base: '840', quote: '392' }]
        }
    ],
    [
        'from=404&to=404&amount=1.5',
        { amount: '1.50', converted_amount: '1.50', rate: '1', method: 'none', pivot: null, published_rates: [] }
    ],
    [
        'from=840&to=404&amount=10&at=2026-03-01T00:00:00Z',
        {
            converted_amount: '1301.00',
            rate: '130.1',
            at: '2026-03-01T00:00:00.000Z',
            published_rates: [{ rate: '130.1', effective_at: LATER }]
        }
    ]
]) {
    t.test(`the conversion ${query} is the one of an update`, async (t) => {
        const { app, read } = await makeService(t);
        await callSandbox(app, 'PUT', '/rates', {
            rates: [{ base: '840', quote: '404', rate: '130.10', effective_at: LATER }]
        });
        const response = await read(`/conversions?${query}`);
        t.equal(response.statusCode, 200);
        t.match(response.json(), wanted);
        t.equal(response.json().published_rates.length, wanted.published_rates.length);
    });
}
for (const [query, status, detail] of [
    [
        'from=978&to=404&amount=1',
        404,
        'No exchange rate leads from EUR to KES at 2026-01-31T08:15:30.123Z, be it directly, inversely or across 840'
    ],
    ['from=191&to=000&amount=1', 422, 'from is 191, which is no current ISO 4217 currency with a minor unit'],
    ['from=840&to=404&amount=1.001', 422, 'amount has more decimals than USD has (2)'],
    [
        'from=840&to=404&amount=90000000000000000',
        422,
        'amount converted to KES is outside the range of a balance (64 bits of minor units)'
    ],
    ['from=840&to=404&amount=1&at=1969-12-31T00:00:00Z', 422, /^at must be a time/],
    ['from=840&to=404', 400, 'amount is required'],
    ['from=840&to=404&amount=1e3', 400, /^amount must be an amount with a point before its decimals/]
]) {
    t.test(`the conversion ${query} is refused`, async (t) => {
        const { read } = service;
        const response = await read(`/conversions?${query}`);
        t.equal(response.statusCode, status);
        t.match(response.json(), { status, detail });
    });
}
//# sourceMappingURL=rates.test.js.map