// How hosts come into one Swarm: what the hosts and the managers say in, the next steps out.
//
//   a manager n1 [n1,n2] lab     a host, its part, its node's id, the managers it knows, the cloud of its Swarm
//   a manager n1 [n1] 3          how many nodes there are
//   a out n1 [n1]                a membership that does not work
//   a -                          in no Swarm
//   node n1 manager ready        a node as the managers see it

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextSteps, type JoinStep, type Member, type SwarmNode } from '#core/sdn/join.ts';
import { spans, type SwarmMembership } from '#core/sdn/swarm.ts';
import { lines } from '../plan/cluster.ts';

function membersOf(text: string): Member[] {
  return lines(text).filter((line) => !line.startsWith('node ')).map((line) => {
    const [host = '', part, nodeId = '', managers = '', ...more] = line.split(' ');
    if (part === '-') return { host };
    const cloud = more.find((word) => !/^\d+$/.test(word));
    const nodes = more.find((word) => /^\d+$/.test(word));
    const swarm: SwarmMembership = {
      nodeId,
      address: `10.0.0.${nodeId.slice(1)}`,
      isManager: part === 'manager',
      isActive: part !== 'out',
      ...(part === 'out' && { problem: 'it is pending' }),
      managers: managers.slice(1, -1).split(','),
      ...(cloud !== undefined && { cloud }),
      ...(nodes !== undefined && { nodes: Number(nodes) }),
    };
    return { host, swarm };
  });
}

function nodesOf(text: string): SwarmNode[] | undefined {
  const nodes = lines(text).filter((line) => line.startsWith('node ')).map((line) => {
    const [, nodeId = '', role, state, address] = line.split(' ');
    return { nodeId, isManager: role === 'manager', isReady: state === 'ready', hostname: nodeId, address: address ?? `10.0.0.${nodeId.slice(1)}` };
  });
  return nodes.length === 0 ? undefined : nodes;
}

function shown(step: JoinStep): string {
  switch (step.kind) {
    case 'init':
    case 'leave':
      return `${step.kind} ${step.host}`;
    case 'join':
      return `join ${step.host} as ${step.as} via ${step.via}`;
    case 'setRole':
      return `make ${step.host} a ${step.role} via ${step.via}`;
    case 'strike':
      return `strike ${step.nodeId} via ${step.via}`;
  }
}

function check(name: string, seen: string, answer: string): void {
  test(name, () => {
    const steps = nextSteps(membersOf(seen), 'lab', nodesOf(seen));
    assert.equal('refusal' in steps ? `! ${steps.refusal}` : steps.map(shown).join(', '), answer);
  });
}

check('nothing yet', 'a -\nb -', 'init a');
check('one host is enough for a Swarm', 'a manager n1 [n1] 1 lab\nnode n1 manager ready', '');
check('of two hosts one is a manager', 'a manager n1 [n1] 1 lab\nb -\nnode n1 manager ready', 'join b as worker via a');
check('of three all are, one after the other', 'a manager n1 [n1] 1 lab\nb -\nc -\nnode n1 manager ready', 'join b as manager via a');
check('the others are workers, side by side', 'a manager n1 [n1] lab\nb manager n2 [n1,n2] lab\nc manager n3 [n1,n2,n3] lab\nd -\ne -\nnode n1 manager ready\nnode n2 manager ready\nnode n3 manager ready', 'join d as worker via a, join e as worker via a');
check('a worker becomes a manager where one is missing', 'a manager n1 [n1] lab\nb worker n2 [n1]\nc worker n3 [n1]\nnode n1 manager ready\nnode n2 worker ready\nnode n3 worker ready', 'make b a manager via a');
check('one manager too many', 'a manager n1 [n1,n2] lab\nb manager n2 [n1,n2] lab\nnode n1 manager ready\nnode n2 manager ready', 'make b a worker via a');
check('while a node is down nobody loses a role', 'a manager n1 [n1,n2] lab\nb manager n2 [n1,n2] lab\nnode n1 manager ready\nnode n2 manager ready\nnode n9 worker down', '');
check('a join that failed is cleared away first', 'a manager n1 [n1] lab\nb out n2 [n1]\nnode n1 manager ready', 'leave b');
check('a host that was thrown out, too', 'a manager n1 [n1] lab\nb worker n2 [n1]\nnode n1 manager ready', 'leave b');
check('what is left of an earlier membership of a host goes', 'a manager n1 [n1] lab\nb worker n3 [n1]\nnode n1 manager ready\nnode n2 worker ready 10.0.0.3\nnode n3 worker ready', 'strike n2 via a');
check('a node of another host that is down stays', 'a manager n1 [n1] lab\nb worker n3 [n1]\nnode n1 manager ready\nnode n2 worker down\nnode n3 worker ready', '');
check('a stranger\'s Swarm', 'a -\nb manager n2 [n2] 1', '! host b is in a Swarm that was not made for the docker cloud lab, and it is left alone; run "docker swarm leave" on it if that Swarm is no longer needed, or take the host out of the cloud');
check('a Swarm of which nothing can be known', 'a out n1 [n2]\nb -', '! host a is in a Swarm that does not work (it is pending), and it is left alone; bring its managers back, or run "docker swarm leave --force" on it if that Swarm is no longer needed');
check('a worker of strangers', 'a manager n1 [n1] lab\nb worker n8 [n9]\nnode n1 manager ready', '! host b is in a Swarm that was not made for the docker cloud lab, and it is left alone; run "docker swarm leave" on it if that Swarm is no longer needed, or take the host out of the cloud');
check('another cloud\'s Swarm', 'a -\nb manager n2 [n2] other', '! host b is in the Swarm of the docker cloud other, so it cannot be in that of lab, too; take it out of one of them');

test('a network spans the hosts of one Swarm', () => {
  const spansOf = (text: string): string => spans(membersOf(text)).map((group) => group.join('+')).join(' ');
  assert.equal(spansOf('a -\nb -'), 'a b');
  assert.equal(spansOf('a manager n1 [n1] 2\nb worker n2 [n1]\nc -'), 'a+b c');
  assert.equal(spansOf('a worker n2 [n1]\nb manager n8 [n8] 2\nc worker n3 [n1]\nd worker n9 [n8]'), 'a+c b+d');
  assert.equal(spansOf('a manager n1 [n1] 1'), 'a');
  assert.equal(spansOf('a worker n4 [n1]\nb worker n5 [n2]\nc worker n6 [n1,n2]'), 'a+b+c');
  assert.equal(spansOf('a worker n2 [n1]\nb out n3 [n1]'), 'a b');
});
