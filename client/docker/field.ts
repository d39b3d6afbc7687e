// Answers of the engine and files of others, of which nobody knows the shape for certain.

/** Undefined also where `value` has no fields at all. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
