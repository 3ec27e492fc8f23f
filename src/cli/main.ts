#!/usr/bin/env node
import { Command } from 'commander'
import { readConfig } from '../config.js'
import { startServer } from '../server.js'
import { demo } from './demo.js'

const program = new Command('stip-sandbox')
  .description('A stand-in processing (STIP) sandbox: exact, durable account balances behind the card processors\' own calls')

program.command('serve')
  .description('Start the service. Its settings come from the environment; see the README')
  .action(async () => {
    const config = readConfig(process.env)
    const { adminToken } = await startServer(config)
    if (config.adminToken === undefined) process.stderr.write(`ADMIN_TOKEN is not set. Until the next start it is ${adminToken}\n`)
  })

program.command('demo')
  .description('Start the service with a database of its own and the accounts of examples/demo-scenario.json')
  .action(async () => { process.stdout.write(await demo(process.env)) })

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
