// Clouds that grow and shrink with what is deployed on them: hosts made by plans, looked at before they are used, and taken away.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { render } from '#core/plan/render.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { Engine } from '../../client/engine/engine.ts';
import { noCredentials } from '../../client/engine/ports.ts';
import { thisDeployer } from '../../client/identity.ts';
import { busyboxImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { application, containers, deleted, deploy, deployed, nothingToDo, problems } from './support.ts';

interface Growing {
  readonly cloud: Engine;
  /** What became of the machines, in this order: `+ c-1`, `- c-1`. */
  readonly diary: readonly string[];
}

/** A cloud that gets its hosts from these machines, the first that is free first. */
function growing(t: TestContext, config: Omit<CloudConfig, 'hosts' | 'provisioner'>, machines: readonly LabHost[]): Growing {
  const diary: string[] = [];
  const taken = new Map<string, LabHost>();
  const cloud = new Engine((host) => connectDocker(host), {
    deployer: thisDeployer(),
    provisioner: () => ({
      provision: async ({ name }) => {
        const free = machines.find((machine) => ![...taken.values()].includes(machine));
        if (free === undefined) throw new Error('there is no machine left');
        taken.set(name, free);
        diary.push(`+ ${name}`);
        return { name, endpoint: free.endpoint };
      },
      release: async ({ name }) => {
        taken.delete(name);
        diary.push(`- ${name}`);
      },
      find: async () => [],
    }),
  });
  t.after(() => cloud.dispose());
  cloud.setHosts([], [{ hosts: [], provisioner: { kind: 'command', command: ['-'] }, ...config }]);
  return { cloud, diary };
}

const titles = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.startsWith('    '));
const nothingAsked = { strategies: [], affinityRules: [] };

test('a cloud grows where nothing fits, and shrinks when there is less', async (t) => {
  const machines = await nestedHosts(2);
  const image = await busyboxImage(machines);
  const { cloud, diary } = growing(t, { name: 'c', placement: { ...nothingAsked, maxContainers: 1 }, isColdEnabled: true, maxHosts: 2 }, machines);
  const app = application('growing', image, { e1: { at: 'c' }, e2: { at: 'c' } });
  assert.deepEqual(titles(render(await cloud.plan(app))), [
    '+ add host c-1 to c',
    '+ add host c-2 to c',
    `+ pull image ${image} on c-1`,
    `+ pull image ${image} on c-2`,
    '+ create growing-e1 on c-1',
    '+ create growing-e2 on c-2',
    '2 to create, 2 hosts to add.',
  ]);
  await deployed(cloud, app);
  assert.deepEqual(containers(cloud, 'growing').map(({ host }) => host), ['c-1', 'c-2']);
  await nothingToDo(cloud, app);

  const third = application('third', image, { e: { at: 'c' } });
  assert.deepEqual((await cloud.plan(third)).refusals.map(({ reason }) => reason), ['no host can take it; c-1, c-2: has 1 container, of at most 1; c has 2 hosts, and may have no more']);

  const less = application('growing', image, { e1: { at: 'c' } });
  assert.deepEqual(titles(render(await cloud.plan(less))), ['- remove growing-e2 on c-2', '- remove network clocker-growing on c-2', '- take host c-2 of c away', '1 to remove, 1 host to take away, 1 unchanged.']);
  await deployed(cloud, less);
  assert.deepEqual(cloud.observed.hosts.map(({ host }) => host), ['c-1']);
  await nothingToDo(cloud, less);
  await deleted(cloud, 'growing');
  // The last host stays.
  assert.deepEqual(diary, ['+ c-1', '+ c-2', '- c-2']);
});

test('a host that cannot take what it was made for is released before anything is put there', async (t) => {
  const [host] = await nestedHosts(1);
  assert.ok(host);
  const { cloud, diary } = growing(t, { name: 'picky', placement: { ...nothingAsked, strategies: [{ kind: 'labels', labels: ['disk=ssd'] }] } }, [host]);
  const outcome = await deploy(cloud, application('picked', await busyboxImage([host]), { web: { at: 'picky' } }));
  assert.equal(outcome.kind, 'failed');
  assert.deepEqual(problems(outcome), ['add host picky-1 to picky: it is there, but cannot take web: it lacks the label disk=ssd; it was taken away again']);
  assert.deepEqual(outcome.steps.map(({ state }) => state.kind), ['failed', 'skipped', 'skipped']);
  assert.deepEqual(diary, ['+ picky-1', '- picky-1']);
  assert.deepEqual(cloud.observed.hosts, []);
  assert.deepEqual(await host.docker.listContainers({ all: true }), []);
});

test('a host that was made is known by its cloud and its own name', async (t) => {
  const [host] = await nestedHosts(1);
  assert.ok(host);
  const { cloud } = growing(t, { name: 'plain', placement: nothingAsked, initialHosts: 1 }, [host]);
  const app = application('placed', await busyboxImage([host]), { web: { at: 'plain' } });
  await deployed(cloud, app);
  assert.deepEqual(cloud.observed.hosts.map(({ host: of, cloud: its, hostname }) => [of, its, hostname]), [['plain-1', 'plain', host.name]]);
  await nothingToDo(cloud, app);
  await deleted(cloud, 'placed');
});

test('how busy a host is, is measured where a strategy goes by it', async (t) => {
  const [idle, busy] = await nestedHosts(2);
  assert.ok(idle && busy);
  const program = await busyboxImage([idle, busy]);
  const burning = await busy.docker.createContainer({ name: 'burning', Image: program, Cmd: ['sh', '-c', 'while true; do :; done'] });
  await burning.start();
  t.after(() => burning.remove({ force: true }));
  const cloud = openCloud([{ name: 'busy', endpoint: busy.endpoint }, { name: 'idle', endpoint: idle.endpoint }], noCredentials, [
    { name: 'pair', hosts: ['busy', 'idle'], placement: { strategies: [{ kind: 'lowest-cpu' }], affinityRules: [] } },
  ]);
  t.after(() => cloud.dispose());
  const unasked = await cloud.plan(application('unasked', program, { web: { at: 'busy' } }));
  assert.equal(unasked.refusals.length, 0);
  const [explained] = await cloud.explain(application('measured', program, { web: { at: 'pair' } }));
  assert.deepEqual(explained?.verdicts.map(({ host, rank }) => `${rank ?? '-'} ${host}`), ['1 idle', '2 busy']);
  const usages = explained.verdicts.map(({ reason }) => Number(/^([\d.]+) % of CPU in use$/.exec(reason)?.[1] ?? assert.fail(reason)));
  t.diagnostic(`busy ${usages[1]} %, idle ${usages[0]} %`);
  assert.ok((usages[1] ?? 0) > 5 && (usages[0] ?? 100) < 5);
});
