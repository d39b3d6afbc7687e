// The closed list of diagnostic codes. Each has a file of its own beside this one, named like the code in camelCase, and a
// page in docs/diagnostics made from that file.

export const codes = [
  'conflicting-keys',
  'duplicate-key',
  'empty-services',
  'invalid-image',
  'invalid-yaml',
  'missing-key',
  'misspelt-key',
  'not-deployable',
  'old-type-name',
  'out-of-range',
  'surprising-value',
  'too-large',
  'unknown-type',
  'unquoted-version',
  'whitespace-in-key',
  'wrong-shape',
  'wrong-value',
  'yaml-surprise',
] as const;

export type Code = (typeof codes)[number];
