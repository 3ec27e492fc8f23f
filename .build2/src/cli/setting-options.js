import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import { SETTINGS } from '../settings.js';
import { CommandFailure, EXIT } from './exit.js';
const OPTIONS = Object.entries(SETTINGS).map(([name, setting]) => {
    const flag = `--${name.toLowerCase().replaceAll('_', '-')}`;
    return { name: name, setting, flag: setting.isSecret === true ? `${flag}-file` : flag };
});
/**
 * Adds an option for each setting of the service. A secret is read from a file: other users see what stands on a
 * command line.
 */
export function addSettingOptions(command) {
    for (const { name, setting, flag } of OPTIONS) {
        const description = setting.description.replaceAll('`', '');
        const text = setting.isSecret === true ? `a file that has ${name}. ${description}` : description;
        const fallback = setting.fallback === undefined ? '' : ` Default: ${setting.fallback}`;
        command.addOption(new Option(`${flag} <${setting.isSecret === true ? 'file' : 'value'}>`, `${text}${fallback}`));
    }
    return command;
}
/**
 * Gives the settings: those of the environment, and in their place those of the command line.
 *
 * @throws CommandFailure naming the first option that is wrong
 */
export function settingsOf(command, environment) {
    const settings = { ...environment };
    for (const { name, setting, flag } of OPTIONS) {
        const option = command.options.find(({ long }) => long === flag);
        const text = option && command.getOptionValue(option.attributeName());
        if (typeof text !== 'string')
            continue;
        const value = setting.isSecret === true ? readSecretFile(text) : text;
        if (!setting.isValid(value)) {
            const shown = setting.isSecret === true ? '' : `, not ${text}`;
            throw new CommandFailure(EXIT.usage, `${flag} must be ${setting.rule}${shown}`);
        }
        settings[name] = value;
    }
    return settings;
}
/**
 * Reads a secret. An editor ends the last line of a file with a line break, which is no part of it.
 *
 * @throws CommandFailure when the file cannot be read
 */
export function readSecretFile(file) {
    try {
        return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    }
    catch (error) {
        throw new CommandFailure(EXIT.usage, `The file ${file} cannot be read: ${error.message}`);
    }
}
//# sourceMappingURL=setting-options.js.map