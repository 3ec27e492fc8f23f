import type { Command } from 'commander'
import {
  BEHAVIOURS, SHADOWS, type Behaviour, type BuiltInIssuer, type IssuerDefinition
} from '../../../schemas/sandbox/issuers.js'
import { describeBehaviour } from '../../issuer/definition.js'
import { addDataCommand, contextOf, type DataContext, type DataOptions } from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { jsonBody, pathStep } from '../service.js'
import type { Terminal } from '../terminal.js'
import { SETTING_COLUMNS } from './stand-in-settings.js'

interface BehaveOptions extends DataOptions {
  readonly script?: true
}

const path = (name: string): string => `/issuers/${pathStep(name)}`

const WORDS = 'approve, decline=51, ledger, never-answer, drop, drop-midway, status=503, not-json, without-de39, ' +
  'wrong-rid or answer-twice, and with it delay=3000 or shadow=right, shadow=stale, shadow=wrong-currency'

/** Adds `issuer behave`, `built-in` and `reset`: what an issuer of the sandbox's own does. */
export function addBehaveCommands (issuer: Command, terminal: Terminal): void {
  addDataCommand(
    issuer,
    'behave <issuer> <what...>',
    'Tell a built-in issuer what to do from now on; it is made where it is missing',
    'issuer behave main decline=51 delay=3000'
  )
    .option('--script', 'do each of these once, in this order, and then as before')
    .addHelpText('after', `\nWhat: ${WORDS}.`)
    .action(async (name: string, what: string[], options: BehaveOptions) => {
      const context = contextOf(terminal, options)
      const steps = readBehaviours(what, options.script === true)
      const [wanted] = steps
      const { definition = {} } = await find(context, name)
      const body = jsonBody({ ...definition, ...options.script === true ? { script: steps } : { default: wanted } })
      context.print(await context.call({ method: 'PUT', path: path(name), body }), (found: BuiltInIssuer) =>
        describe(context, found))
    })

  addDataCommand(issuer, 'built-in <issuer>', 'Show what a built-in issuer does, and how often it was asked',
    'issuer built-in main')
    .action(async (name: string, options: DataOptions) => {
      const context = contextOf(terminal, options)
      context.print(await context.call({ method: 'GET', path: path(name) }), (found: BuiltInIssuer) =>
        describe(context, found))
    })

  addDataCommand(issuer, 'reset <issuer>', 'Set a built-in issuer back, and cancel the answers that wait',
    'issuer reset main')
    .action(async (name: string, options: DataOptions) => {
      const context = contextOf(terminal, options)
      context.print(await context.call({ method: 'POST', path: `${path(name)}/reset` }), (found: BuiltInIssuer) =>
        describe(context, found))
    })
}

async function find ({ call }: DataContext, name: string): Promise<{ readonly definition?: IssuerDefinition }> {
  try {
    return JSON.parse(await call({ method: 'GET', path: path(name) })) as BuiltInIssuer
  } catch (error) {
    if (error instanceof CommandFailure && error.status === 404) return {}
    throw error
  }
}

/**
 * Reads behaviours: `decline=51 delay=3000`. A word such as `delay` belongs to the behaviour before it; alone, it is an
 * approval.
 *
 * @param several whether there may be more than one
 */
function readBehaviours (words: readonly string[], several: boolean): Behaviour[] {
  const found: Behaviour[] = []
  for (const word of words) {
    const [name = '', value] = word.replaceAll('-', '_').split('=')
    const isModifier = name === 'delay' || name === 'shadow'
    const last = isModifier ? found.pop() ?? { behaviour: 'approve' as const } : undefined
    found.push(readWord(word, name, value, last))
  }
  if (found.length > 1 && !several) {
    throw new CommandFailure(EXIT.usage, 'Name one behaviour, or several with --script')
  }
  return found
}

function readWord (word: string, name: string, value: string | undefined, last: Behaviour | undefined): Behaviour {
  if (last !== undefined) {
    if (name === 'delay' && isDigits(value)) return { ...last, delay_ms: Number(value) }
    const shadow = SHADOWS.find((one) => one === value)
    if (name === 'shadow' && shadow !== undefined) return { ...last, shadow }
  }
  const behaviour = BEHAVIOURS.find((one) => one === name)
  if (behaviour === 'decline' && value !== undefined) return { behaviour, code: value }
  if (behaviour === 'status' && isDigits(value)) return { behaviour, status: Number(value) }
  if (behaviour !== undefined && value === undefined) return { behaviour }
  throw new CommandFailure(EXIT.usage, `There is no behaviour ${word}. There are ${WORDS}`)
}

function isDigits (value: string | undefined): boolean {
  return /^\d{1,6}$/.test(value ?? '')
}

function describe ({ table }: DataContext, { path, definition, hits, waiting }: BuiltInIssuer): string {
  const { rules, script, advices, ledger } = definition
  return table(SETTING_COLUMNS, [
    ['path', path],
    ['default', describeBehaviour(definition.default)],
    ...rules.map(({ when, then }, index) => {
      const what = `${describeBehaviour(then)}, when ${JSON.stringify(when)}: ${hits.rules[index]} hits`
      return [`rule ${index + 1}`, what] as const
    }),
    ...script.map((step, index) => [`step ${index + 1}`, describeBehaviour(step)] as const),
    ['advices', advices === undefined ? 'as requests' : describeBehaviour(advices)],
    ...ledger.map(({ token, currency, actual_balance: actual, blocked_balance: blocked }) =>
      [`card ${token}`, `actual ${actual}, blocked ${blocked}, currency ${currency}`] as const),
    ['requests', hits.requests],
    ['advices got', hits.advices],
    ['waiting', waiting]
  ])
}
