import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { packageRoot } from '../src/package-root.js';
/** What npm itself compares versions with. It comes without types. */
const { minVersion, satisfies } = createRequire(import.meta.url)('semver');
const lock = JSON.parse(readFileSync(new URL('package-lock.json', packageRoot), 'utf8'));
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const production = packages.filter(([, { dev }]) => dev !== true);
/** Licences (SPDX) that let everybody use, change and pass on the package without opening their own code. */
const ALLOWED = new Set(['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT']);
/** Tells whether a licence, or one of those to choose from, is allowed. An expression with AND is none of them. */
function isAllowed(license) {
    return license.replace(/^\((.*)\)$/, '$1').split(' OR ').some((choice) => ALLOWED.has(choice));
}
t.test('every package that is installed with the service has an allowed licence', async (t) => {
    t.ok(production.length > 0);
    t.same(production.filter(([, { license = 'none' }]) => !isAllowed(license)).map(([path, { license }]) => `${path}: ${license}`), []);
    t.same(['MIT', '(GPL-3.0 OR MIT)', 'GPL-3.0', '(MIT AND GPL-3.0)', ''].filter(isAllowed), ['MIT', '(GPL-3.0 OR MIT)']);
});
t.test('the lock file names each package by its checksum and no registry', async (t) => {
    t.same(packages.filter(([, { integrity }]) => integrity === undefined).map(([path]) => path), []);
    t.same(packages.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path), []);
});
t.test('the database driver alone may run a script when packages are installed', async (t) => {
    const { allowScripts } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'));
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
    t.same(allowScripts, Object.fromEntries(scripted.map(([path]) => [path.replace('node_modules/', ''), path.endsWith('/better-sqlite3')])));
    t.same(scripted.filter(([, { dev }]) => dev !== true).map(([path]) => path), ['node_modules/better-sqlite3']);
});
/** What npm warns of with EBADENGINE on a version of Node. */
function madeForOthers(some, version) {
    return some.filter(([, { engines: { node = '*' } = {} }]) => !satisfies(version, node))
        .map(([path, { engines }]) => `${path} needs ${engines?.node}, not ${version}`);
}
t.test('every package runs on the oldest versions of Node that are promised, and on this one', async (t) => {
    const { engines } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8'));
    const oldest = engines.node.split(' || ').map((range) => String(minVersion(range)));
    t.ok(oldest.length > 1);
    t.same(oldest.flatMap((version) => madeForOthers(production, version)), []);
    t.same(madeForOthers(packages, process.version), []);
    t.same(madeForOthers([['new', { engines: { node: '>=22' } }]], '20.12.0'), ['new needs >=22, not 20.12.0']);
});
const NOTHING_FOUND = { vulnerabilities: {}, metadata: { vulnerabilities: { total: 0 } } };
const FOUND = {
    vulnerabilities: { bad: { name: 'bad', severity: 'high', range: '<2.0.0' } },
    metadata: { vulnerabilities: { total: 1 } }
};
for (const [title, input, status, said] of [
    ['finds nothing', JSON.stringify(NOTHING_FOUND), 0, 'No package has a known vulnerability.'],
    ['finds a vulnerability', JSON.stringify(FOUND), 1, '::error::bad <2.0.0 has a known vulnerability (high)'],
    [
        'is refused',
        '{"message":"405 Method Not Allowed"}',
        0,
        '::warning::Nothing was audited, because the registry does not answer: 405 Method Not Allowed'
    ],
    ['gets no answer', '', 0, '::warning::Nothing was audited, because the registry does not answer: no answer']
]) {
    t.test(`an audit that ${title} says so`, async (t) => {
        const script = fileURLToPath(new URL('.ci/read-audit.js', packageRoot));
        const { status: given, stdout } = spawnSync(process.execPath, [script], { input, encoding: 'utf8' });
        t.equal(given, status);
        t.equal(stdout.trim(), said);
    });
}
//# sourceMappingURL=supply.test.js.map