// Nodes of hosts that were given up.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed } from '#core/cluster/observed.ts';
import { lostNodes, mayLoseMore } from '#core/sdn/lost.ts';
import { observed } from '../plan/cluster.ts';

/** `a=n1` tells the node of a host that was seen; `...` in the answer that more may be found when managers have noticed. */
function check(name: string, hosts: string, seen: string, nodes: string, answer: string): void {
  test(name, () => {
    const known = new Map(seen.split(' ').map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
    const world: Observed = {
      hosts: observed(hosts).hosts.map((host) => {
        const nodeId = known.get(host.host);
        return nodeId === undefined ? host : Object.assign(host, { swarm: { nodeId, address: '', isManager: true, isActive: true, managers: [] } });
      }),
    };
    const all = nodes.split(' ').map((node) => ({ nodeId: node.replace('!', ''), isManager: false, isReady: !node.endsWith('!'), hostname: '', address: '' }));
    assert.equal([...lostNodes(world, all, ['c']).map(({ nodeId }) => nodeId), ...(mayLoseMore(world, all, ['c']) ? ['...'] : [])].join(' '), answer);
  });
}

check('the node that it was seen to be, though the managers have not noticed yet', 'a up\nb up\nc down: x', 'a=n1 b=n2 c=n3', 'n1 n2 n3', 'n3');
check('never seen: the one that is down and nobody else', 'a up\nb up\nc down: x', 'a=n1 b=n2', 'n1 n2 n3!', 'n3');
check('never seen, and not down for the managers yet', 'a up\nb up\nc down: x', 'a=n1 b=n2', 'n1 n2 n3', '...');
check('never seen, beside a host that is not configured here', 'a up\nb up\nc down: x', 'a=n1 b=n2', 'n1 n2 n3! n4', 'n3');
check('another host was never seen either', 'a up\nb down: y\nc down: x', 'a=n1', 'n1 n2! n3!', '');
check('another host that is down keeps its node', 'a up\nb down: y\nc down: x', 'a=n1 b=n2 c=n3', 'n1 n2! n3!', 'n3');
