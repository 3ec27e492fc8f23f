import { pipeline } from 'node:stream/promises';
import { addDataCommand, addGroup, contextOf } from '../data-command.js';
import { openOutput } from '../files.js';
import { openAnswer } from '../service.js';
import { describeRun } from './balance-import.js';
/** Adds `balance-files show` and `feedback`. */
export function addBalanceFileCommands(program, terminal) {
    const files = addGroup(program, 'balance-files', 'What became of balance files that were imported');
    addDataCommand(files, 'show <job>', 'Show how a file went', 'balance-files show 456')
        .action(async (job, options) => {
        const { call, print } = contextOf(terminal, options);
        print(await call({ method: 'GET', path: `/balance-files/${job}` }), ({ SUMMARY }) => describeRun(SUMMARY));
    });
    addDataCommand(files, 'feedback <job>', 'Print the rows that failed, as CSV with their lines and reasons', 'balance-files feedback 456 --output failed.csv')
        .option('--output <file>', 'a new file for them')
        .action(async (job, options) => { await showFeedback(terminal, job, options); });
}
async function showFeedback(terminal, job, options) {
    const { connection, call } = contextOf(terminal, options);
    const path = `/balance-files/${job}/feedback`;
    if (options.output === undefined) {
        terminal.output.write(await call({ method: 'GET', path }));
        return;
    }
    const file = await openOutput(options.output);
    try {
        await pipeline(await openAnswer(connection, { method: 'GET', path }), file.content);
        await file.keep();
    }
    finally {
        await file.discard();
    }
}
//# sourceMappingURL=balance-files.js.map