/** Gives the paths with every call changed. */
export function mapOperations(paths, change) {
    return mapValues(paths, (operations) => mapValues(operations, change));
}
/** Gives an object with every value changed, under the same names. */
export function mapValues(values, change) {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value, name)]));
}
//# sourceMappingURL=paths.js.map