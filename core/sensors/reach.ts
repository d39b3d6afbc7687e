// From where a web address of an application is asked: from this machine, through a published port or as it is, or from inside
// a container, where only the application's own network knows the name.

import type { ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { addressesOf } from '#core/view/address.ts';

/** The running container of an entity, and where its host is. */
export interface Reachable {
  readonly entity: string;
  readonly container: ObservedContainer;
  readonly host: Pick<ObservedHost, 'endpoint' | 'address'>;
}

export interface Ways {
  /** An address for this machine; absent where there is none. */
  readonly outside?: string;
  /** The entity in whose container the address can be asked as it is, when nothing answers outside; absent for addresses beyond the application. */
  readonly inside?: string;
}

/** `from` is the entity that asks. An address that is none is tried as it is. */
export function waysTo(uri: string, from: string, reachable: readonly Reachable[]): Ways {
  const [, scheme = 'http', user = '', name = '', port = scheme === 'https' ? '443' : '80', rest = ''] = address.exec(uri) ?? [];
  const host = name.replace(/^\[|\]$/g, '').toLowerCase();
  const isOwn = host === 'localhost' || host === '::1' || host.startsWith('127.');
  const target = reachable.find(({ entity, container }) => (isOwn ? entity === from : entity === host || Object.values(container.addresses).includes(host)));
  if (!target) return { outside: uri, ...(reachable.some(({ entity }) => entity === from) && { inside: from }) };
  const published = addressesOf(target.container, target.host).find((known) => known.port.port === Number(port));
  const inside = reachable.some(({ entity }) => entity === from) ? from : target.entity;
  if (!published) return { inside };
  const authority = /^[a-z]+:\/\/([^/]+)/.exec(published.url)?.[1] ?? '';
  return { outside: `${scheme}://${user}${authority}${rest}`, inside };
}

/** Scheme, user with its `@`, host, port, the rest. */
const address = /^(https?):\/\/([^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)(?::(\d+))?(.*)$/is;
