import { buffer } from 'node:stream/consumers'
import type { Static } from '@sinclair/typebox'
import type { Command } from 'commander'
import type { PresetRules, Presets, RulePage } from '../../../schemas/sandbox/stand-in-rules.js'
import type { StandInRule } from '../../../schemas/stand-in-rule.js'
import { endWithoutModules } from '../../open-files.js'
import { printable } from '../../printable.js'
import { confirm, yesOption, type ConfirmOptions } from '../confirm.js'
import {
  addDataCommand, addGroup, addPageOptions, contextOf, describeDryRun, describeNext, dryRunOption, type DataOptions,
  type DryRunOptions, type PageOptions
} from '../data-command.js'
import { CommandFailure, EXIT } from '../exit.js'
import { openInput } from '../files.js'
import { jsonBody, pathStep } from '../service.js'
import type { Column } from '../table.js'
import type { Terminal } from '../terminal.js'

interface ListOptions extends PageOptions {
  readonly client?: string
}

interface PresetOptions extends DryRunOptions {
  readonly client?: string
  readonly currency?: string
}

const RULE_COLUMNS: ReadonlyArray<Column<StandInRule>> = [
  { title: 'Client', value: ({ client_id: clientId }) => clientId, align: 'right' },
  { title: 'Priority', value: ({ priority }) => priority, align: 'right' },
  { title: 'Rule', value: ({ rule_id: ruleId }) => ruleId },
  { title: 'Active', value: ({ active }) => active === true ? 'yes' : 'no' },
  { title: 'Allows', value: (rule) => conditionsOf(rule).map(([, values]) => values).join('; ') || 'any payment' },
  { title: 'Limits', value: (rule) => limitsOf(rule).map(([, limit]) => limit).join('; ') || 'none' }
]

const PRESET_COLUMNS: ReadonlyArray<Column<Static<typeof Presets>['presets'][number]>> = [
  { title: 'Preset', value: ({ name }) => name },
  { title: 'Allows', value: ({ description }) => description }
]

/** Adds `rules list`, `show`, `set`, `delete` and `preset`. */
export function addRuleCommands (program: Command, terminal: Terminal): void {
  const rules = addGroup(program, 'rules', 'Which payments stand-in may approve')

  addPageOptions(addDataCommand(rules, 'list', 'List the rules in the order of their evaluation', 'rules list'))
    .option('--client <client>', 'only those of this client')
    .action(async ({ client, limit, cursor, ...options }: ListOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      const query = { client_id: client, limit, cursor }
      print(await call({ method: 'GET', path: '/stand-in/rules', query }), (page: Static<typeof RulePage>) =>
        `${table(RULE_COLUMNS, page.rules)}${describeNext(page.next_cursor)}`)
    })

  addDataCommand(rules, 'show <rule>', 'Show a rule in full; --json prints what set takes', 'rules show small-pos')
    .action(async (ruleId: string, options: DataOptions) => {
      const { call, print } = contextOf(terminal, options)
      print(await call({ method: 'GET', path: rulePath(ruleId) }), describeRule)
    })

  addDataCommand(
    rules,
    'set <file>',
    'Create or replace a rule (JSON or YAML); - is JSON from the standard input',
    'rules set small-pos.yaml'
  )
    .addOption(dryRunOption())
    .action(async (path: string, options: DryRunOptions) => { await setRule(terminal, path, options) })

  addDataCommand(rules, 'delete <rule>', 'Delete a rule', 'rules delete small-pos')
    .addOption(dryRunOption())
    .addOption(yesOption())
    .action(async (ruleId: string, options: DryRunOptions & ConfirmOptions) => {
      const { call, print } = contextOf(terminal, options)
      await confirm(terminal, options, `Delete the rule ${ruleId}?`, 'refuse')
      const query = { dry_run: options.dryRun && 'true' }
      print(await call({ method: 'DELETE', path: rulePath(ruleId), query }), () =>
        `${describeDryRun(options.dryRun)}The rule ${ruleId} is deleted\n`)
    })

  addPresetCommand(rules, terminal)
}

