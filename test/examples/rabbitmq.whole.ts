// A RabbitMQ of three members on three hosts: it forms by name, and stays one while a member moves to another host.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { container, problems } from '../engine/support.ts';
import { eventually } from '../support/lab/docker.ts';
import { deployed, example, inside, opened, prepared, spread } from './cloud.ts';

const members = ['rabbit-1', 'rabbit-2', 'rabbit-3'];

test('a RabbitMQ forms across three hosts, and survives the move of a member', async (t) => {
  await prepared();
  const cloud = await opened(t);
  const rabbits = await example('rabbitmq-cluster');
  await deployed(cloud, rabbits);
  assert.equal(spread(cloud, rabbits), 3);
  const formed = (): Promise<void> => eventually(async () => {
    for (const member of members) {
      const status = JSON.parse(await inside(cloud, rabbits, member, ['rabbitmqctl', '-q', 'cluster_status', '--formatter', 'json'])) as { readonly running_nodes: readonly string[]; readonly disk_nodes: readonly string[] };
      assert.deepEqual(status.running_nodes.toSorted(), members.map((name) => `rabbit@${name}`), member);
      assert.equal(status.disk_nodes.length, 3, member);
    }
  }, 90_000);
  await formed();
  await inside(cloud, rabbits, 'rabbit-1', ['rabbitmqctl', '-q', 'add_user', 'ann', 'a-word']);

  const before = container(cloud, rabbits.id, 'rabbit-2');
  const to = container(cloud, rabbits.id, 'rabbit-3').host;
  const outcome = await cloud.apply(await cloud.plan(rabbits, { to: new Map([['rabbit-2', to]]) }));
  assert.equal(outcome.kind, 'done', problems(outcome).join('\n'));
  for (const { state } of outcome.steps) if (state.kind === 'done' && state.note !== undefined) t.diagnostic(state.note);
  const after = container(cloud, rabbits.id, 'rabbit-2');
  assert.equal(after.host, to);
  assert.deepEqual(after.addresses, before.addresses);
  await formed();
  assert.match(await inside(cloud, rabbits, 'rabbit-2', ['rabbitmqctl', '-q', 'list_users']), /^ann\t/m);
});
