import { makeSeed, runStandalone } from '../support/standalone.js'
import { crash } from './crash.js'
import { crashStandIn } from './stand-in.js'

await runStandalone('crash', { kills: 200, seed: makeSeed() }, async (t, { kills = 0, seed = 0 }) => [
  ...await crash(t, { kills, seed }, console.log),
  ...await crashStandIn(t, { kills, seed }, console.log)
])
