// Hosts and what they remember, in a few words: for the tests of records.

import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { RecordedOutcome, Revision, SeenRevision } from '#core/record/revision.ts';

/** `1` is revision 1, `2 failed` one that failed, `3@9` one at 9 ms. */
export function revision(text: string): Revision {
  const [, number = '', at, outcome] = /^(\d+)(?:@(\d+))?(?: (.+))?$/.exec(text) ?? [];
  const known: Readonly<Record<string, RecordedOutcome>> = { failed: 'failed', cancelled: 'cancelled', cut: 'cut short' };
  return { application: 'shop', applicationName: 'Shop', revision: Number(number), atMs: Number(at ?? number), by: 'ann@laptop', what: `${number} to create.`, outcome: known[outcome ?? ''] ?? 'done' };
}

/** `*3` is revision 3 as a Swarm keeps it. */
function seenRevision(text: string): SeenRevision {
  return text.startsWith('*') ? { ...revision(text.slice(1)), store: 'swarm' } : revision(text);
}

/** Hosts by name with their records; `down` and `read-only` in the name say so. One named `m...` manages the Swarm of those named `w...`. */
export function seen(hosts: Readonly<Record<string, readonly string[]>>): Observed {
  const managers = Object.keys(hosts).filter((name) => name.startsWith('m'));
  const hostOf = (host: string, records: readonly string[]): ObservedHost => ({
    host,
    endpoint: 'unix:///x',
    state: host.includes('down') ? { kind: 'down', problem: 'it is' } : { kind: 'up', engineVersion: '20', cores: 1, memoryBytes: 1 },
    isReadOnly: host.includes('read-only'),
    containers: [],
    records: records.map(seenRevision),
    ...(/^[mw]/.test(host) && { swarm: { nodeId: host, address: host, isManager: host.startsWith('m'), isActive: true, managers, nodes: 2 } }),
  });
  return { hosts: Object.entries(hosts).map(([host, records]) => hostOf(host, records)) };
}
