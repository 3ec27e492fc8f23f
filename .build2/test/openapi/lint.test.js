import spectralCore, {} from '@stoplight/spectral-core';
import spectralRulesets from '@stoplight/spectral-rulesets';
import t from 'tap';
import { readDocument } from '../support/openapi.js';
import { lintByRedocly } from '../support/redocly.js';
import { makeService } from '../support/service.js';
/** What Spectral's rules for OpenAPI find in a document. */
async function lintBySpectral(document) {
    const spectral = new spectralCore.Spectral();
    // The set's own type is narrower than that of the sets which may be extended.
    spectral.setRuleset({ extends: [[spectralRulesets.oas, 'recommended']] });
    const problems = await spectral.run({ ...document });
    return problems.map(({ code, message, path }) => `${code}: ${message} ${path.join('/')}`);
}
t.test('neither linter finds anything in the document', async (t) => {
    const { app } = await makeService(t);
    const document = await readDocument(app);
    t.equal(document.openapi, '3.1.0');
    t.same(await lintByRedocly(document, 'recommended'), []);
    t.same(await lintBySpectral(document), []);
});
t.test('each linter finds what is left out of a document', async (t) => {
    const document = { openapi: '3.1.0', info: { title: 'Nothing', version: '1' }, paths: {} };
    t.ok((await lintByRedocly(document, 'recommended')).some((problem) => problem.startsWith('no-empty-servers: ')));
    t.ok((await lintBySpectral(document)).some((problem) => problem.startsWith('oas3-api-servers: ')));
});
//# sourceMappingURL=lint.test.js.map