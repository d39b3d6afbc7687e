// What Clocker's network providers and their keys are today: each is given to the provider that does the same job.

const overlay = 'an overlay of Docker\'s own does its job across hosts, and a bridge on a single host';

/** By the type's id, a sentence without its full stop. */
export const mappedTypes: Readonly<Record<string, string>> = {
  'weave-network': `Weave Net is no longer published; ${overlay}`,
  'weave-router': 'Weave Net is no longer published; overlays need no agent on the hosts',
  'calico-network': `Calico is not needed: ${overlay}`,
  'calico-node': 'Calico is not needed; overlays need no agent on the hosts',
  'calico-module': `Calico is not needed: ${overlay}`,
  'sdn-ve-network': `IBM's SDN VE is no longer offered; ${overlay}`,
  'sdn-ve-agent': 'IBM\'s SDN VE is no longer offered; overlays need no agent on the hosts',
};

const noEffect = 'has no effect here: Docker\'s own networks do not need it';

/** Undefined for a key that does here what it did in Clocker, or that is about something else. */
export function mappedKey(written: string, name: string): string | undefined {
  if (written === 'weave.enabled') return `${written}: ${overlay}; true is what clouds of several hosts do anyway, and false leaves each host its own networks`;
  if (/^(?:weave|calico|sdn\.agent|sdn\.ibm|sdn\.calico|sdn\.softlayer|powerstrip)\./.test(name) || name === 'sdn.debug') return `${written} ${noEffect}`;
  if (name === 'sdn.network.firewall.enable') return `${written} ${noEffect}; networks are closed off from each other in any case`;
  return undefined;
}
