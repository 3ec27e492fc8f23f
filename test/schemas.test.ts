import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { PRESET_NAMES } from '../schemas/sandbox/stand-in-rules.js'
import { StandInRule } from '../schemas/stand-in-rule.js'
import { ENTRY_MODES, MESSAGE_TYPES, SPEND_TYPES } from '../src/domain/payment.js'
import { PRESETS } from '../src/domain/rule-presets.js'
import { packageRoot } from '../src/package-root.js'

t.test('the contracts import nothing of the service', async (t) => {
  const folder = new URL('schemas/', packageRoot)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  t.ok(files.length > 0)
  t.same(files.filter((file) => /from '[^']*\/src\//.test(readFileSync(new URL(file, folder), 'utf8'))), [])
})

/** Every rule of a text by a pattern, with its place. */
function patternsIn (node: unknown, place: string): Array<{ place: string, rule: unknown }> {
  if (typeof node !== 'object' || node === null) return []
  const { pattern, 'x-rule': rule } = node as Record<string, unknown>
  return [
    ...typeof pattern === 'string' ? [{ place, rule }] : [],
    ...Object.entries(node).flatMap(([name, member]) => patternsIn(member, `${place}.${name}`))
  ]
}

t.test('no text of a contract has a pattern without words for people', async (t) => {
  const folder = new URL('schemas/', packageRoot)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const found = await Promise.all(files.map(async (file) =>
    patternsIn(await import(`../schemas/${file.replace(/ts$/, 'js')}`), file)))
  t.ok(found.flat().length > 50, String(found.flat().length))
  t.same(found.flat().filter(({ rule }) => !/^must be [a-zA-Z0-9]/.test(String(rule))), [])
})

t.test('a rule knows every spend type, entry mode, message type and preset of the domain', async (t) => {
  const { spend_types: spendTypes, entry_modes: entryModes, message_types: messageTypes } =
    StandInRule.properties.when.properties
  const valuesOf = ({ items }: { items: object }): unknown => (items as { enum: unknown }).enum
  t.same(valuesOf(spendTypes), SPEND_TYPES)
  t.same(valuesOf(entryModes), ENTRY_MODES)
  t.same(valuesOf(messageTypes), MESSAGE_TYPES)
  t.same(PRESETS.map(({ name }) => name), PRESET_NAMES)
})
