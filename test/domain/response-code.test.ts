import t from 'tap'
import { describeResponseCode } from '../../src/domain/response-code.js'

t.test('a code is said in words', async (t) => {
  t.equal(describeResponseCode('05'), 'do not honour')
  t.equal(describeResponseCode('51'), 'insufficient funds')
  t.equal(describeResponseCode('N7'), 'a code of the issuer\'s own')
})
