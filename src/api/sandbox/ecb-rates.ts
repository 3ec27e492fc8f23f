import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { COMMON_PROBLEMS, faultsResponse, problemResponse } from '../../../schemas/problem.js'
import { bodyTypeFault } from '../../http/problem.js'
import { ECB_FILE_LIMIT_BYTES, EcbFile, EcbImport } from '../../../schemas/sandbox/rates.js'
import { readEcbFile } from '../../formats/ecb-csv.js'
import { requirePlainUtf8 } from '../../http/content-encoding.js'
import type { Store } from '../../store/port/store.js'

/**
 * Importing the European Central Bank's files of euro reference rates. Their CSV is the only body that is taken here.
 */
export const ecbRates: FastifyPluginAsyncTypebox<{ store: Store }> = async (app, { store }) => {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('text/csv', { parseAs: 'string' }, async (request: FastifyRequest, body: string) => {
    requirePlainUtf8(request)
    request.bodyBytes = body.length
    return body
  })

  app.post('/rates/ecb', {
    bodyLimit: ECB_FILE_LIMIT_BYTES,
    schema: {
      operationId: 'importEcbRates',
      tags: ['Rates'],
      summary: 'Import the ECB\'s reference rates',
      description: 'Imports the European Central Bank\'s daily or historical file of euro reference rates, up to ' +
        `${ECB_FILE_LIMIT_BYTES} bytes. The service checks the whole file first. Then it writes the rates ` +
        'in parts, and serves others in between. The rates of a day hold from 00:00 UTC on. You can repeat an ' +
        'import: it writes only new and changed rates.',
      body: { content: { 'text/csv': { schema: EcbFile } } },
      response: {
        200: EcbImport,
        ...COMMON_PROBLEMS,
        413: problemResponse('The file is too large.', {
          title: 'Payload Too Large',
          status: 413,
          detail: `The body must not have more than ${ECB_FILE_LIMIT_BYTES} bytes`
        }),
        415: problemResponse('The body is not declared to be CSV in UTF-8.', {
          title: 'Unsupported Media Type',
          status: 415,
          detail: bodyTypeFault('text/csv', { headers: {} })
        }),
        422: faultsResponse(
          'The file is not one of the ECB\'s. Nothing was imported.',
          422,
          'line 3, USD, must be a rate above zero or N/A, not "1,08"'
        )
      }
    }
  }, async (request) => {
    const { rates, days, firstDay, lastDay, skipped } = await readEcbFile(request.body as string)
    const { written } = await store.publishRates(rates)
    return {
      days,
      first_day: firstDay,
      last_day: lastDay,
      rates: rates.length,
      written,
      skipped: [...skipped].map(([currency, skippedRates]) => ({ currency, rates: skippedRates }))
    }
  })
}
