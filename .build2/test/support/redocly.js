import { BaseResolver, createConfig, lintDocument, Source } from '@redocly/openapi-core';
/**
 * Checks an OpenAPI document. No reference in it may lead outside of it.
 *
 * @param ruleset `spec` for what OpenAPI itself asks for, `recommended` for what Redocly asks for besides
 * @returns what is wrong, with its place
 */
export async function lintByRedocly(document, ruleset) {
    const problems = await lintDocument({
        document: { source: new Source('openapi.json', JSON.stringify(document)), parsed: document },
        config: await createConfig({ extends: [ruleset] }),
        externalRefResolver: new BaseResolver()
    });
    return problems.map(({ ruleId, message, location: [place] }) => `${ruleId}: ${message} ${place?.pointer}`);
}
//# sourceMappingURL=redocly.js.map