import type { Trace } from '../../schemas/sandbox/payments.js'
import type { DataContext } from './data-command.js'
import type { Column } from './table.js'

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

/** Shows why a payment was decided so: step by step, and rule by rule. */
export function describeTrace ({ table }: DataContext, { steps, rules }: Trace): string {
  const evaluated = rules.length === 0 ? '' : `\n${table(RULE_COLUMNS, rules)}`
  return `${table(STEP_COLUMNS, steps)}${evaluated}`
}
