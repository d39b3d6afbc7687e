// `location` and `locations`. Found by core/check/locations.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const invalidLocation = rule({
  code: 'invalid-location',
  severity: 'error',
  title: 'A location that cannot be',
  why: 'A location is a text such as `localhost`, `docker:my-cloud` or `byon:(hosts="a,b")`, or a map from such a text to its settings. Brooklyn refuses the deployment where it is none of them.',
  example: `
location: byon
#         ^^^^ hosts
services:
- type: docker:redis:7
`,
});