function addPresetCommand (rules: Command, terminal: Terminal): void {
  addDataCommand(
    rules,
    'preset [name]',
    'Create the rules of a preset for a client; without a name, list the presets',
    'rules preset visa-like --client 123'
  )
    .option('--client <client>', 'the client that gets the rules')
    .option('--currency <currency>', 'the currency of the limits; else that of the client\'s first account')
    .addOption(dryRunOption())
    .action(async (name: string | undefined, { client, currency, ...options }: PresetOptions) => {
      const { call, print, table } = contextOf(terminal, options)
      if (name === undefined) {
        print(await call({ method: 'GET', path: '/stand-in/presets' }), ({ presets }: Static<typeof Presets>) =>
          table(PRESET_COLUMNS, presets))
        return
      }
      if (client === undefined) throw new CommandFailure(EXIT.usage, 'Name a client for the rules: --client 123')
      const query = { client_id: client, currency, dry_run: options.dryRun && 'true' }
      print(
        await call({ method: 'POST', path: `/stand-in/presets/${pathStep(name)}`, query }),
        ({ rules }: Static<typeof PresetRules>) => `${describeDryRun(options.dryRun)}${table(RULE_COLUMNS, rules)}`
      )
    })
}

async function setRule (terminal: Terminal, path: string, options: DryRunOptions): Promise<void> {
  const { call, print } = contextOf(terminal, options)
  const { content } = await openInput(path, terminal.input)
  const { readRuleDocument } = await import('../../scenario-file.js').catch(endWithoutModules)
  const rule = readRuleDocument(path, await buffer(content))
  const query = { dry_run: options.dryRun && 'true' }
  print(
    await call({ method: 'PUT', path: rulePath(rule.rule_id), query, body: jsonBody(rule) }),
    (stored: StandInRule) => `${describeDryRun(options.dryRun)}${describeRule(stored)}`
  )
}

function rulePath (ruleId: string): string {
  return `/stand-in/rules/${pathStep(ruleId)}`
}

type Line = readonly [title: string, text: string]

function describeRule (rule: StandInRule): string {
  const { rule_id: ruleId, client_id: clientId, name, priority, active } = rule
  const lines: readonly Line[] = [
    ['Rule', `${ruleId} of client ${clientId}`],
    ['Name', String(name)],
    ['Priority', `${priority}${active === true ? '' : ', not active'}`],
    ...conditionsOf(rule),
    ...limitsOf(rule),
    ...countingOf(rule)
  ]
  return lines.map(([title, text]) => `${title.padEnd(20)}${printable(text)}\n`).join('')
}

/** Gives the conditions that a rule has, each with its values. */
function conditionsOf ({ applies_to: appliesTo = {}, when = {} }: StandInRule): Line[] {
  const conditions: ReadonlyArray<readonly [title: string, values: readonly string[] | undefined]> = [
    ['Accounts', appliesTo.accounts],
    ['Tokens', appliesTo.tokens],
    ['Spend types', when.spend_types],
    ['Entry modes', when.entry_modes],
    ['Merchant categories', when.merchant_categories],
    ['Countries', when.countries],
    ['Message types', when.message_types]
  ]
  return conditions.flatMap(([title, values = []]): Line[] => values.length === 0 ? [] : [[title, values.join(', ')]])
}

function limitsOf ({ limits: { currency, amount, count, cumulative } = {} }: StandInRule): Line[] {
  return [
    ...amount === undefined ? [] : [['Single amount', `at most ${amount.max} (${currency})`] as const],
    ...count === undefined ? [] : [['Number', `at most ${count.max} in ${windowOf(count)}`] as const],
    ...cumulative === undefined
      ? []
      : [['Sum', `at most ${cumulative.max} (${currency}) in ${windowOf(cumulative)}`] as const]
  ]
}

function windowOf (limit: { window: string, include_current?: boolean }): string {
  const window = limit.window === 'day' ? 'a day (UTC)' : limit.window
  return `${window}${limit.include_current === true ? '' : ', before this one'}`
}

function countingOf ({ limits: { count, cumulative } = {}, counts = {} }: StandInRule): Line[] {
  if (count === undefined && cumulative === undefined) return []
  const { what, per, include_reversed: includesReversed } = counts
  const reversed = includesReversed === true ? ', also reversed ones' : ''
  return [['Counts', `${String(what).replaceAll('_', ' ')} per ${per}${reversed}`]]
}
