import t from 'tap'
import { makeSeed } from '../support/standalone.js'
import { crashStandIn } from './stand-in.js'

t.test('advices and payments that wait for their issuer survive a SIGKILL at any moment', async (t) => {
  const seed = makeSeed()
  t.comment(`the seed is ${seed}; "npm run test:crash -- --seed ${seed}" begins with the same moments`)
  t.same(await crashStandIn(t, { kills: 1, seed }, (line) => { t.comment(line) }), [])
})
