import t from 'tap';
import { parse } from 'yaml';
import { makeService } from '../support/service.js';
t.test('the interactive page is there, fits a phone, and has an icon and nobody else\'s logo', async (t) => {
    const { app } = await makeService(t);
    for (const path of ['/docs', '/docs/']) {
        const page = await app.inject(path);
        t.equal(page.statusCode, 200);
        t.match(page.headers['content-type'], /text\/html/);
        t.match(page.body, /<meta name="viewport" content="width=device-width, initial-scale=1">/);
        t.match(page.body, /<title>stip-sandbox/);
        for (const [, link = ''] of page.body.matchAll(/ (?:href|src)="([^"]+)"/g)) {
            t.equal((await app.inject(link)).statusCode, 200, link);
        }
    }
    t.match(await app.inject('/favicon.ico'), { headers: { 'content-type': 'image/svg+xml' }, body: /^<svg / });
    const initializer = (await app.inject('/docs/static/swagger-initializer.js')).body;
    t.match(initializer, /"layout":\s*"BaseLayout"/, 'without the bar of Swagger');
});
t.test('/ leads to the page, and names what programs need', async (t) => {
    const { app } = await makeService(t);
    const { statusCode, headers, body } = await app.inject('/');
    t.equal(statusCode, 302);
    t.equal(headers.location, '/docs/');
    for (const link of body.match(/(?<=")\/[^"]*/g) ?? [])
        t.equal((await app.inject(link)).statusCode, 200, link);
    t.match(body, /"service":"stip-sandbox".*\n$/);
});
t.test('the page says what a call takes', async (t) => {
    const { app } = await makeService(t);
    const { paths, components } = (await app.inject('/openapi.json')).json();
    t.match(components.securitySchemes, {
        apiKey: { description: /demo-key-123/ },
        amlyzeToken: { description: /demo-amlyze-token-123/ },
        adminToken: { description: /prints/ }
    });
    const calls = Object.keys(paths).filter((path) => path.startsWith('/ppws/'));
    t.same(calls, ['/ppws/api/v1/pws_update_balance'], 'one call stands there once');
    const { post } = paths[String(calls[0])];
    t.match(post.description, /1 to 25 accounts/);
    t.match(post.description, /\/ppws\/api\/pws\/v1\/pws_update_balance.*\/ppws\/api\/pws\/v2\/pws_update_balance/);
    const prefer = post.parameters.find(({ name }) => name === 'prefer');
    t.notOk('example' in prefer, 'no preference is filled in');
    t.match(JSON.stringify(post.requestBody), /"api_call_unique_identifier":"new-for-each-request"/);
});
const readJson = (text) => JSON.parse(text);
const readYaml = (text) => parse(text);
for (const [path, contentType, read] of [
    ['/openapi.json', /^application\/json/, readJson],
    ['/docs/json', /^application\/json/, readJson],
    ['/docs/yaml', /^application\/yaml/, readYaml]
]) {
    t.test(`${path} is written once, and every answer sends the same bytes`, async (t) => {
        const { app } = await makeService(t);
        const payloads = [];
        app.addHook('onSend', async (_request, _reply, payload) => { payloads.push(payload); });
        const answers = [await app.inject(path), await app.inject(path)];
        t.ok(Buffer.isBuffer(payloads[0]));
        t.equal(payloads[0], payloads[1], 'one buffer for all answers');
        for (const { statusCode, headers } of answers) {
            t.equal(statusCode, 200);
            t.match(headers['content-type'], contentType);
        }
        t.same(read(String(answers[0]?.body)), (await app.inject('/openapi.json')).json());
    });
}
//# sourceMappingURL=documentation.test.js.map