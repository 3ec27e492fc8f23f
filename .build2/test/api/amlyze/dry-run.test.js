import t from 'tap';
import { balance, BATCH, batch, makeAmlyzeService, SINGLE, VALIDATION } from '../../support/amlyze.js';
import { everythingIn } from '../../support/database.js';
const BODIES = [
    [SINGLE, balance()],
    [BATCH, batch([{}, { communicationNumber: 'COM0' }, { accountExtId: 'nobody' }])]
];
for (const [path, body] of BODIES) {
    t.test(`a dry run of ${path} gives the answer that the same request gives afterwards, and keeps nothing`, async (t) => {
        const { call, databasePath } = await makeAmlyzeService(t);
        const before = everythingIn(databasePath);
        const rehearsed = await call(`${path}?dry_run=true`, body);
        t.equal(rehearsed.statusCode, 200);
        t.equal(rehearsed.headers['dry-run'], 'true');
        t.same(everythingIn(databasePath), before);
        const real = await call(`${path}?dry_run=false`, body);
        t.equal(real.headers['dry-run'], undefined);
        t.equal(real.body, rehearsed.body);
        t.notSame(everythingIn(databasePath), before);
    });
}
t.test('a dry run that is rejected says so, too', async (t) => {
    const { call } = await makeAmlyzeService(t);
    await call(SINGLE, balance());
    const response = await call(`${SINGLE}?dry_run=true`, balance());
    t.match(response.json(), { errorCode: 'O005' });
    t.equal(response.headers['dry-run'], 'true');
});
t.test('the validation of a batch never keeps anything, whatever dry_run says', async (t) => {
    const { call, databasePath } = await makeAmlyzeService(t);
    const before = everythingIn(databasePath);
    t.equal((await call(`${VALIDATION}?dry_run=false`, batch([{}]))).headers['dry-run'], undefined);
    t.equal((await call(`${VALIDATION}?dry_run=true`, batch([{}]))).headers['dry-run'], 'true');
    t.same(everythingIn(databasePath), before);
});
for (const path of [SINGLE, BATCH, VALIDATION]) {
    t.test(`${path} refuses every other query, before the body is looked at and after the token and the method`, async (t) => {
        const { call, databasePath } = await makeAmlyzeService(t);
        const before = everythingIn(databasePath);
        for (const [query, errorDescription] of [
            ['dryrun=true', 'dryrun is not a known field'],
            ['dry_run=TRUE', 'dry_run must be equal to one of the allowed values: ["true","false"]'],
            ['dry_run', 'dry_run must be equal to one of the allowed values: ["true","false"]'],
            ['dry_run=true&dry_run=false', 'dry_run must be string']
        ]) {
            const response = await call(`${path}?${query}`, 'not even JSON');
            t.equal(response.statusCode, 400);
            t.same(response.json(), { resultType: 'REQUEST_REJECTED', errorCode: 'S011', errorDescription });
            t.equal((await call(`${path}?${query}`, '', { authorization: 'none' })).statusCode, 401);
            t.equal((await call(`${path}?${query}`, '', {}, 'DELETE')).statusCode, 405);
        }
        t.same(everythingIn(databasePath), before);
    });
}
//# sourceMappingURL=dry-run.test.js.map