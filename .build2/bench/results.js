/** The middle of some figures, NaN of none. */
export function median(values) {
    const sorted = [...values].sort((left, right) => left - right);
    const middle = sorted.length / 2;
    return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}
/** Divides round by round, because what disturbs the machine disturbs neighbouring measurements alike. */
export function divide(values, by) {
    return values.flatMap((value, index) => by[index] === undefined ? [] : [value / by[index]]);
}
/** Writes a row for people. */
export function describe({ measure, goal, values, note }) {
    const said = note === undefined ? '' : `  (${note})`;
    if (values.length === 0)
        return `${measure.padEnd(72)} not measured${said}`;
    const middle = median(values);
    const shown = `${middle.toFixed(2).padStart(9)}  [${Math.min(...values).toFixed(2)} to ` +
        `${Math.max(...values).toFixed(2)}]`;
    return `${measure.padEnd(72)}${shown.padEnd(32)}${goal === undefined ? '' : verdict(goal, middle)}${said}`;
}
function verdict(goal, value) {
    const [sign, bound, isReached] = 'atLeast' in goal
        ? ['≥', goal.atLeast, value >= goal.atLeast]
        : ['≤', goal.atMost, value <= goal.atMost];
    return `goal ${sign} ${bound}: ${isReached ? 'reached' : 'NOT reached'}`;
}
//# sourceMappingURL=results.js.map