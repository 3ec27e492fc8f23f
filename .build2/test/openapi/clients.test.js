import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@hey-api/openapi-ts';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { generate } from 'openapi-typescript-codegen';
import t from 'tap';
import ts from 'typescript';
import { packageRoot } from '../../src/package-root.js';
import { makeFolder } from '../support/folder.js';
import { readDocument } from '../support/openapi.js';
import { ADMIN_TOKEN, makeService } from '../support/service.js';
/** The clients, each with a module in `clients` that makes the same calls with it. */
const CLIENTS = ['openapi-typescript', 'hey-api', 'openapi-typescript-codegen'];
const OPTIONS = {
    strict: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    // The generators write imports without the endings that Node's own modules need.
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Bundler
};
/**
 * Writes the three clients into a folder. Each generator gets a document of its own, because some of them change it.
 */
async function generateClients(document, folder) {
    const types = join(folder, 'openapi-typescript');
    mkdirSync(types, { recursive: true });
    const nodes = await openapiTypescript(structuredClone(document));
    writeFileSync(join(types, 'schema.ts'), astToString(nodes));
    await createClient({
        input: structuredClone(document),
        output: join(folder, 'hey-api'),
        logs: { level: 'silent' },
        plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk']
    });
    await generate({
        input: structuredClone(document),
        output: join(folder, 'openapi-typescript-codegen'),
        httpClient: 'fetch',
        useOptions: true,
        useUnionTypes: true
    });
}
/** Compiles modules to JavaScript beside them. @returns what the compiler complains of */
function compile(paths) {
    const program = ts.createProgram(paths, OPTIONS);
    const { diagnostics } = program.emit();
    return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
t.test('three generated clients compile under strict TypeScript, and work', async (t) => {
    const { app } = await makeService(t);
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    const folder = realpathSync(makeFolder(t));
    cpSync(new URL('test/openapi/clients', packageRoot), folder, { recursive: true });
    symlinkSync(fileURLToPath(new URL('node_modules', packageRoot)), join(folder, 'node_modules'));
    await generateClients(await readDocument(app), join(folder, 'generated'));
    t.same(compile(CLIENTS.map((client) => join(folder, `${client}.ts`))), []);
    const load = createRequire(join(folder, 'package.json'));
    for (const client of CLIENTS) {
        const { callService } = load(`./${client}.js`);
        const connection = { url, adminToken: ADMIN_TOKEN, apiKey: 'key-of-123', amlyzeToken: 'amlyze-token-of-123' };
        t.same(await callService(connection), {
            available: '990.00',
            firstAccounts: ['1002', '1003'],
            rehearsed: '5.00',
            failedItems: 0,
            reportResult: 'REQUEST_ACCEPTED',
            problem: 'There is no account 1'
        }, client);
    }
});
//# sourceMappingURL=clients.test.js.map