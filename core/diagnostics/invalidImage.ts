// What follows `docker:`. Found by core/check/types.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const invalidImage = rule({
  code: 'invalid-image',
  severity: 'error',
  title: 'An image reference that Docker refuses',
  why: 'After `docker:` stands an image as Docker writes it: `[REGISTRY[:PORT]/]NAME[:TAG][@DIGEST]`, the name in lower case.',
  example: `
services:
- type: docker:Redis:7
#              ^^^^^ lower case
`,
  fixed: `
services:
- type: docker:redis:7
#              ^^^^^ lower case
`,
});
