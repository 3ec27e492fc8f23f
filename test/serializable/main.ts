/** The whole contract of the store under SERIALIZABLE: `npm run test:serializable`, with `-- --seed N` for a seed. */
import { parseArgs } from 'node:util'
import { makeSeed } from '../support/standalone.js'
import { contractFiles, runSerializable } from './contract.js'

const { values: { seed = String(makeSeed()) } } = parseArgs({ options: { seed: { type: 'string' } } })
await runSerializable(contractFiles(), Number(seed))
