// A class name from before a renaming. Found by core/check/types.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const oldTypeName = rule({
  code: 'old-type-name',
  severity: 'information',
  title: 'An old name of a type',
  why: 'Brooklyn renamed its classes when it became an Apache project, and Clocker in 1.1. Old names are understood; new ones are found by everybody.',
  example: `
services:
- type: brooklyn.entity.basic.BasicApplication
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ is an old name of
`,
  fixed: `
services:
- type: org.apache.brooklyn.entity.stock.BasicApplication
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ is an old name of
`,
});
