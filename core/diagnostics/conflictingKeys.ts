// `location` with `locations`, `services` with `type`. Found by core/blueprint/read.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const conflictingKeys = rule({
  code: 'conflicting-keys',
  severity: 'error',
  title: 'Two keys exclude each other',
  why: 'A blueprint says where it goes once: `location` or `locations`. It says what it is once: `services` or `type`. Brooklyn refuses a blueprint that has both.',
  example: `
name: Shop
location: host-a
locations: [host-b]
#^^^^^^^^ either 'location' or 'locations'
services:
- type: docker:redis:7
`,
});
