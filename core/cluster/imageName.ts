// Image references as the engine compares them.

import { canonicalForm, parseReference } from '#core/image/reference.ts';

/** One text for all ways to write the same reference: `redis` and `docker.io/library/redis:latest` are one. What is no reference stays as it is. */
export function fullReference(text: string): string {
  const parsed = parseReference(text);
  return parsed.ok ? canonicalForm(parsed.value) : text;
}
