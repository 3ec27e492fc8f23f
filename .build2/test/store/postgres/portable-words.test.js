import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { packageRoot } from '../../../src/package-root.js';
/** What CockroachDB, YugabyteDB, Citus or poolers do not have, or have in another way. */
const MISSING_ELSEWHERE = [
    ['advisory locks', /\bpg_\w*advisory\w*/i, 'SELECT pg_try_advisory_xact_lock(1)'],
    ['LISTEN and NOTIFY', /\bLISTEN\b|\bNOTIFY\b|\bpg_notify\b/, 'LISTEN changes'],
    ['sequences', /\bSEQUENCE\b|\b(?:next|curr|last|set)val\b|\bGENERATED\b|\bIDENTITY\b/, 'SELECT nextval(\'numbers\')'],
    ['SERIAL', /\b(?:big|small)?serial\b/i, 'id bigserial'],
    ['SAVEPOINT', /\bSAVEPOINT\b|\bROLLBACK TO\b/, 'SAVEPOINT one'],
    ['division', /`[^`]*[\w)}] \/ [\w($][^`]*`/, '`SELECT total / 2`'],
    ['LOCK TABLE', /\bLOCK TABLE\b/, 'LOCK TABLE accounts'],
    ['SKIP LOCKED over several tables', /\bSKIP LOCKED\b/, 'FOR UPDATE SKIP LOCKED'],
    ['deferred constraints', /\bDEFERRABLE\b|\bINITIALLY DEFERRED\b|\bSET CONSTRAINTS\b/, 'REFERENCES a DEFERRABLE'],
    [
        'triggers and functions', /\bTRIGGER\b|\bCREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\b|\bDO \$/,
        'CREATE TRIGGER a'
    ],
    ['temporary tables', /\bTEMP(?:ORARY)?\b/, 'CREATE TEMP TABLE a'],
    ['TRUNCATE', /\bTRUNCATE\b/, 'TRUNCATE accounts'],
    ['exclusion constraints', /\bEXCLUDE\b/, 'EXCLUDE USING gist'],
    ['own types', /\bCREATE (?:DOMAIN|TYPE)\b/, 'CREATE DOMAIN money'],
    ['range types', /\b(?:int4|int8|num|ts|tstz|date)(?:multi)?range\b/, 'during tstzrange'],
    ['MERGE', /\bMERGE INTO\b/, 'MERGE INTO accounts'],
    ['hidden columns', /\bctid\b|\bxmin\b|\btableoid\b/, 'WHERE ctid = $1'],
    ['ON CONFLICT without its columns', /\bON CONFLICT (?!\()/, 'ON CONFLICT DO NOTHING'],
    ['ON CONFLICT of a partial index', /\bON CONFLICT \([^)]*\)\s+WHERE\b/, 'ON CONFLICT (a) WHERE b IS NULL'],
    ['SQL-level PREPARE', /\bPREPARE \w+ (?:AS|\()/, 'PREPARE one AS SELECT 1'],
    ['WITH HOLD', /\bDECLARE \w+ .*CURSOR\b/, 'DECLARE one NO SCROLL CURSOR FOR']
];
/** Reads the files of a folder, without their comments. */
function read(folder, ending) {
    const files = readdirSync(new URL(folder, packageRoot)).filter((name) => name.endsWith(ending));
    return files.map((name) => {
        const source = readFileSync(new URL(`${folder}${name}`, packageRoot), 'utf8');
        return [`${folder}${name}`, source.replace(/\/\*[^]*?\*\/|(?:--|\/\/) .*$/gm, '')];
    });
}
t.test('statements keep to words that mean the same on CockroachDB and YugabyteDB', async (t) => {
    const migrations = read('migrations/postgres/', '.sql');
    const operations = read('src/store/operations/', '.ts');
    const engine = read('src/store/postgres/', '.ts');
    const rules = read('src/store/', '.ts').filter(([name]) => name.endsWith('verification-rules.ts'));
    t.ok(migrations.length > 0 && operations.length > 10 && engine.length > 5 && rules.length === 1, 'all are read');
    for (const [name, source] of [...migrations, ...operations, ...engine, ...rules]) {
        for (const [what, pattern] of MISSING_ELSEWHERE)
            t.notMatch(source, pattern, `${name}: ${what}`);
    }
});
t.test('each of the words to avoid would be found', async (t) => {
    for (const [what, pattern, example] of MISSING_ELSEWHERE)
        t.match(example, pattern, what);
});
//# sourceMappingURL=portable-words.test.js.map