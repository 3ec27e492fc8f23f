import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { FAILURES } from '../../src/api/paymentology/catalogue.js'
import { fastMessages } from '../../src/fast/issuer-messages.js'
import type { FastMessage, FastSummary } from '../../src/fast/message.js'
import { packageRoot } from '../../src/package-root.js'
import { SETTINGS } from '../../src/settings.js'
import { THREAD } from '../support/payments.js'

const readText = (path: string): string => readFileSync(new URL(path, packageRoot), 'utf8')

/** Every document of the repository, by its path. */
const DOCUMENTS: ReadonlyMap<string, string> = new Map([
  'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md',
  ...readdirSync(new URL('docs/', packageRoot), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md')).map((name) => `docs/${name}`).sort()
].map((path) => [path, readText(path)]))

t.test('the README fits on a few screens', async (t) => {
  t.ok(readText('README.md').trimEnd().split('\n').length <= 150)
})

t.test('docs/paymentology.md lists every answer of the catalogue, and no other', async (t) => {
  const [, answers = ''] = /## Answers\n([^]*?)\n## /.exec(readText('docs/paymentology.md')) ?? []
  const listed = [...answers.matchAll(/^\| (\d+) \| (\d+) \| .* \| (Paymentology|ours\b[^|]*?) \|$/gm)].map(
    ([, status, errorId, whose]) => `${status} ${errorId} ${whose?.split(' ')[0]}`
  )
  const known = Object.values(FAILURES).map(({ status, errorId }) =>
    `${status} ${errorId} ${errorId < 90000 ? 'Paymentology' : 'ours'}`)
  t.same(listed, ['200 0 Paymentology', ...known])
})

t.test('docs/issuer.md shows a request, and how its advice differs, as the service writes them', async (t) => {
  const [, messages = ''] = /\n## The messages\n([^]*?)\n## /.exec(readText('docs/issuer.md')) ?? []
  const [, shown = ''] = /^```json\n([^]*?)^```$/m.exec(messages) ?? []
  const request = JSON.parse(fastMessages.request(THREAD, 910001n).body) as FastMessage
  t.same(JSON.parse(shown), request)
  const advice = JSON.parse(fastMessages.advice(THREAD, {
    rid: 910002n, originalRid: 910001n, atMs: THREAD.receivedAtMs + 2000, de39: '00', reasonCode: '900'
  }).body) as FastMessage
  const summaryOf = (...names: ReadonlyArray<keyof FastSummary>) =>
    Object.fromEntries(names.map((name) => [name, advice.SUMMARY[name]]))
  const told = summaryOf('original_RID', 'Network', 'Processor_Reason_Code', 'Processor_Decision_Desc')
  const { MESSAGE_TYPE: type, ISO_MSG: { DE7, DE39 } } = advice
  t.same(advice, {
    ...request,
    MESSAGE_TYPE: type,
    SUMMARY: { ...request.SUMMARY, ...told, ...summaryOf('RID', 'Transaction_Date_Time') },
    ISO_MSG: { ...request.ISO_MSG, DE7, DE39 }
  }, 'it differs in nothing else')
  for (const value of [JSON.stringify(type), ...Object.values(told), DE39]) {
    t.ok(messages.includes(`\`${value}\``), String(value))
  }
})

t.test('docs/architecture.md gives a reason for each dependency, and for no other', async (t) => {
  const { dependencies } = JSON.parse(readText('package.json')) as { dependencies: Record<string, string> }
  const [, reasons = ''] = /\n## Dependencies\n[^]*?((?:- .*\n)+)/.exec(readText('docs/architecture.md')) ?? []
  t.same([...reasons.matchAll(/^- `([^`]+)`: \S/gm)].map(([, name]) => name), Object.keys(dependencies))
})

t.test('docs/settings.md lists every setting with its default, and no other', async (t) => {
  const listed = readText('docs/settings.md').split('\n').filter((line) => line.startsWith('| `'))
  t.same(listed, Object.entries(SETTINGS).map(([name, setting]) => {
    const fallback = 'fallback' in setting ? `\`${setting.fallback}\`` : 'none'
    return `| \`${name}\` | ${fallback} | ${setting.description} |`
  }))
})

/** The anchors of a document's headings, as GitHub makes them. */
function anchorsOf (text: string): Set<string> {
  const headings = text.replaceAll(/^```[^]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)
  return new Set([...headings].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')))
}

t.test('every link of the documents leads to a file and a heading that are there', async (t) => {
  for (const [path, text] of DOCUMENTS) {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue
      const url = new URL(target, new URL(path, packageRoot))
      t.ok(existsSync(url), `${path}: ${target}`)
      if (url.hash === '') continue
      url.hash = ''
      const linked = DOCUMENTS.get(fileURLToPath(url).slice(fileURLToPath(packageRoot).length)) ?? ''
      t.ok(anchorsOf(linked).has(target.split('#')[1] as string), `${path}: ${target}`)
    }
  }
})

t.test('every page of docs/ is named by the README', async (t) => {
  const readme = readText('README.md')
  for (const path of DOCUMENTS.keys()) {
    if (!/^docs\/[^/]+$/.test(path)) continue
    t.ok(readme.includes(`](${path})`), path)
  }
})

/** All texts of the sources in one, with what is filled in as a gap. */
function textsOfSources (): string {
  const files = readdirSync(new URL('src/', packageRoot), { recursive: true, encoding: 'utf8' })
  return files.filter((name) => name.endsWith('.ts')).map((name) => readText(`src/${name}`)).join('\n')
    .replaceAll(/['`] \+\s+['`]/g, '').replaceAll('\\\'', '\'')
}

t.test('docs/troubleshooting.md names messages that the service and the command line have', async (t) => {
  const sources = textsOfSources()
  const headings = readText('docs/troubleshooting.md').matchAll(/^### `(.+)`$/gm)
  const messages = [...headings].map(([, message = '']) => message)
  t.ok(messages.length > 10)
  for (const part of messages.flatMap((message) => message.split('…'))) t.ok(sources.includes(part.trim()), part)
})
