#!/usr/bin/env node
import { endWithoutModules } from '../open-files.js';
const { run } = await import('./run.js').catch(endWithoutModules);
process.exitCode = await run(process.argv.slice(2), {
    environment: process.env,
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
    signals: process
});
//# sourceMappingURL=main.js.map