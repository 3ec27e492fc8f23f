import pc from 'picocolors'
import t from 'tap'
import { formatTable } from '../../src/cli/table.js'
import { printable } from '../../src/printable.js'
import { coloursFor } from '../../src/cli/terminal.js'
import { makeTerminal } from '../support/terminal.js'

const PLAIN = pc.createColors(false)

const COLUMNS = [
  { title: 'Name', value: ([name]: readonly [string, string]) => name },
  { title: 'Amount', value: ([, amount]: readonly [string, string]) => amount, align: 'right' }
] as const

t.test('texts stand at the left and amounts at the right, also beside wide characters', async (t) => {
  t.equal(
    formatTable(COLUMNS, [['Olga', '-150.20'], ['東京', '5']], PLAIN), 'Name   Amount\nOlga  -150.20\n東京        5\n'
  )
})

t.test('empty cells leave no blanks at the end of a line', async (t) => {
  t.equal(formatTable([{ title: 'A', value: () => 1 }, { title: 'B', value: () => null }], [0], PLAIN), 'A  B\n1\n')
  t.equal(formatTable(COLUMNS, [], PLAIN), 'Name  Amount\n')
})

t.test('what is spare is left out where it is empty or the terminal is too narrow, and named', async (t) => {
  const columns = [
    { title: 'Name', value: () => 'x' },
    { title: 'Late', value: () => 'late', spare: 1 },
    { title: 'Empty', value: () => null, spare: 3 },
    { title: 'Early', value: () => 'early', spare: 2 }
  ]
  t.equal(formatTable(columns, [0], PLAIN), 'Name  Late  Empty  Early\nx     late         early\n')
  t.equal(formatTable(columns, [0], PLAIN, 17), 'Name  Late  Early\nx     late  early\n')
  const hint = 'Left out here: '
  t.equal(
    formatTable(columns, [0], PLAIN, 16), `Name  Late\nx     late\n${hint}Early (see --json)\n`)
  t.equal(formatTable(columns, [0], PLAIN, 1), `Name\nx\n${hint}Late, Early (see --json)\n`)
})

t.test('an optional column is left out only where it is empty', async (t) => {
  const columns = [
    { title: 'Name', value: (name: string) => name },
    { title: 'Mark', value: (name: string) => name === 'b' ? 'lost' : '', optional: true as const }
  ]
  t.equal(formatTable(columns, ['a'], PLAIN), 'Name\na\n')
  t.equal(formatTable(columns, ['a', 'b'], PLAIN, 1), 'Name  Mark\na\nb     lost\n')
})

t.test('control characters are shown and not sent to the terminal', async (t) => {
  t.equal(printable('a\u001b[31m\n\u009bé'), 'a\\u001b[31m\\u000a\\u009bé')
  t.equal(formatTable(COLUMNS, [['\u001b[2J', '1']], PLAIN), 'Name       Amount\n\\u001b[2J       1\n')
})

t.test('titles are bold on a terminal whose user has not said NO_COLOR', async (t) => {
  t.equal(formatTable(COLUMNS, [], coloursFor(makeTerminal({}, ''))), '\u001b[1mName  Amount\u001b[22m\n')
  t.equal(coloursFor(makeTerminal({ NO_COLOR: '1' }, '')).isColorSupported, false)
  t.equal(coloursFor(makeTerminal()).isColorSupported, false)
})
