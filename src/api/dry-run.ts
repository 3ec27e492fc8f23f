import type { FastifyReply } from 'fastify'
import type { DryRunQuery } from '../../schemas/dry-run.js'

/**
 * Marks an answer that speaks of a dry run with the header `dry-run: true`, so that it is never taken for an effect.
 */
export function markDryRun (dryRun: boolean, reply: FastifyReply): void {
  if (dryRun) reply.header('dry-run', 'true')
}

/** Tells whether a request is a dry run, and marks its answer. */
export function readDryRun (query: DryRunQuery, reply: FastifyReply): boolean {
  const dryRun = query.dry_run === 'true'
  markDryRun(dryRun, reply)
  return dryRun
}
