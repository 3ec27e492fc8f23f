import { readFileSync } from 'node:fs'
import t from 'tap'
import { FAILURES } from '../src/api/paymentology/catalogue.js'
import { packageRoot } from '../src/package-root.js'

const README = readFileSync(new URL('README.md', packageRoot), 'utf8')

t.test('the README lists every answer of the catalogue, and no other', async (t) => {
  const [, answers = ''] = /### Answers\n([^]*?)\n###? /.exec(README) ?? []
  const listed = [...answers.matchAll(/^\| (\d+) \| (\d+) \| .* \| (Paymentology|ours\b[^|]*?) \|$/gm)].map(
    ([, status, errorId, whose]) => `${status} ${errorId} ${whose?.split(' ')[0]}`
  )
  const known = Object.values(FAILURES).map(({ status, errorId }) =>
    `${status} ${errorId} ${errorId < 90000 ? 'Paymentology' : 'ours'}`)
  t.same(listed, ['200 0 Paymentology', ...known])
})

t.test('the README gives a reason for each dependency, and for no other', async (t) => {
  const { dependencies } =
    JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { dependencies: Record<string, string> }
  const [, reasons = ''] = /The dependencies, each with its reason:\n\n((?:- .*\n)+)/.exec(README) ?? []
  t.same([...reasons.matchAll(/^- `([^`]+)`: \S/gm)].map(([, name]) => name), Object.keys(dependencies))
})
