/** The work for 16 times the input grows by 16 where it is linear, and by 256 where it is quadratic. */
const FACTOR = 16;
/** Between the two, and far from both: other programs on the machine cannot make one look like the other. */
export const GROWTH_MAX = 80;
/** Below it, a measurement is noise. */
const LEAST_MICROSECONDS = 500;
const REPEATS = 3;
/**
 * Tells how much more processor time a piece of work takes for an input of 16 times the size.
 *
 * @param size large enough that 16 times as much would take a second if the work were quadratic
 */
export async function growthOf(make, work, size) {
    async function costOf(input) {
        let least = Infinity;
        for (let repeat = 0; repeat < REPEATS; repeat += 1) {
            const before = process.cpuUsage();
            await work(input);
            const { user, system } = process.cpuUsage(before);
            least = Math.min(least, user + system);
        }
        return Math.max(least, LEAST_MICROSECONDS);
    }
    const small = await costOf(make(size));
    return await costOf(make(size * FACTOR)) / small;
}
//# sourceMappingURL=growth.js.map