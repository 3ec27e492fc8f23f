import { Type } from '@sinclair/typebox'
import type { Command } from 'commander'
import { Int32Text, JobIdText, PageLimitText, StatusText } from '../../schemas/address.js'
import { AsOfRid } from '../../schemas/as-of-rid.js'
import { AmountText, Int64Text, RateText, TypedCurrency } from '../../schemas/numbers.js'
import { ruled } from '../../schemas/rule.js'
import { IssuerName } from '../../schemas/sandbox/issuers.js'
import { SnapshotName } from '../../schemas/sandbox/snapshots.js'
import { RuleId } from '../../schemas/stand-in-rule.js'
import { CommandFailure, EXIT } from './exit.js'
import { printable } from '../printable.js'

/** What a value must be, by the word that stands for it in a usage text: `--currency <currency>`. */
const SCHEMAS = {
  account: Int64Text({}),
  advice: Int64Text({}),
  base: TypedCurrency({}),
  amount: AmountText({}),
  'card-token': Int64Text({}),
  client: Int32Text({}),
  count: PageLimitText({}),
  currency: TypedCurrency({}),
  issuer: IssuerName,
  job: JobIdText({}),
  milliseconds: Type.String(ruled('^(0|[1-9][0-9]{0,8})$', 'a whole number of milliseconds')),
  month: Type.String(ruled('^([0-9]{4}-(0[1-9]|1[0-2])|never)$', 'a month such as 2029-11, or never')),
  quote: TypedCurrency({}),
  rate: RateText({}),
  request: Int64Text({}),
  rid: AsOfRid,
  rule: RuleId,
  snapshot: SnapshotName,
  status: StatusText({}),
  transaction: Int64Text({})
}

const RULES = new Map(Object.entries(SCHEMAS).map(([kind, schema]) =>
  [kind, { pattern: new RegExp(String(schema.pattern)), words: String(schema['x-rule']) }]))

/** A value of the command line that was typed. */
interface TypedValue {
  /** How a message names it: `--currency`, or `account`. */
  readonly name: string
  /** How the help writes it: `--currency <currency>`, or `account`. */
  readonly usage: string
  /** The word that stands for it. */
  readonly kind: string
  readonly texts: readonly unknown[]
}

/** Lets an empty value pass an option's choices, so that {@link refuseWrongValues} says what an empty value means. */
export function passEmptyChoices (command: Command): void {
  for (const option of command.options.filter(({ argChoices }) => argChoices !== undefined)) {
    const { parseArg } = option
    option.argParser((value, previous) => value === '' ? value : parseArg?.(value, previous))
  }
  command.commands.forEach(passEmptyChoices)
}

/**
 * Refuses an empty argument or option value, which a script gives for a variable that is not set, and a value that
 * cannot be of its kind. What depends on the data is for the service to say.
 *
 * @throws CommandFailure naming the first one, and what would be right
 */
export function refuseWrongValues (command: Command): void {
  const typed = typedValues(command)
  const empty = typed.find(({ texts }) => texts.includes(''))
  if (empty !== undefined) {
    const hint = 'If the value comes from a variable, set the variable; otherwise leave it out'
    throw new CommandFailure(EXIT.usage, `${empty.usage} is empty. ${hint}`)
  }
  for (const { name, kind, texts } of typed) {
    const fault = texts.map((text) => faultOf(kind, String(text))).find(Boolean)
    if (fault !== undefined) throw new CommandFailure(EXIT.usage, `${name} ${fault}`)
  }
}

/** Gives the number of an option that was checked, such as milliseconds. Never for amounts: those stay texts. */
export function numberOf (text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** Names the fault of a text of a kind, for example `must be …, not 1,50`. @returns undefined for a right one */
export function faultOf (kind: string, text: string): string | undefined {
  const rule = RULES.get(kind)
  return rule === undefined || rule.pattern.test(text) ? undefined : `${rule.words}, not ${printable(text)}`
}

function typedValues (command: Command): TypedValue[] {
  const args = command.registeredArguments.map((argument, index) => ({
    name: argument.name(),
    usage: argument.name(),
    kind: argument.name(),
    texts: textsOf(command.processedArgs[index])
  }))
  const options = command.options.filter(({ required }) => required).map((option) => ({
    name: String(option.long),
    usage: option.flags,
    kind: String(/<([\w-]+)/.exec(option.flags)?.[1]),
    texts: textsOf(command.getOptionValue(option.attributeName()))
  }))
  return [...args, ...options]
}

function textsOf (value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat()
}
