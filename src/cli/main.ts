#!/usr/bin/env node
// What is imported here must load on every Node: another one is told what is missing.
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
