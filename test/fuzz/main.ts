import { makeSeed, runStandalone } from '../support/standalone.js'
import { fuzz } from './fuzz.js'
import { fuzzIssuer } from './issuer.js'
import { fuzzWires } from './wires.js'

/** An exchange over a connection of its own takes as long as this many requests without one. */
const CASES_A_WIRE = 50

/** So does a payment with its call to an issuer. */
const CASES_A_PAYMENT = 10

await runStandalone('fuzz', { cases: 100_000, seed: makeSeed() }, async (t, { cases = 0, seed = 0 }) => [
  ...await fuzzWires(t, { cases: Math.ceil(cases / CASES_A_WIRE), seed }),
  ...await fuzzIssuer(t, { cases: Math.ceil(cases / CASES_A_PAYMENT), seed }),
  ...await fuzz(t, { cases, seed })
])
