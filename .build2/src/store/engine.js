export function reading(work, { asksOnce = false } = {}) {
    if (!asksOnce)
        return { kind: 'reading', work };
    return { kind: 'reading', work: (context, ...parameters) => askingOnce(work(context, ...parameters)), asksOnce };
}
/** Answers of several statements could be of several moments, where there is no transaction. */
function* askingOnce(operation) {
    const asked = operation.next();
    if (asked.done === true)
        return asked.value;
    if (asked.value.kind !== 'all')
        throw new Error(`an operation that asks once asks for ${asked.value.kind}`);
    const answered = operation.next(yield asked.value);
    if (answered.done !== true)
        throw new Error('an operation that asks once asks twice');
    return answered.value;
}
export function change(work, nature = {}) {
    return { kind: 'change', work, ...nature };
}
export function longChange(work) {
    return { kind: 'long-change', work };
}
export function groupedChange(makeMemory, work) {
    return { kind: 'grouped-change', makeMemory, work };
}
export function slicedReading(work) {
    return { kind: 'sliced-reading', work };
}
//# sourceMappingURL=engine.js.map