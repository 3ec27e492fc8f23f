import { interruptible } from './interruption.js';
import { startProgress } from './progress.js';
import { callService } from './service.js';
/**
 * Sends a CSV file and shows how much of it has gone out. Where the service reads it only as fast as it carries it out,
 * that is how much is done.
 *
 * @param afterInterruption says what is done of the file when Ctrl+C breaks it off, and what to do
 */
export async function sendFile({ errors, signals }, connection, call, { content, bytes }, afterInterruption) {
    const progress = startProgress(errors, bytes);
    let sent = 0;
    content.on('data', (chunk) => {
        sent += chunk.length;
        progress.update(sent);
    });
    const size = bytes === undefined ? '' : ` of ${bytes}`;
    const describe = () => `Interrupted when ${sent}${size} bytes of the file were sent. ${afterInterruption}`;
    const withBody = { ...call, body: { type: 'text/csv', content } };
    try {
        return await interruptible(signals, describe, async (signal) => await callService(connection, withBody, signal));
    }
    finally {
        progress.stop();
    }
}
//# sourceMappingURL=send-file.js.map