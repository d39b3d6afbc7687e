// The closed list of diagnostic codes. Each has a file of its own beside this one, named like the code in camelCase, and a
// page in docs/diagnostics made from that file.

export const codes = [
  'catalog-cycle',
  'catalog-identity',
  'conflicting-keys',
  'constraint-violated',
  'duplicate-id',
  'duplicate-item',
  'duplicate-key',
  'empty-services',
  'invalid-image',
  'invalid-parameter',
  'invalid-yaml',
  'missing-key',
  'misspelt-key',
  'not-deployable',
  'old-key-name',
  'old-type-name',
  'out-of-range',
  'surprising-value',
  'too-large',
  'undeclared-network',
  'unknown-key',
  'unknown-type',
  'unquoted-version',
  'whitespace-in-key',
  'wrong-shape',
  'wrong-value',
  'yaml-surprise',
] as const;

export type Code = (typeof codes)[number];
