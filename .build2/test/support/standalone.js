import { parseArgs } from 'node:util';
/**
 * The long form of a test, which runs by itself: it reads its arguments, cleans up, and tells by its exit code how it
 * went.
 */
export async function runStandalone(name, defaults, run) {
    const options = Object.fromEntries(Object.keys(defaults).map((option) => [option, { type: 'string' }]));
    const { values } = parseArgs({ options });
    const numbers = Object.fromEntries(Object.entries(defaults).map(([option, fallback]) => [option, Number(values[option] ?? fallback)]));
    const ends = [];
    console.log(`${name}: ${Object.entries(numbers).map(([option, number]) => `--${option} ${number}`).join(' ')}`);
    const startedMs = performance.now();
    try {
        const faults = await run({ teardown: (end) => ends.unshift(end) }, numbers);
        for (const fault of faults)
            console.error(fault);
        console.log(`${name}: ${faults.length === 0 ? 'nothing wrong' : `${faults.length} faults`} after ` +
            `${Math.round((performance.now() - startedMs) / 1000)} s`);
        if (faults.length > 0)
            process.exitCode = 1;
    }
    finally {
        for (const end of ends)
            await end();
    }
}
/** A seed for a run that was given none. */
export function makeSeed() {
    return Math.floor(Math.random() * 2 ** 31);
}
//# sourceMappingURL=standalone.js.map