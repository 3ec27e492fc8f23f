import { makeSeed, runStandalone } from '../support/standalone.js'
import { fuzz } from './fuzz.js'

await runStandalone('fuzz', { cases: 100_000, seed: makeSeed() }, async (t, { cases = 0, seed = 0 }) => await fuzz(t, { cases, seed }))
