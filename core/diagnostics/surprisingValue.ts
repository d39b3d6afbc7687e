// A value whose coercion surprises. Found by core/check/values.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const surprisingValue = rule({
  code: 'surprising-value',
  severity: 'information',
  title: 'A value means something else than it seems to',
  why: 'The value is accepted, but Brooklyn understands it in a way that often surprises: a duration without a unit is in milliseconds, for example.',
  example: `
services:
- type: vanilla-software-process
  brooklyn.config:
    start.timeout: 30
#                  ^^ milliseconds
`,
});
