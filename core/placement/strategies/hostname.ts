// Host name: takes only hosts whose whole name fits a pattern, the name in the settings or the one the machine gives itself. A
// pattern that cannot be read refuses every host and says why.

import { compile } from '#core/dsl/regex.ts';
import type { HostLoad } from '#core/placement/load.ts';
import { filter, type Rule } from '#core/placement/rule.ts';

export function hostname({ pattern }: { readonly pattern: string }): readonly Rule[] {
  const compiled = compile(`^(?:${pattern})$`);
  if (!compiled.ok) return [filter(() => true, () => `${pattern} is no pattern: ${compiled.problem}`)];
  const whole = new RegExp(compiled.regex.source, compiled.regex.flags.replace('g', ''));
  const names = ({ observed: { host, hostname: own } }: HostLoad): readonly string[] => (own === undefined || own === host ? [host] : [host, own]);
  return [filter((host) => !names(host).some((name) => whole.test(name)), (host) => `${names(host).join(' or ')} does not fit the pattern ${pattern}`)];
}
