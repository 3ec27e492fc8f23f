import { EventEmitter, once } from 'node:events'
import pg from 'pg'
import t from 'tap'
import { makeGroup } from '../../../src/store/postgres/group.js'
import { StoreUnavailableError } from '../../../src/store/port/unavailable.js'

/** What an engine throws for work that would have to wait longer for a lock than it may. */
const LOCK_MET = new StoreUnavailableError('locked', {
  cause: Object.assign(new pg.DatabaseError('locked', 6, 'error'), { code: '55P03' })
})

/** A group whose transactions are told, each as the requests that it had. A request that is negative fails. */
function makeTold (
  failure: Error = new Error('no')
): { told: number[][], group: ReturnType<typeof makeGroup<number, string>> } {
  const told: number[][] = []
  const group = makeGroup<number, string>(async (requests) => {
    told.push([...requests])
    await new Promise(setImmediate)
    if (requests.some((request) => request < 0)) throw failure
    return requests.map(String)
  })
  return { told, group }
}

t.test('those that wait share one transaction, and those that come meanwhile the next, in their order', async (t) => {
  const { told, group } = makeTold()
  const first = [1, 2].map(group.run)
  await new Promise(setImmediate)
  const second = [3, 4, 5].map(group.run)
  t.same(await Promise.all([...first, ...second]), ['1', '2', '3', '4', '5'])
  t.same(told, [[1, 2], [3, 4, 5]])
  t.equal(await group.run(6), '6')
})

t.test('a request that fails stops no other', async (t) => {
  const { told, group } = makeTold()
  const outcomes = await Promise.allSettled([1, -2, 3].map(group.run))
  t.match(outcomes, [{ value: '1' }, { reason: { message: 'no' } }, { value: '3' }])
  t.same(told, [[1, -2, 3], [1], [-2], [3]])
})

t.test('what is not available is so for all of the group, and nothing is tried again', async (t) => {
  const { told, group } = makeTold(new StoreUnavailableError('later'))
  const outcomes = await Promise.allSettled([1, -2].map(group.run))
  t.match(outcomes, [{ reason: { message: 'later' } }, { reason: { message: 'later' } }])
  t.same(told, [[1, -2]])
})

t.test('a transaction takes 128 requests, and settling waits for all', async (t) => {
  const { told, group } = makeTold()
  const all = Promise.all(Array.from({ length: 300 }, async (_, index) => await group.run(index)))
  await group.settle()
  t.same(told.map(({ length }) => length), [128, 128, 44])
  t.equal((await all).length, 300)
  await group.settle()
})

t.test('who meets a lock waits alone; those of its group and those who come later do not', async (t) => {
  const locked = new Set<number>()
  const told: string[] = []
  const work = (how: string) => async (requests: readonly number[]) => {
    told.push(`${how} ${requests.join(' ')}`)
    if (requests.some((request) => locked.has(request))) throw LOCK_MET
    return requests.map(String)
  }
  const released = new EventEmitter()
  const group = makeGroup<number, string>(work('together'), {
    tryAlone: work('alone'),
    wait: async (request) => {
      told.push(`waits ${request}`)
      await once(released, 'all')
      if (locked.has(request)) throw new Error(`${request} is locked for ever`)
      return `${request} at last`
    }
  })
  locked.add(2).add(4)
  const [one, two, three] = [group.run(1), group.run(2), group.run(3)]
  t.same(await Promise.all([one, three]), ['1', '3'])
  const four = group.run(4)
  t.equal(await group.run(5), '5', 'beside those who wait')
  await group.settle()
  locked.delete(2)
  released.emit('all')
  t.equal(await two, '2 at last')
  await t.rejects(four, { message: '4 is locked for ever' })
  t.same(told, [
    'together 1 2 3', 'alone 1', 'alone 2', 'waits 2', 'alone 3', 'together 4 5', 'alone 4', 'waits 4', 'alone 5'
  ])
})

t.test('without a way to wait, a lock is what makes all of the group not available', async (t) => {
  const { told, group } = makeTold(LOCK_MET)
  t.match(await Promise.allSettled([1, -2].map(group.run)), [{ status: 'rejected' }, { status: 'rejected' }])
  t.same(told, [[1, -2]])
})

t.test('who is tried again comes before those who came later, until its time is over', async (t) => {
  const told: string[] = []
  let isLocked = true
  const work = (how: string) => async (requests: readonly number[]) => {
    told.push(`${how} ${requests.join(' ')}`)
    if (told.length === 4) isLocked = false
    if (isLocked && requests.includes(1)) throw LOCK_MET
    return requests.map(String)
  }
  const group = makeGroup<number, string>(work('together'), { tryAlone: work('alone'), wait: 600_000 })
  const [locked, free] = [group.run(1), group.run(2)]
  t.equal(await free, '2')
  const later = group.run(3)
  t.same(await Promise.all([locked, later]), ['1', '3'])
  t.same(told, ['together 1 2', 'alone 1', 'alone 2', 'together 1 3'])
  const hasNoTime = makeGroup<number, string>(async () => { throw LOCK_MET }, { tryAlone: work('alone'), wait: 0 })
  await t.rejects(hasNoTime.run(1), { message: 'locked' })
})
