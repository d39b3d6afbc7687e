// The closed list of diagnostic codes. Each has a file of its own beside this one, named like the code in camelCase, and a
// page in docs/diagnostics made from that file.

export const codes = [
  'conflicting-keys',
  'duplicate-key',
  'empty-services',
  'invalid-yaml',
  'missing-key',
  'misspelt-key',
  'too-large',
  'whitespace-in-key',
  'wrong-shape',
] as const;

export type Code = (typeof codes)[number];
