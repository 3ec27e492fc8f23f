import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { EcbImport, PutRatesResponse, Rate, RatePage } from '../../../schemas/sandbox/rates.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeNext, type DataOptions, type PageOptions
} from '../data-command.js'
import { openInput } from '../files.js'
import { sendFile } from '../send-file.js'
import { jsonBody } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'

interface ListOptions extends PageOptions {
  readonly base?: string
  readonly quote?: string
  readonly current?: true
}

interface SetOptions extends DataOptions {
  readonly from?: string
}

const RATE_COLUMNS: ReadonlyArray<Column<Rate>> = [
  { title: 'Base', value: ({ base }) => base },
  { title: 'Quote', value: ({ quote }) => quote },
  { title: 'Rate', value: ({ rate }) => rate, align: 'right' },
  { title: 'From', value: ({ effective_at: effectiveAt }) => effectiveAt }
]

const AFTER_INTERRUPTION = 'A part of its rates may be imported. Send it again: rates that are there already are not ' +
  'written twice'

/** Adds `rates import`, `set` and `list`. */
export function addRateCommands (program: Command, terminal: Terminal): void {
  const rates = addGroup(program, 'rates', 'Import and list exchange rates')

  addDataCommand(
    rates,
    'import <file>',
    'Import the European Central Bank\'s reference rates: eurofxref.csv or eurofxref-hist.csv; - is the standard input',
    'rates import eurofxref.csv'
  )
    .action(async (path: string, options: DataOptions) => {
      const { connection, print } = contextOf(terminal, options)
      const file = await openInput(path, terminal.input)
      const call = { method: 'POST', path: '/rates/ecb' } as const
      const answer = await sendFile(terminal, connection, call, file, AFTER_INTERRUPTION)
      print(answer, ({ days, first_day: first, last_day: last, rates, written, skipped }: Static<typeof EcbImport>) => {
        const lines = skipped.map((entry) =>
          `Left out, as ISO 4217 no longer has it: ${entry.currency} (${entry.rates})\n`)
        return `Rates: ${rates}, on ${days} days from ${first} to ${last}. New or other than before: ${written}\n` +
          lines.join('')
      })
    })

  addDataCommand(
    rates,
    'set <base> <quote> <rate>',
    'Publish a rate: what one unit of the base is worth in the quote currency',
    'rates set USD KES 129.05'
  )
    .option('--from <time>', 'from when on it holds, such as 2026-01-31T08:15:30Z; from now on without it')
    .action(async (base: string, quote: string, rate: string, { from, ...options }: SetOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const body = jsonBody({ rates: [{ base, quote, rate, effective_at: from }] })
      print(await call({ method: 'PUT', path: '/rates', body }), (published: Static<typeof PutRatesResponse>) =>
        table(RATE_COLUMNS, published.rates))
    })

  addPageOptions(addDataCommand(
    rates,
    'list',
    'List rates: what one unit of the base is worth in the quote currency',
    'rates list --base 978 --current'
  )
    .option('--base <currency>', 'only of this base currency, ISO 4217, such as EUR or 978')
    .option('--quote <currency>', 'only of this quote currency, ISO 4217, such as EUR or 978')
    .option('--current', 'only the rate of each pair that counts now'))
    .action(async (options: ListOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const { base, quote, current, limit, cursor } = options
      print(
        await call({
          method: 'GET',
          path: '/rates',
          query: { base, quote, current: current && 'true', limit, cursor }
        }),
        (page: Static<typeof RatePage>) =>
          `${table(RATE_COLUMNS, page.rates)}${describeNext(page.next_cursor)}`
      )
    })
}
