import { Type, type TNull, type TSchema, type TUnion } from '@sinclair/typebox'

/** A value, or null where there is none: the field itself is always there. */
export function Nullable<Value extends TSchema> (value: Value, description: string): TUnion<[Value, TNull]> {
  return Type.Union([value, Type.Null()], { description })
}
