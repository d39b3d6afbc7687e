// Labels: takes only hosts that have all the given labels; `name` asks for the label whatever its value, `name=value` for that
// value. Clocker knew the names alone, and only of hosts in public clouds.

import type { HostLoad } from '#core/placement/load.ts';
import { filter, type Rule } from '#core/placement/rule.ts';

export function labels({ labels: wanted }: { readonly labels: readonly string[] }): readonly Rule[] {
  const missing = (host: HostLoad): readonly string[] => wanted.filter((label) => !hasLabel(host.labels, label));
  return [filter((host) => !wanted.every((label) => hasLabel(host.labels, label)), (host) => `lacks the ${missing(host).length === 1 ? 'label' : 'labels'} ${missing(host).join(', ')}`)];
}

function hasLabel(of: Readonly<Record<string, string>>, label: string): boolean {
  const at = label.indexOf('=');
  if (at < 0) return Object.hasOwn(of, label);
  const name = label.slice(0, at);
  return Object.hasOwn(of, name) && of[name] === label.slice(at + 1);
}
