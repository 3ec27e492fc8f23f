import type { FastifyReply } from 'fastify'
import type { DryRunQuery } from '../../schemas/dry-run.js'

/**
 * Tells whether a request is a dry run, and marks its answer as one with the header `dry-run: true`, so that it is
 * never taken for an effect.
 */
export function readDryRun (query: DryRunQuery, reply: FastifyReply): boolean {
  const dryRun = query.dry_run === 'true'
  if (dryRun) reply.header('dry-run', 'true')
  return dryRun
}
