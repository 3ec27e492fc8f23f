const ignore = () => { };
/** Counts nothing. */
export const UNOBSERVED = {
    itemsSettled: ignore, replayed: ignore, committed: ignore, retried: ignore, transacted: ignore
};
/** Tells an observer what became of an update. */
export function observeUpdate(observer, { source, dryRun }, outcome) {
    if (dryRun || outcome.kind === 'identifier-reused')
        return;
    if (outcome.kind === 'replayed') {
        observer.replayed(source);
        return;
    }
    const failures = outcome.items.filter((entry) => entry.status === 'failed').map(({ failure }) => failure.code);
    observer.itemsSettled(source, outcome.kind === 'applied' ? outcome.items.length - failures.length : 0, failures);
}
//# sourceMappingURL=observer.js.map