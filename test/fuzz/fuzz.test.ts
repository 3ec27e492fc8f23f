import t from 'tap'
import { makeSeed } from '../support/standalone.js'
import { fuzz } from './fuzz.js'
import { fuzzIssuer } from './issuer.js'
import { fuzzWires } from './wires.js'

t.test('no request, however odd, gets an answer that is not documented or changes a balance unasked', async (t) => {
  const seed = makeSeed()
  t.comment(`the seed is ${seed}; "npm run test:fuzz -- --seed ${seed}" begins with the same requests`)
  t.same(await fuzz(t, { cases: 3000, seed }), [])
})

t.test('no connection, however it is used, keeps others waiting or hides why its request is refused', async (t) => {
  const seed = makeSeed()
  t.comment(`the seed is ${seed}`)
  t.same(await fuzzWires(t, { cases: 40, seed }), [])
})

t.test('no answer of an issuer, however odd, ends in a failure or changes a balance that it does not state', async (
  t
) => {
  const seed = makeSeed()
  t.comment(`the seed is ${seed}`)
  t.same(await fuzzIssuer(t, { cases: 150, seed }), [])
})
