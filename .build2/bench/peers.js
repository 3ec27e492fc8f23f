import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UpdateBalanceRequest } from '../schemas/paymentology.js';
import { packageRoot } from '../src/package-root.js';
import { UPDATE_PATH } from './bodies.js';
import { startPinned } from './processes.js';
/** Peers are no dependencies of ours. They are installed here, once, and git ignores the folder. */
const FOLDER = fileURLToPath(new URL('bench/.peers/', packageRoot));
const PACKAGES = {
    wiremock: '3.13.2',
    '@stoplight/prism-cli': '5.14.2',
    '@mockoon/cli': '9.9.0'
};
const INSTALL_TIMEOUT_MS = 300_000;
const SUCCESS = { header: { error_id: 0, error_desc: 'success' }, body: { total_failed: 0, failed_note: '' } };
/** Installs what is missing. @returns why packages could not be had, by their names */
export function installPeers() {
    mkdirSync(FOLDER, { recursive: true });
    if (!existsSync(join(FOLDER, 'package.json')))
        writeFileSync(join(FOLDER, 'package.json'), '{"private": true}\n');
    const missing = new Map();
    for (const [name, version] of Object.entries(PACKAGES)) {
        if (existsSync(join(FOLDER, 'node_modules', name, 'package.json')))
            continue;
        try {
            execFileSync('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], {
                cwd: FOLDER,
                timeout: INSTALL_TIMEOUT_MS,
                stdio: 'pipe'
            });
        }
        catch (error) {
            missing.set(name, `npm could not install it: ${String(error).split('\n')[0]}`);
        }
    }
    return missing;
}
/** The version of a peer that is installed. */
export function peerVersion(name) {
    return createRequire(join(FOLDER, 'x.js'))(join(FOLDER, 'node_modules', name, 'package.json')).version;
}
/** WireMock with one static stub, and without the journal of requests, which would grow. */
export async function startWireMock(folder) {
    const bundle = join(FOLDER, 'node_modules/wiremock');
    const jar = readdirSync(bundle, { recursive: true, encoding: 'utf8' }).find((file) => /wiremock-standalone.*\.jar$/.test(file));
    if (jar === undefined)
        throw new Error('the package holds no jar');
    mkdirSync(join(folder, 'mappings'), { recursive: true });
    writeFileSync(join(folder, 'mappings/update.json'), JSON.stringify({
        request: { method: 'POST', urlPath: UPDATE_PATH },
        response: { status: 200, headers: { 'content-type': 'application/json' }, jsonBody: SUCCESS }
    }));
    return await startPinned((port) => [
        'java',
        '-jar',
        join(bundle, jar),
        '--port',
        String(port),
        '--bind-address',
        '127.0.0.1',
        '--root-dir',
        folder,
        '--no-request-journal',
        '--disable-banner'
    ]);
}
/** Prism with our contract and its example for an answer. */
export async function startPrism(folder) {
    const document = join(folder, 'prism.json');
    writeFileSync(document, JSON.stringify({
        openapi: '3.1.0',
        info: { title: 'Update Account Balance', version: '1' },
        paths: {
            [UPDATE_PATH]: {
                post: {
                    requestBody: { required: true, content: { 'application/json': { schema: UpdateBalanceRequest } } },
                    responses: {
                        200: {
                            description: 'Done',
                            content: { 'application/json': { schema: { type: 'object' }, example: SUCCESS } }
                        }
                    }
                }
            }
        }
    }));
    return await startPinned((port) => [
        process.execPath,
        binary('@stoplight/prism-cli'),
        'mock',
        document,
        '--port',
        String(port),
        '--host',
        '127.0.0.1',
        '--verboseLevel',
        'silent'
    ]);
}
/** Mockoon with one static answer. */
export async function startMockoon(folder) {
    return await startPinned((port) => {
        const data = join(folder, 'mockoon.json');
        writeFileSync(data, JSON.stringify(mockoonEnvironment(port)));
        return [
            process.execPath,
            binary('@mockoon/cli'),
            'start',
            '--data',
            data,
            '--disable-log-to-file',
            '--disable-admin-api'
        ];
    });
}
/** Fastify, pg and PostgreSQL, all of them on the server's core. The server is a new one each time. */
export async function startPostgres(accounts) {
    return await startPinned((port) => [
        process.execPath, fileURLToPath(new URL('postgres-server.js', import.meta.url)), String(port), String(accounts)
    ]);
}
function binary(name) {
    const root = join(FOLDER, 'node_modules', name);
    const { bin } = createRequire(join(FOLDER, 'x.js'))(join(root, 'package.json'));
    return join(root, typeof bin === 'string' ? bin : Object.values(bin)[0]);
}
function mockoonEnvironment(port) {
    return {
        uuid: 'bench',
        lastMigration: 33,
        name: 'bench',
        endpointPrefix: '',
        latency: 0,
        port,
        hostname: '127.0.0.1',
        folders: [],
        routes: [{
                uuid: 'update',
                type: 'http',
                documentation: '',
                method: 'post',
                endpoint: UPDATE_PATH.slice(1),
                responses: [{
                        uuid: 'success',
                        body: JSON.stringify(SUCCESS),
                        latency: 0,
                        statusCode: 200,
                        label: '',
                        headers: [{ key: 'Content-Type', value: 'application/json' }],
                        bodyType: 'INLINE',
                        filePath: '',
                        databucketID: '',
                        sendFileAsBody: false,
                        rules: [],
                        rulesOperator: 'OR',
                        disableTemplating: true,
                        fallbackTo404: false,
                        default: true,
                        crudKey: 'id',
                        callbacks: []
                    }],
                responseMode: null
            }],
        rootChildren: [{ type: 'route', uuid: 'update' }],
        proxyMode: false,
        proxyHost: '',
        proxyRemovePrefix: false,
        tlsOptions: { enabled: false, type: 'CERT', pfxPath: '', certPath: '', keyPath: '', caPath: '', passphrase: '' },
        cors: false,
        headers: [],
        proxyReqHeaders: [],
        proxyResHeaders: [],
        data: [],
        callbacks: []
    };
}
//# sourceMappingURL=peers.js.map