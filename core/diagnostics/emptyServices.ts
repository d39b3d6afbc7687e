// `services` without an entry. Found by core/blueprint/read.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const emptyServices = rule({
  code: 'empty-services',
  severity: 'error',
  title: 'There are no services',
  why: 'A blueprint without a service has nothing to deploy; Brooklyn refuses it.',
  example: `
name: Shop
services: []
#^^^^^^^ services is empty
`,
});
