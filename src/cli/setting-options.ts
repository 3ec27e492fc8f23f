import { readFileSync } from 'node:fs'
import { Option, type Command } from 'commander'
import type { Setting } from '../setting-rules.js'
import { SETTINGS, type SettingName } from '../settings.js'
import { CommandFailure, EXIT } from './exit.js'
import type { Terminal } from './terminal.js'

/** One option of a setting: the name of the variable, and how the option is read. */
interface SettingOption {
  readonly name: SettingName
  readonly setting: Setting
  readonly flag: string
}

const OPTIONS: readonly SettingOption[] = Object.entries(SETTINGS).map(([name, setting]: [string, Setting]) => {
  const flag = `--${name.toLowerCase().replaceAll('_', '-')}`
  return { name: name as SettingName, setting, flag: setting.isSecret === true ? `${flag}-file` : flag }
})

/**
 * Adds an option for each setting of the service. A secret is read from a file: other users see what stands on a
 * command line.
 */
export function addSettingOptions (command: Command): Command {
  for (const { name, setting, flag } of OPTIONS) {
    const description = setting.description.replaceAll('`', '')
    const text = setting.isSecret === true ? `a file that has ${name}. ${description}` : description
    const fallback = setting.fallback === undefined ? '' : ` Default: ${setting.fallback}`
    command.addOption(new Option(`${flag} <${setting.isSecret === true ? 'file' : 'value'}>`, `${text}${fallback}`))
  }
  return command
}

/**
 * Gives the settings: those of the environment, and in their place those of the command line.
 *
 * @throws CommandFailure naming the first option that is wrong
 */
export function settingsOf (
  command: Command, environment: Terminal['environment']
): Record<string, string | undefined> {
  const settings = { ...environment }
  for (const { name, setting, flag } of OPTIONS) {
    const option = command.options.find(({ long }) => long === flag)
    const text: unknown = option && command.getOptionValue(option.attributeName())
    if (typeof text !== 'string') continue
    const value = setting.isSecret === true ? readSecretFile(text) : text
    if (!setting.isValid(value)) {
      const shown = setting.isSecret === true ? '' : `, not ${text}`
      throw new CommandFailure(EXIT.usage, `${flag} must be ${setting.rule}${shown}`)
    }
    settings[name] = value
  }
  return settings
}

/**
 * Reads a secret. An editor ends the last line of a file with a line break, which is no part of it.
 *
 * @throws CommandFailure when the file cannot be read
 */
export function readSecretFile (file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `The file ${file} cannot be read: ${(error as Error).message}`)
  }
}
