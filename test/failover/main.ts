import { makeSeed, runStandalone } from '../support/standalone.js'
import { ANSWER_MS_MAX, failOver } from './failover.js'

await runStandalone('failover', { kills: 20, seed: makeSeed() }, async (t, { kills = 0, seed = 0 }) =>
  await failOver(t, { kills, seed, answerMsMax: ANSWER_MS_MAX }, console.log))
