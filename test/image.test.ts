import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parseDocument } from 'yaml'
import { packageRoot } from '../src/package-root.js'

const readText = (path: string): string => readFileSync(new URL(path, packageRoot), 'utf8')

interface Instruction {
  readonly name: string
  readonly value: string
}

/** Reads the instructions of a Dockerfile, each with its further lines. */
function readInstructions (text: string): Instruction[] {
  const lines = text.replaceAll(/^#.*\n/gm, '').replaceAll('\\\n', '').split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => {
    const [, name = '', value = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? []
    return { name, value: value.trim() }
  })
}

const instructions = readInstructions(readText('Dockerfile'))
const stages = instructions.flatMap(({ name }, index) => name === 'FROM' ? [index] : [])
const last = instructions.slice(stages.at(-1))
const valuesOf = (name: string): string[] => last.filter((one) => one.name === name).map(({ value }) => value)

t.test('the image is of a major version of Node that the package is made for, without a compiler', async (t) => {
  const { engines } = JSON.parse(readText('package.json')) as { engines: { node: string } }
  const bases = stages.map((index) => instructions[index]?.value.replace(/ AS \w+$/, ''))
  t.equal(new Set(bases).size, 1)
  const [, major] = /^node:(\d+)-bookworm-slim$/.exec(bases[0] ?? '') ?? []
  t.ok(engines.node.split(' || ').some((range) => /^>=\d+$/.test(range)
    ? Number(major) >= Number(range.slice(2))
    : range.replace(/^\^/, '').split('.')[0] === major))
  t.notMatch(valuesOf('RUN').join(), /apt-get|npm/)
})

t.test('the image runs as a user without rights, on a volume of that user, and hears signals itself', async (t) => {
  t.same(valuesOf('USER'), ['node'])
  t.same(valuesOf('VOLUME'), ['/data'])
  t.match(valuesOf('RUN').at(-1), / -o node -g node -m 700 \/data$/)
  t.match(valuesOf('ENV'), [/ HOST=0\.0\.0\.0 .*DATABASE_PATH=\/data\//])
  // A shell as the first process would not pass signals on.
  const { bin } = JSON.parse(readText('package.json')) as { bin: Record<string, string> }
  t.same(JSON.parse(String(valuesOf('ENTRYPOINT'))), ['node', bin['stip-sandbox']])
  t.match(valuesOf('HEALTHCHECK'), [/ CMD \["stip-sandbox", "status"\]$/])
  t.ok(valuesOf('RUN').includes(`ln -s /app/${bin['stip-sandbox']} /usr/local/bin/stip-sandbox`))
})

t.test('everything that the image copies is there, and is let in', async (t) => {
  const letIn = new Set(readText('.dockerignore').split('\n').filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1)))
  const { files } = JSON.parse(readText('package.json')) as { files: string[] }
  const copied = last.filter(({ name }) => name === 'COPY').flatMap(({ value }) => value.split(' '))
    .filter((path) => path.startsWith('/build/')).map((path) => path.slice('/build/'.length))
  for (const path of copied) {
    t.ok(['dist', 'node_modules'].includes(path) || (letIn.has(path) && existsSync(new URL(path, packageRoot))), path)
  }
  for (const path of files) t.ok(copied.includes(path) || path.endsWith('.md'), path)
  for (const path of letIn) t.ok(existsSync(new URL(path, packageRoot)), path)
})

t.test('every YAML file of the repository can be read', async (t) => {
  const root = fileURLToPath(packageRoot)
  const files = [
    'action.yml',
    'compose.yaml',
    ...['examples', '.github'].flatMap((folder) =>
      readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.ya?ml$/.test(file)).map((file) => `${folder}/${file}`))
  ]
  t.ok(files.length >= 3)
  for (const file of files) {
    const { errors, warnings } = parseDocument(readText(file))
    t.same([...errors, ...warnings], [], file)
  }
})

t.test('compose keeps the image read-only but for its data and temporary files', async (t) => {
  const { services } = parseDocument(readText('compose.yaml')).toJS() as {
    services: Record<string, { read_only: boolean, tmpfs: string[], volumes: string[], ports: string[] }>
  }
  t.match(services['stip-sandbox'], {
    read_only: true, tmpfs: ['/tmp'], volumes: ['data:/data'], ports: ['127.0.0.1:3000:3000'], cap_drop: ['ALL']
  })
})
