import { Type } from '@sinclair/typebox';
/** A value, or null where there is none: the field itself is always there. */
export function Nullable(value, description) {
    return Type.Union([value, Type.Null()], { description });
}
//# sourceMappingURL=nullable.js.map