/**
 * Marks an answer that speaks of a dry run with the header `dry-run: true`, so that it is never taken for an effect.
 */
export function markDryRun(dryRun, reply) {
    if (dryRun)
        reply.header('dry-run', 'true');
}
/** Tells whether a request is a dry run, and marks its answer. */
export function readDryRun(query, reply) {
    const dryRun = query.dry_run === 'true';
    markDryRun(dryRun, reply);
    return dryRun;
}
//# sourceMappingURL=dry-run.js.map