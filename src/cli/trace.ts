import type { Trace } from '../../schemas/sandbox/payments.js'
import type { IssuerTrace } from '../domain/trace.js'
import type { DataContext } from './data-command.js'
import { describeLostHolds } from './lost-holds.js'
import { changeOf, type Column } from './table.js'

type Step = Trace['steps'][number]
type Rule = Trace['rules'][number]

const STEP_COLUMNS: ReadonlyArray<Column<Step>> = [
  { title: 'Step', value: ({ step }) => step },
  { title: 'Result', value: ({ result }) => result },
  { title: 'Why', value: describeStep }
]

const RULE_COLUMNS: ReadonlyArray<Column<Rule>> = [
  { title: 'Rule', value: ({ rule_id: ruleId }) => ruleId },
  { title: 'Allows', value: ({ triggered }) => triggered ? 'yes' : 'no' },
  { title: 'Conditions and limits', value: describeRule }
]

/** Members of a step that say more than its reason does. */
const FIGURES = ['mode', 'triggered', 'available', 'needed', 'amount', 'currency']

function describeStep (step: Step): string {
  if (step.reason !== undefined) return step.reason
  const members: Readonly<Record<string, unknown>> = step
  return FIGURES.filter((name) => members[name] !== undefined)
    .map((name) => `${name} ${String(members[name])}`).join(', ')
}

function describeRule ({ conditions, limits, reason }: Rule): string {
  return [
    ...conditions.map(({ condition, matched, value }) => `${condition} ${matched ? 'has' : 'has not'} ${value}`),
    ...limits.map(({ limit, held, value, max }) => `${limit} ${value} ${held ? 'within' : 'above'} ${max}`),
    ...reason === undefined ? [] : [reason]
  ].join('; ')
}

/** What became of the balances that the issuer stated, and an answer of it that came too late. */
function describeIssuer (issuer: Trace['issuer']): string {
  const { shadow, late_answer: late } = issuer as Partial<IssuerTrace> | null ?? {}
  const balances = shadow && (shadow.applied
    ? `SHADOW of the issuer: applied\n${describeLostHolds(shadow.lost_holds)}`
    : `SHADOW of the issuer: dropped, ${shadow.reason}\n`)
  const answer = late &&
    `Late answer of the issuer: ${late.de39 ?? 'no code'}, after ${late.after_ms} ms, not applied\n`
  return `${balances ?? ''}${answer ?? ''}`
}

/** Shows what a payment did to balances, or would do. Nothing where it does nothing. */
export function describeChange ({ balance_change: change }: Trace): string {
  if (change === null) return ''
  const { account_id: account, actual_before: actual, blocked_before: blocked } = change
  return `Account ${account}: actual ${changeOf(actual, change.actual_after)}, ` +
    `blocked ${changeOf(blocked, change.blocked_after)}\n`
}

/** Shows why a payment was decided so: step by step, what the issuer said besides, and rule by rule. */
export function describeTrace ({ table }: DataContext, { steps, issuer, rules }: Trace): string {
  const evaluated = rules.length === 0 ? '' : table(RULE_COLUMNS, rules)
  return [table(STEP_COLUMNS, steps), describeIssuer(issuer), evaluated].filter((part) => part !== '').join('\n')
}
