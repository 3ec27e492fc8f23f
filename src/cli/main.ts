#!/usr/bin/env node
// Each static import must load on every Node: on an old one the program says which version it needs.
import { endOnOtherNode } from '../node-version.js'
import { endWithoutModules } from '../open-files.js'

endOnOtherNode()

const { run } = await import('./run.js').catch(endWithoutModules)

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  signals: process
})
