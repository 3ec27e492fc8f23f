// Runs compiled test files in one process, one behind the other, and says how many seconds the tests of each took.
import { resolve } from 'node:path'
import t from 'tap'

const secondsOf = new Map(process.argv.slice(2).map((file) => [file, 0]))
const fileOf = new Map()
let reading

t.on('subtestAdd', (test) => { fileOf.set(test, reading) })
t.on('subtestEnd', (test) => {
  const file = fileOf.get(test)
  if (file !== undefined) secondsOf.set(file, secondsOf.get(file) + test.time / 1000)
})

// The root test ends when none of its tests is left. This one is left until all files have added theirs.
t.test('all files are read', async (t) => {
  for (const file of secondsOf.keys()) {
    reading = file
    const startedMs = performance.now()
    await import(resolve(file))
    secondsOf.set(file, (performance.now() - startedMs) / 1000)
  }
  const haveTests = new Set(fileOf.values())
  t.same([...secondsOf.keys()].filter((file) => !haveTests.has(file)), [], 'each file has tests')
})

process.on('exit', () => {
  for (const [file, seconds] of secondsOf) console.log(`# ${seconds.toFixed(1)} s ${file}`)
})
