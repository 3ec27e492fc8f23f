import { makeSeed } from '../support/standalone.js'
import { runSerializable } from './contract.js'

// The file that is about money. `npm run test:serializable -- --seed N` runs all of the contract.
await runSerializable(['updates'], makeSeed())
