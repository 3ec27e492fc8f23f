import t from 'tap';
import { systemClock } from '../../src/clock.js';
import { readTls } from '../../src/tls.js';
import { makeCertificate } from '../support/certificates.js';
import { makeFolder } from '../support/folder.js';
import { makeService, SCENARIO, updateBody } from '../support/service.js';
t.test('every answer tells browsers to load nothing from elsewhere', async (t) => {
    const { app, update } = await makeService(t);
    for (const response of [
        await update(updateBody()),
        await update({}),
        await app.inject('/nowhere'),
        await app.inject('/sandbox/v1/clients'),
        await app.inject('/docs/')
    ]) {
        t.match(response.headers, {
            'content-security-policy': /^default-src 'none';.*frame-ancestors 'none'.*script-src 'self';/,
            'x-content-type-options': 'nosniff',
            'referrer-policy': 'no-referrer'
        });
        t.notOk('strict-transport-security' in response.headers, 'plain HTTP cannot ask for HTTPS');
    }
});
t.test('over TLS only this host is asked for HTTPS, and none below it', async (t) => {
    const folder = makeFolder(t);
    const { certFile, keyFile } = await makeCertificate(folder, 'server');
    const { app } = await makeService(t, SCENARIO, {
        tls: readTls({ certFile, keyFile, clientCaFile: undefined }, systemClock)
    });
    const { headers } = await app.inject('/health/live');
    t.match(headers['strict-transport-security'], /^max-age=\d+$/);
});
t.test('the documentation\'s page has no script of its own text, which the policy would keep from running', async (t) => {
    const { app } = await makeService(t);
    const { body } = await app.inject('/docs/');
    const scripts = [...body.matchAll(/<script\b[^>]*>([^]*?)<\/script>/g)];
    t.ok(scripts.length > 0);
    for (const [tag, text] of scripts) {
        t.equal(text?.trim(), '');
        t.match(tag, / src="\/docs\/static\//);
    }
});
t.test('no page of another origin may read an answer', async (t) => {
    const { app, update } = await makeService(t);
    const origin = { origin: 'https://elsewhere.example' };
    const preflight = await app.inject({
        method: 'OPTIONS',
        url: '/ppws/api/v1/pws_update_balance',
        headers: { ...origin, 'access-control-request-method': 'POST' }
    });
    t.equal(preflight.statusCode, 404);
    for (const { headers } of [preflight, await update(updateBody(), origin)]) {
        t.same(Object.keys(headers).filter((name) => name.startsWith('access-control-')), []);
    }
});
//# sourceMappingURL=security-headers.test.js.map