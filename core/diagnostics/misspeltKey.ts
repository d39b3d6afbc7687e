// A key that is nearly one of the language. Found by core/blueprint/read.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const misspeltKey = rule({
  code: 'misspelt-key',
  severity: 'warning',
  title: 'A key is misspelt',
  why: 'Brooklyn keeps keys that it does not know and ignores them: `brookyn.policies` in two published Cassandra blueprints meant that the policies never ran.',
  example: `
services:
- type: docker:redis:7
  brookyn.policies: []
# ^^^^^^^^^^^^^^^^ did you mean brooklyn.policies?
`,
  fixed: `
services:
- type: docker:redis:7
  brooklyn.policies: []
# ^^^^^^^^^^^^^^^^ did you mean brooklyn.policies?
`,
});
