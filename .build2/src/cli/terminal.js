import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import picocolors from 'picocolors';
/** Gives colours for the output when a person reads it and has not said otherwise (no-color.org). */
export function coloursFor({ environment, output }) {
    return picocolors.createColors(output.isTTY === true && !environment['NO_COLOR']);
}
/** Tells whether there is somebody to answer a question. */
export function canAsk({ input, errors }) {
    return input.isTTY === true && errors.isTTY === true;
}
/**
 * Asks a question. It goes to standard error, so that the output stays what the command is for.
 *
 * @returns the answer; empty when the input ends without one
 */
export async function ask({ input, errors }, question) {
    const dialogue = createInterface({ input, output: errors });
    try {
        return await Promise.race([dialogue.question(question), once(dialogue, 'close').then(() => '')]);
    }
    finally {
        dialogue.close();
    }
}
//# sourceMappingURL=terminal.js.map