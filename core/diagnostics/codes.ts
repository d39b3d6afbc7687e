// The closed list of diagnostic codes. Each has a file of its own beside this one, named like the code in camelCase, and a
// page in docs/diagnostics made from that file.

export const codes = [
  'invalid-yaml',
  'too-large',
] as const;

export type Code = (typeof codes)[number];
