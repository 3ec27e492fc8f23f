import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { newCard, type CardWish } from '../../../src/domain/card.js'
import type { NewAccount } from '../../../src/domain/new-account.js'
import type { AccountHistory } from '../../../src/store/port/history.js'
import type { Store } from '../../../src/store/port/store.js'
import { currency } from '../../support/arbitraries.js'
import { holdsAsync } from '../../support/property.js'
import { SCENARIO } from '../../support/service.js'
import { contract } from './engines.js'

/**
 * What the model keeps of an account number: the actual balances, newest first, whether the account is there, and the
 * balances of those that had the number before.
 */
interface Story {
  readonly token: bigint | undefined
  readonly actuals: readonly bigint[]
  readonly deleted: boolean
  readonly earlier: ReadonlyArray<readonly bigint[]>
}

type Stories = ReadonlyMap<bigint, Story>

type Step =
  | { readonly kind: 'create', readonly accountIds: readonly bigint[], readonly token: bigint, readonly actual: bigint }
  | {
    readonly kind: 'set' | 'delete' | 'attach' | 'detach'
    readonly accountId: bigint
    readonly token: bigint
    readonly actual: bigint
  }

const small = fc.constantFrom(1n, 2n, 3n)

const anyStep: fc.Arbitrary<Step & { dryRun: boolean }> = fc.oneof(
  fc.record({
    kind: fc.constant('create' as const),
    accountIds: fc.uniqueArray(small, { minLength: 1 }),
    token: small,
    actual: small,
    dryRun: fc.boolean()
  }),
  fc.record({
    kind: fc.constantFrom('set' as const, 'delete' as const, 'attach' as const, 'detach' as const),
    accountId: small,
    token: small,
    actual: small,
    dryRun: fc.boolean()
  })
)

const accountOf = (accountId: bigint, token: bigint | undefined, actual: bigint): NewAccount =>
  ({
    clientId: 1,
    accountId,
    currency: currency('392'),
    externalReference: undefined,
    balances: { actual, blocked: 0n },
    cards: token === undefined ? [] : [newCard(token)]
  })

/** The first account of a creation gets the token. */
const tokenAt = (index: number, token: bigint): bigint | undefined => index === 0 ? token : undefined

/**
 * Tells what a step makes of the stories. Each account has one token at most, because attaching takes another off
 * first.
 */
function after (stories: Stories, step: Step): Stories {
  const next = new Map(stories)
  const holds = (token: bigint): boolean =>
    [...stories.values()].some((story) => !story.deleted && story.token === token)
  if (step.kind === 'create') {
    const isSame = (accountId: bigint, index: number): boolean => {
      const story = stories.get(accountId)
      return story !== undefined && !story.deleted && story.actuals[0] === step.actual &&
        story.token === tokenAt(index, step.token)
    }
    const isFree = (accountId: bigint, index: number): boolean =>
      (stories.get(accountId)?.deleted ?? true) && !(index === 0 && holds(step.token))
    if (!step.accountIds.every((accountId, index) => isSame(accountId, index) || isFree(accountId, index))) {
      return stories
    }
    step.accountIds.forEach((accountId, index) => {
      const before = stories.get(accountId)
      const earlier = before === undefined ? [] : [...before.earlier, before.actuals]
      if (!isSame(accountId, index)) {
        next.set(accountId, { token: tokenAt(index, step.token), actuals: [step.actual], deleted: false, earlier })
      }
    })
    return next
  }
  const story = stories.get(step.accountId)
  if (story === undefined || story.deleted) return stories
  const changed: Readonly<Record<typeof step.kind, Partial<Story>>> = {
    set: { actuals: [step.actual, ...story.actuals] },
    delete: { deleted: true },
    attach: holds(step.token) || story.token !== undefined ? {} : { token: step.token },
    detach: story.token === step.token ? { token: undefined } : {}
  }
  return next.set(step.accountId, { ...story, ...changed[step.kind] })
}

async function apply (store: Store, step: Step, dryRun: boolean, stories: Stories): Promise<void> {
  if (step.kind === 'create') {
    await store.createAccounts(
      step.accountIds.map((accountId, index) => accountOf(accountId, tokenAt(index, step.token), step.actual)), dryRun
    )
  } else if (step.kind === 'set') {
    await store.updateBalances({
      source: 'sandbox',
      clientId: 1,
      identity: undefined,
      items: [{
        inputType: 'account',
        inputId: step.accountId,
        actual: { coefficient: step.actual, exponent: 0 },
        blocked: { coefficient: 0n, exponent: 0 },
        currency: '392'
      }],
      userId: undefined,
      remarks: undefined,
      reason: 'a test',
      allOrNothing: true,
      dryRun,
      answer: () => ({ body: '', preferenceApplied: undefined })
    })
  } else if (step.kind === 'delete') await store.deleteAccount(step.accountId, dryRun)
  else if (step.kind === 'detach') await store.detachToken(step.accountId, step.token)
  else if (stories.get(step.accountId)?.token === undefined) await store.attachToken(step.accountId, step.token)
}

