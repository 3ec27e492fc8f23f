import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { packageRoot } from '../../src/package-root.js';
import { makeFolder } from './folder.js';
const ROOT = fileURLToPath(packageRoot);
const run = promisify(execFile);
/** Nothing of the test runner may reach a test that runs inside of one. */
const { NODE_OPTIONS, NODE_V8_COVERAGE, NODE_TEST_CONTEXT, TAP, ...ENVIRONMENT } = process.env;
/** The program of each test runner, in node_modules, and its arguments. Each runs `examples/testing`. */
const RUNNERS = {
    'node:test': ['--test', 'node-test.test.js'],
    tap: ['tap.test.js']
};
/** A TypeScript program that uses all of the package. */
const CONSUMER = `import { startSandbox, type Sandbox } from 'stip-sandbox'
import { createClient, type Schemas } from 'stip-sandbox/client'
const sandbox: Sandbox = await startSandbox({ scenario: { clients: [] }, clock: () => new Date(0) })
const { data } = await sandbox.client({ apiKey: 'key' }).POST('/ppws/api/v1/pws_update_balance', {
  body: {
    client_id: 123,
    api_call_unique_identifier: '1',
    balance_list: [{
      input_type: 'a', input_id: '9007199254740993', act_balance: '200', blk_balance: '0', bill_ccy: '404'
    }]
  }
})
const failed: number | undefined = data?.body.total_failed
const account: Schemas['Account'] | undefined = (await createClient({ url: sandbox.url }).GET(
  '/sandbox/v1/accounts/{account_id}', { params: { path: { account_id: '1' } } })).data
console.log(failed, account?.actual_balance)
`;
/** Packs what was built as npm does, and unpacks it for the examples, without a network. */
export async function packAndUnpack(t, built) {
    const folder = realpathSync(makeFolder(t));
    const staged = join(folder, 'staged');
    cpSync(built, join(staged, 'dist'), { recursive: true });
    for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'migrations', 'examples']) {
        cpSync(join(ROOT, name), join(staged, name), { recursive: true });
    }
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--offline'], { cwd: staged, env: ENVIRONMENT });
    // npm 12 answers by the names of packages, and npm 11 with a list.
    const [packed] = Object.values(JSON.parse(stdout));
    const installed = join(folder, 'node_modules', 'stip-sandbox');
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', join(staged, packed.filename), '--strip-components=1', '-C', installed]);
    const modules = join(ROOT, 'node_modules');
    symlinkSync(modules, join(installed, 'node_modules'));
    for (const name of ['tap', '@types'])
        symlinkSync(join(modules, name), join(folder, 'node_modules', name));
    cpSync(join(installed, 'examples', 'testing'), folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    writeFileSync(join(folder, 'wrong.ts'), CONSUMER.replace('\'9007199254740993\'', '9007199254740993'));
    return { folder, files: packed.files.map(({ path }) => path), bytes: packed.size };
}
/** What TypeScript complains of in programs that use the package, each complaint behind the name of its file. */
export function typeFaults(folder) {
    const program = ts.createProgram(['consumer.ts', 'wrong.ts'].map((file) => join(folder, file)), {
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: true,
        noEmit: true,
        target: ts.ScriptTarget.ES2023,
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        types: ['node']
    });
    return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => `${basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
/** Runs the examples side by side, each by its own runner. */
export async function runExamples(folder) {
    return await Promise.all(Object.entries(RUNNERS).map(async ([runner, args]) => await run(process.execPath, args, { cwd: folder, env: ENVIRONMENT }).then(({ stdout }) => ({ runner, code: 0, output: stdout }), ({ code, stdout, stderr }) => ({ runner, code, output: `${stdout}${stderr}` }))));
}
//# sourceMappingURL=packed.js.map