/** How the peers check bodies: as Fastify does, without changing them. Our schemas have words beside their patterns. */
export const AJV = { coerceTypes: false, removeAdditional: false, keywords: ['x-rule'] };
//# sourceMappingURL=ajv.js.map