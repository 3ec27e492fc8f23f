import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { packageRoot } from '../../src/package-root.js'
import { runBlocks } from '../support/page-shell.js'

/** Has a test of its own, on PostgreSQL. */
const ELSEWHERE = new Set(['docs/postgresql.md'])

/** Says how the code is laid out: nothing in it runs. */
const WITHOUT_EXAMPLE = new Set(['docs/architecture.md'])

/** Advices wait for their time, which the clock of the others never reaches. */
const WITH_TIME = new Set(['README.md', 'docs/stand-in.md'])

/** The blocks that this test does not run, and why. */
const NOT_RUN: ReadonlyMap<string, string> = new Map([
  ['npx stip-sandbox demo\n', 'test/cli/demo.test.ts starts it'],
  ['npm ci && npm run demo\n', 'test/cli/demo.test.ts starts the demo'],
  ['npm ci && npm test\n', 'the gate is what runs this'],
  ['export ADMIN_TOKEN=$(openssl rand -hex 16)\ndocker compose up --build\n', 'Docker may not be there'],
  ['docker compose exec stip-sandbox stip-sandbox status\n' +
    'docker compose exec stip-sandbox stip-sandbox balances show 1001\n' +
    'docker compose exec stip-sandbox stip-sandbox backup /data/backup.sqlite\n' +
    'docker compose cp stip-sandbox:/data/backup.sqlite .\n', 'Docker may not be there'],
  ['npx stip-sandbox serve\n', 'test/cli/main.test.ts starts it'],
  ['SCENARIO_FILE=scenario.yaml DATABASE_PATH=data/mine.sqlite npx stip-sandbox serve\n',
    'test/cli/main.test.ts starts it so'],
  ['npx stip-sandbox restore "backup-$(date +%F).sqlite"\n',
    'the service must be stopped: test/cli/commands/maintenance.test.ts restores']
])

const PAGES = ['README.md', ...readdirSync(new URL('docs/', packageRoot)).filter((name) => name.endsWith('.md')).map(
  (name) => `docs/${name}`)].filter((page) => !ELSEWHERE.has(page))

/** A block of a page, and what stands under it as its output. */
interface Block {
  readonly commands: string
  expected: { readonly kind: string, readonly text: string } | undefined
}

const readPage = (page: string): string => readFileSync(new URL(page, packageRoot), 'utf8')

/** The blocks of commands of a page. Output that is shown belongs to the block before it. */
function blocksOf (page: string): Block[] {
  const blocks: Block[] = []
  for (const [, kind = '', text = ''] of readPage(page).matchAll(/^```(sh|json|text)\n([^]*?)^```$/gm)) {
    const last = blocks.at(-1)
    if (kind === 'sh') blocks.push({ commands: text, expected: undefined })
    else if (last !== undefined) last.expected ??= { kind, text }
  }
  return blocks
}

/** What the output of a block must end with. The sign … stands for what differs from run to run. */
function patternOf ({ kind, text }: { readonly kind: string, readonly text: string }): RegExp {
  const line = kind === 'json' ? JSON.stringify(JSON.parse(text)) : text.trimEnd()
  return new RegExp(`${line.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '[^"]*?')}$`)
}

/** An answer that refuses, in the shape of any dialect. */
const REFUSAL = /"status":[45]\d\d|"error_id":9|"errorCode":/

/** Change how the demo's client decides, and set it back, because the other pages need it. */
const SETTING_BACK = new Set(['docs/issuer.md', 'docs/rules.md', 'docs/stand-in.md'])

/** What the demo does at its start. */
const AS_THE_DEMO: Block = {
  commands: 'npx stip-sandbox issuer behave demo approve\n' +
    'npx stip-sandbox issuer set 123 --issuer-url http://127.0.0.1:3000/issuer/demo\n',
  expected: undefined
}

/** Shows how the demo's client decides, and which balances are not as in the scenario. */
const SHOW: Block = {
  commands: ['clients/123/stand-in', 'clients/123/issuer', 'stand-in/rules'].map((path) =>
    `curl -s http://127.0.0.1:3000/sandbox/v1/${path} -H "Authorization: Bearer $ADMIN_TOKEN"\n`
  ).join('') + 'npx stip-sandbox snapshot diff scenario\n',
  expected: undefined
}

for (const page of PAGES) {
  t.test(`${page}: its examples do what it says`, async (t) => {
    const own = blocksOf(page).filter(({ commands }) => !NOT_RUN.has(commands))
    if (own.length === 0) return
    const blocks = SETTING_BACK.has(page) ? [AS_THE_DEMO, SHOW, ...own, SHOW] : own
    const { outputs, errors, exitCode } = await runBlocks(
      t, blocks.map(({ commands }) => commands), WITH_TIME.has(page) ? () => new Date() : undefined)
    t.equal(exitCode, 0, `${blocks[outputs.length]?.commands}${errors}`)
    for (const [index, output] of outputs.entries()) {
      const { commands, expected } = blocks[index] as Block
      if (expected === undefined) t.notMatch(output, REFUSAL, commands)
      else t.match(output.trimEnd(), patternOf(expected), commands)
    }
    if (blocks !== own) t.equal(outputs.at(-1), outputs[1], 'it ends as it began')
  })
}

t.test('no command names a transaction by its number, which depends on what came before', async (t) => {
  for (const page of PAGES) {
    for (const { commands } of blocksOf(page)) {
      t.notMatch(commands, /transactions(\/| show )\d/, page)
    }
  }
})

t.test('every page begins with an example', async (t) => {
  for (const page of PAGES.filter((page) => page !== 'README.md' && !WITHOUT_EXAMPLE.has(page))) {
    const [beginning = ''] = readPage(page).split('\n## ')
    t.match(beginning, /^```sh$/m, page)
  }
})

t.test('the blocks that are not run are there', async (t) => {
  const all = PAGES.flatMap((page) => blocksOf(page).map(({ commands }) => commands))
  for (const commands of NOT_RUN.keys()) t.ok(all.includes(commands), commands)
})
