import { Option } from 'commander';
import { CommandFailure, EXIT } from './exit.js';
import { ask, canAsk } from './terminal.js';
export const yesOption = () => new Option('--yes', 'do not ask');
/**
 * Asks a person before something is destroyed. A dry run and `--yes` need no answer.
 *
 * @param question what would be destroyed, as a question
 * @param unattended where nobody can answer: `proceed` with what can be brought back, or `refuse`
 * @throws CommandFailure when the answer is not yes, or nobody can give one
 */
export async function confirm(terminal, { yes, dryRun }, question, unattended) {
    if (yes === true || dryRun === true)
        return;
    if (!canAsk(terminal)) {
        if (unattended === 'proceed')
            return;
        throw new CommandFailure(EXIT.usage, `There is nobody to ask: ${question} Add --yes if so. Nothing was changed`);
    }
    const answer = await ask(terminal, `${question} [y/N] `);
    if (!/^y(es)?$/i.test(answer.trim()))
        throw new CommandFailure(EXIT.refused, 'Nothing was changed');
}
//# sourceMappingURL=confirm.js.map