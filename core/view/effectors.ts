// Effectors as a person reads them.

import type { Effector } from '#core/effectors/effector.ts';

/** `resize(desiredSize)`, `say(word=hello)`. */
export function signature({ name, parameters }: Effector): string {
  return `${name}(${parameters.map((parameter) => (parameter.default === undefined ? parameter.name : `${parameter.name}=${parameter.default}`)).join(', ')})`;
}
