import t from 'tap'
import { makeSeed } from '../support/standalone.js'
import { fuzz } from './fuzz.js'

t.test('no request, however odd, gets an answer that is not documented or changes a balance unasked', async (t) => {
  const seed = makeSeed()
  t.comment(`the seed is ${seed}; "npm run test:fuzz -- --seed ${seed}" begins with the same requests`)
  t.same(await fuzz(t, { cases: 2000, seed }), [])
})
