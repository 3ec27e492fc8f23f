import { makeSeed, runStandalone } from '../support/standalone.js'
import { compareStandIn } from './stand-in.js'

await runStandalone('model', { runs: 200, seed: makeSeed() }, async (_t, { runs = 0, seed = 0 }) =>
  await compareStandIn({ runs, seed, shrinks: true }))
