import { nameResponses, nameSchemas } from './components.js';
import { headerComponents, withHeaders } from './headers.js';
import { typeParameter } from './parameters.js';
import { mapOperations } from './paths.js';
/**
 * Makes of the document that is written from the routes' schemas the one that clients are generated from. Parameters
 * have their types. Answers have all headers that they may be sent with. Every schema with a title stands once, as a
 * component. Validation is not touched: it reads the routes' schemas themselves.
 *
 * @throws Error where two different schemas have one title
 */
export function completeDocument(document) {
    const { components, paths } = document;
    const complete = mapOperations(paths, (operation) => ({
        ...operation,
        ...operation.parameters === undefined ? {} : { parameters: operation.parameters.map(typeParameter) },
        responses: withHeaders(operation, components.securitySchemes)
    }));
    const { paths: named, schemas } = nameSchemas(complete);
    const { paths: shared, responses } = nameResponses(named);
    return { ...document, paths: shared, components: { ...components, schemas, responses, headers: headerComponents } };
}
//# sourceMappingURL=document.js.map