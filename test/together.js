// Runs compiled test files in one process, one behind the other, and says how many seconds the tests of each took, and
// which files failed. Other processes do the same with the same files: each file belongs to the process that is the
// first to make the file's folder.
//
//   node test/together.js FOLDER MAX FILE...
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'

const [, , claims, max, ...files] = process.argv
const secondsOf = new Map()
const fileOf = new Map()
let reading
let added

t.on('subtestAdd', (test) => {
  fileOf.set(test, reading)
  added += 1
})
t.on('subtestEnd', (test) => {
  const file = fileOf.get(test)
  fileOf.delete(test)
  if (file === undefined) return
  secondsOf.set(file, secondsOf.get(file) + test.time / 1000)
  if (!test.passing()) console.log(`# not ok ${file}`)
})

/** Gives a file that nobody has run yet, if there is one. */
function claim () {
  while (files.length > 0 && secondsOf.size < Number(max)) {
    const file = files.shift()
    try {
      mkdirSync(join(claims, file.replaceAll('/', '_')))
      return file
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
}

/** Adds a test that adds those of a file, and behind them the one that adds those of the next file. */
function readNext () {
  reading = undefined
  t.test('the next file is read', async (t) => {
    reading = claim()
    if (reading === undefined) return t.pass('none is left')
    t.comment(`reads ${reading}`)
    secondsOf.set(reading, 0)
    fileOf.set(t, reading)
    added = 0
    await import(resolve(reading))
    t.ok(added > 0, `${reading} has tests`)
    readNext()
  })
}

readNext()

process.on('exit', () => {
  for (const [file, seconds] of secondsOf) console.log(`# ${seconds.toFixed(1)} s ${file}`)
})