const actualsOf = ({ items }: AccountHistory): bigint[] => items.map(({ next }) => next.actual)

async function storyOf (store: Store, accountId: bigint): Promise<Story | undefined> {
  const page = { from: undefined, limit: 100 }
  const history = await store.readHistory(accountId, page)
  if (typeof history === 'string') return undefined
  const account = await store.readAccount(accountId)
  const earlier = []
  for (let incarnation = 1; incarnation < history.incarnation; incarnation += 1) {
    const found = await store.readHistory(accountId, page, incarnation)
    earlier.push(typeof found === 'string' || found.deletedAt === undefined ? [] : actualsOf(found))
  }
  const token = account?.cards[0]?.token
  return { token, actuals: actualsOf(history), deleted: history.deletedAt !== undefined, earlier }
}

contract('any order of creations, updates and deletions gives each account its own history; a dry run leaves no trace',
  async (
    t, place
  ) => {
    await holdsAsync(t, fc.asyncProperty(fc.array(anyStep, { maxLength: 15 }), async (steps) => {
      const store = await place.openAnother({ scenario: { clients: [{ client_id: 1, name: 'n', api_key: 'k' }] } })
      try {
        let stories: Stories = new Map()
        for (const step of steps) {
          const rehearsed = step.dryRun && step.kind !== 'attach' && step.kind !== 'detach'
          await apply(store, step, rehearsed, stories)
          if (!rehearsed) stories = after(stories, step)
          for (const accountId of [1n, 2n, 3n]) {
            const story = stories.get(accountId)
            const wanted = story?.deleted === true ? { ...story, token: undefined } : story
            if (!isDeepStrictEqual(await storyOf(store, accountId), wanted)) return false
          }
        }
        return true
      } finally {
        await store.close()
      }
    }), { numRuns: place.runs(40) })
  })

contract('a token is attached once, in the order of tokens, and taken by one account only', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  t.match(await store.attachToken(1002n, 6n), { kind: 'attached', account: { cards: [{ token: 6n }] } })
  t.match(await store.attachToken(1002n, 5n), { kind: 'attached', account: { cards: [{ token: 5n }, { token: 6n }] } })
  t.match(await store.attachToken(1002n, 5n), { kind: 'attached', account: { cards: [{ token: 5n }, { token: 6n }] } })
  t.same(await store.attachToken(1003n, 5n), { kind: 'taken', accountId: 1002n })
  t.same(await store.attachToken(77n, 5n), { kind: 'account-unknown' })
  t.match((await store.readAccount(1002n))?.cards, [{ token: 5n }, { token: 6n }])
  t.match(await store.detachToken(1002n, 5n), { cards: [{ token: 6n }] })
  t.equal(await store.detachToken(1002n, 5n), undefined)
})

contract('a card is active for ever until it is set, and each member is set by itself', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  const cardsAfter = async (wish?: CardWish): Promise<unknown> => {
    const outcome = await store.attachToken(1002n, 5n, wish)
    t.equal(outcome.kind, 'attached')
    return (await store.readAccount(1002n))?.cards
  }
  t.same(await cardsAfter(), [{ token: 5n, state: 'active', expiry: undefined }])
  t.same(await cardsAfter({ state: 'lost' }), [{ token: 5n, state: 'lost', expiry: undefined }])
  t.same(await cardsAfter({ expiry: '2029-11' }), [{ token: 5n, state: 'lost', expiry: '2029-11' }])
  t.same(await cardsAfter({ state: 'active' }), [{ token: 5n, state: 'active', expiry: '2029-11' }])
  t.same(await cardsAfter(), [{ token: 5n, state: 'active', expiry: '2029-11' }])
  t.same(await cardsAfter({ expiry: null }), [{ token: 5n, state: 'active', expiry: undefined }])
  t.match(await store.attachToken(1002n, 6n, { state: 'not_activated', expiry: '2030-01' }), {
    account: { cards: [{ token: 5n }, { token: 6n, state: 'not_activated', expiry: '2030-01' }] }
  })
  t.same(await place.verify(store), [])
})

contract('accounts are made with their cards, and again only with the same ones', async (t, place) => {
  const store = await place.open({ scenario: SCENARIO })
  const wanted: NewAccount = {
    ...accountOf(5n, undefined, 1n), clientId: 123, cards: [newCard(50n, { state: 'stolen', expiry: '2027-02' })]
  }
  t.match(await store.createAccounts([wanted], false), { creations: [{ status: 'created', account: wanted }] })
  t.match(await store.createAccounts([wanted], false), { creations: [{ status: 'unchanged', account: wanted }] })
  await store.attachToken(5n, 50n, { state: 'closed', expiry: null })
  t.same(await store.createAccounts([wanted], false), {
    kind: 'refused',
    conflicts: [{ code: 'account-differs', index: 0, fields: ['tokens.state', 'tokens.expiry'] }]
  })
})
