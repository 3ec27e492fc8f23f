import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeFolder } from '../support/folder.js'
import { runCommand } from '../support/process.js'

/** What Node itself and its loader of modules say, where scripts were left out, and under another Node. */
const FAULTS = {
  'was never built': 'new Error("Could not locate the bindings file. Tried:\\n → /a/better_sqlite3.node\\n → /b")',
  'was built for another Node': 'Object.assign(new Error("The module /a/better_sqlite3.node\\nwas compiled against ' +
    'another Node.js version using\\nNODE_MODULE_VERSION 127."), { code: "ERR_DLOPEN_FAILED" })'
}

for (const [title, fault] of Object.entries(FAULTS)) {
  t.test(`a database module that ${title} is one line that says what to do`, async (t) => {
    const folder = makeFolder(t)
    const preload = join(folder, 'preload.cjs')
    writeFileSync(preload, `process.dlopen = () => { throw ${fault} }`)
    writeFileSync(join(folder, 'own.sqlite'), '')
    for (const args of [['serve'], ['verify'], ['migrate']]) {
      const command = runCommand(t, folder, args, { PORT: '0', DATABASE_PATH: 'own.sqlite' }, ['--require', preload])
      t.equal(await command.exitCode, 1)
      t.match(
        command.errors(),
        /^better-sqlite3 is not built for this Node \(v\S+\): run "npm rebuild better-sqlite3 .*\n$/
      )
      t.notMatch(command.errors(), /DATABASE_PATH|bindings|NODE_MODULE/)
    }
  })
}
