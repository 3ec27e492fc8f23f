import { addDataCommand, addGroup, addPageOptions, contextOf, describeNext } from '../data-command.js';
import { openInput } from '../files.js';
import { sendFile } from '../send-file.js';
import { jsonBody } from '../service.js';
const RATE_COLUMNS = [
    { title: 'Base', value: ({ base }) => base },
    { title: 'Quote', value: ({ quote }) => quote },
    { title: 'Rate', value: ({ rate }) => rate, align: 'right' },
    { title: 'From', value: ({ effective_at: effectiveAt }) => effectiveAt }
];
const AFTER_INTERRUPTION = 'A part of its rates may be imported. Send it again: rates that are there already are not ' +
    'written twice';
/** Adds `rates import`, `set` and `list`. */
export function addRateCommands(program, terminal) {
    const rates = addGroup(program, 'rates', 'Import and list exchange rates');
    addDataCommand(rates, 'import <file>', 'Import the European Central Bank\'s reference rates: eurofxref.csv or eurofxref-hist.csv; - is the standard input', 'rates import eurofxref.csv')
        .action(async (path, options) => {
        const { connection, print } = contextOf(terminal, options);
        const file = await openInput(path, terminal.input);
        const call = { method: 'POST', path: '/rates/ecb' };
        const answer = await sendFile(terminal, connection, call, file, AFTER_INTERRUPTION);
        print(answer, ({ days, first_day: first, last_day: last, rates, written, skipped }) => {
            const lines = skipped.map((entry) => `Left out, as ISO 4217 no longer has it: ${entry.currency} (${entry.rates})\n`);
            return `Rates: ${rates}, on ${days} days from ${first} to ${last}. New or other than before: ${written}\n` +
                lines.join('');
        });
    });
    addDataCommand(rates, 'set <base> <quote> <rate>', 'Publish a rate: what one unit of the base is worth in the quote currency', 'rates set USD KES 129.05')
        .option('--from <time>', 'from when on it holds, such as 2026-01-31T08:15:30Z; from now on without it')
        .action(async (base, quote, rate, { from, ...options }) => {
        const { call, print, table } = contextOf(terminal, options);
        const body = jsonBody({ rates: [{ base, quote, rate, effective_at: from }] });
        print(await call({ method: 'PUT', path: '/rates', body }), (published) => table(RATE_COLUMNS, published.rates));
    });
    addPageOptions(addDataCommand(rates, 'list', 'List rates: what one unit of the base is worth in the quote currency', 'rates list --base 978 --current')
        .option('--base <currency>', 'only of this base currency, ISO 4217, such as EUR or 978')
        .option('--quote <currency>', 'only of this quote currency, ISO 4217, such as EUR or 978')
        .option('--current', 'only the rate of each pair that counts now'))
        .action(async (options) => {
        const { call, print, table } = contextOf(terminal, options);
        const { base, quote, current, limit, cursor } = options;
        print(await call({
            method: 'GET',
            path: '/rates',
            query: { base, quote, current: current && 'true', limit, cursor }
        }), (page) => `${table(RATE_COLUMNS, page.rates)}${describeNext(page.next_cursor)}`);
    });
}
//# sourceMappingURL=rates.js.map