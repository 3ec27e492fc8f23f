import t from 'tap'
import { NO_FILE } from '../support/service.js'
import { makeSeed } from '../support/standalone.js'
import { compareStandIn } from './stand-in.js'

t.test('a ledger explains every balance, hold, decision and advice', { skip: NO_FILE }, async (t) => {
  const seed = makeSeed()
  t.comment(`the seed is ${seed}; "npm run test:model -- --seed ${seed}" begins with the same`)
  t.same(await compareStandIn({ runs: 2, seed, shrinks: false }), [])
})
