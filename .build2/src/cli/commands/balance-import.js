import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { contextOf, describeDryRun } from '../data-command.js';
import { CommandFailure, EXIT } from '../exit.js';
import { openInput, openOutput } from '../files.js';
import { interruptible } from '../interruption.js';
import { sendFile } from '../send-file.js';
import { openAnswer } from '../service.js';
import { printable } from '../../printable.js';
const BROKEN_OFF = 'The service applies rows as they arrive, and those stay. ' +
    'Send the whole file again: no row is applied twice';
const DRY_RUN_BROKEN_OFF = 'Nothing was changed: it was a dry run';
/**
 * Applies a balance file.
 *
 * @throws CommandFailure also when rows failed
 */
export async function importBalances(terminal, path, options) {
    const { connection, print } = contextOf(terminal, options);
    if (path === '-' && options.fileName === undefined) {
        throw new CommandFailure(EXIT.usage, 'Say with --file-name what the file is known by: sent again under that name, no row is applied twice');
    }
    const file = await openInput(path, terminal.input);
    let feedback;
    try {
        feedback = options.feedback === undefined ? undefined : await openOutput(options.feedback);
        const fileName = options.fileName ?? basename(path);
        const query = { client_id: options.client, file_name: fileName, dry_run: options.dryRun && 'true' };
        const afterInterruption = options.dryRun === true ? DRY_RUN_BROKEN_OFF : BROKEN_OFF;
        const answer = await sendFile(terminal, connection, { method: 'POST', path: '/balance-files', query }, file, afterInterruption);
        const { SUMMARY: summary } = JSON.parse(answer);
        print(answer, () => `${describeDryRun(options.dryRun)}${summary.Passed_Records} of ${summary.Total_Records} rows applied in ` +
            `${summary.Processing_Time_Secs} s, as file ${summary.Job_Id}\n${describeRepeats(summary)}`);
        if (feedback !== undefined)
            await downloadFeedback(terminal, connection, summary.Job_Id, feedback);
        refuseFailures(summary, feedback !== undefined);
    }
    finally {
        await feedback?.discard();
        file.content.destroy();
    }
}
async function downloadFeedback({ signals }, connection, jobId, { content, keep }) {
    const path = `/balance-files/${jobId}/feedback`;
    const describe = (why) => `The file was applied, but its feedback could not be kept: ${why}. The service still has it, at ` +
        `/sandbox/v1${path}`;
    await interruptible(signals, () => describe('interrupted'), async (signal) => {
        try {
            await pipeline(await openAnswer(connection, { method: 'GET', path }, signal), content, { signal });
            await keep();
        }
        catch (error) {
            throw new CommandFailure(EXIT.partly, describe(error.message));
        }
    });
}
const REPEATED = /^Records applied before: (\d+)$/;
/** The parts of the description of a run: no reason has a semicolon in it. */
function partsOf({ Status_Description: description }) {
    return description.split('; ').filter(Boolean);
}
function describeRepeats(summary) {
    const repeated = partsOf(summary).map((part) => REPEATED.exec(part)?.[1]).find(Boolean);
    return repeated === undefined
        ? ''
        : `Of these, an earlier run of the file had applied ${repeated}: they were not applied again\n`;
}
/** Tells how a run went that has ended. */
export function describeRun(summary) {
    const { Passed_Records: passed, Total_Records: total, File_Name: name, Job_Id: jobId } = summary;
    return `File ${jobId}, ${printable(name)}: ${passed} of ${total} rows applied\n${describeRepeats(summary)}` +
        linesOf(summary).map((line) => `${line}\n`).join('');
}
/** The failed rows that the description names, each as a line, and how many more there are. */
function linesOf(summary) {
    return partsOf(summary).filter((part) => !REPEATED.test(part)).map(printable);
}
function refuseFailures(summary, isFeedbackKept) {
    const { Passed_Records: passed, Failed_Records: failed, Job_Id: jobId } = summary;
    if (failed === 0)
        return;
    const hint = isFeedbackKept ? [] : [`All of them, with line and row: stip-sandbox balance-files feedback ${jobId}`];
    throw new CommandFailure(passed === 0 ? EXIT.refused : EXIT.partly, [`Rows that failed: ${failed}`, ...linesOf(summary), ...hint].join('\n'));
}
//# sourceMappingURL=balance-import.js.map