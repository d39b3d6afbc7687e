// Where an image is to be built from. How it is written is looked at by core/check/sources.ts, what lies there by the language server.

import { rule } from '#core/diagnostics/rule.ts';

export const unreadableSource = rule({
  code: 'unreadable-source',
  severity: 'warning',
  title: 'Nothing can be read there',
  why: 'An image is built from a file or folder beside the blueprint, from an address of the web, or from a git repository (`https://github.com/you/shop.git#main:web`). A deployment that finds nothing there is refused.',
  example: `
services:
- docker.dockerfile.url: https://example.org/web.tgz#main
#                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ stands a checksum
`,
});
