import t from 'tap'
import { Faults, InputError } from '../../src/domain/faults.js'

t.test('of very many faults the first are shown, and how many there are more', async (t) => {
  const faults = new Faults()
  faults.refuse()
  for (let index = 0; index < 23; index += 1) faults.add(`accounts[${index}]`, 'is wrong')
  t.throws(() => { faults.refuse() }, { name: 'InputError', message: /^accounts\[0\] is wrong; .*; accounts\[19\] is wrong; and 3 more faults$/ })
})

t.test('a few faults are all shown', async (t) => {
  const faults = new Faults()
  faults.add('a', 'is wrong')
  faults.add('b', 'is wrong')
  t.throws(() => { faults.refuse() }, new InputError(['a is wrong', 'b is wrong']))
})
