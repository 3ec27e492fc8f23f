import t from 'tap'
import { makeSeed } from '../support/standalone.js'
import { failOver } from './failover.js'

t.test('what was answered survives the end of the primary, and the service goes on with the standby', async (t) => {
  const seed = makeSeed()
  t.comment(`the seed is ${seed}; "npm run test:failover -- --seed ${seed}" begins with the same moments`)
  t.same(await failOver(t, { kills: 1, seed, answerMsMax: Infinity }, (line) => { t.comment(line) }), [])
})
