// `clocker cloud`: made, shown, used as a location, deleted, on the lab's outer engine; and what is said of wishes that make no
// sense. The engine is shared: what is told of hosts of others there is of no consequence.

import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyboxImage, engine, machineImage } from '../support/lab.ts';
import { dockerAt } from '../support/lab/docker.ts';
import { labCloud } from '../support/lab/run.ts';
import { file, type Ran, run, says } from '../cli/support.ts';

const socketPath = await engine();
const [machine, busybox] = [await machineImage(), await busyboxImage()];
const docker = dockerAt(socketPath);
const on = ['--host', `here=unix://${socketPath}`];
const name = labCloud('cli');

after(async () => {
  await docker.getContainer(`clocker-host-${name}-1`).remove({ force: true, v: true }).catch(() => undefined);
  await docker.getVolume(`clocker-host-${name}-1`).remove().catch(() => undefined);
  await docker.getNetwork(`clocker-cloud-${name}`).remove().catch(() => undefined);
});

/** On a busy machine an engine may need longer than anybody waits for it: then, and only then, the same is asked again. */
async function asked(args: readonly string[]): Promise<Ran> {
  const isLate = new RegExp(`${name}-1 .*(down|answer)`);
  for (let tries = 20; ; tries--) {
    const ran = await run([...args, ...on]);
    if (tries === 0 || !isLate.test(ran.stdout + ran.stderr)) return ran;
    await sleep(1000);
  }
}

test('a cloud from nothing to nothing', async () => {
  says(await asked(['cloud', 'create', name, '--hosts', '1', '--on', 'here', '--image', machine]), { exitCode: 0, stdout: `${name} has one host: ${name}-1; blueprints say: location: ${name}`, stderr: /ok +\S+-1: up/ });
  says(await asked(['cloud', 'create', name, '--hosts', '1']), { exitCode: 0, stdout: `${name} has its hosts already: ${name}-1`, stderr: /^/ });
  says(await asked(['cloud', 'ls', name]), { exitCode: 0, stdout: new RegExp(`^CLOUD +HOST +STATE +CONTAINERS +ENDPOINT\n${name} +${name}-1 +up +0 +nested://here/clocker-host-${name}-1\n$`), stderr: /^/ });
  const blueprint = await file('app.yaml', `name: cloud-app\nlocation: ${name}\nservices:\n- type: docker:${busybox}\n  id: web\n  commands: [sleep, "1000"]\n`);
  says(await asked(['deploy', blueprint, '--yes']), { exitCode: 0, stdout: new RegExp(`cloud-app +web +${name}-1 +running`), stderr: /ok +create cloud-app-web/ });
  says(await asked(['cloud', 'delete', name, '--yes']), { exitCode: 1, stderr: new RegExp(`clocker: cloud ${name} is not deleted: the application cloud-app runs there, on ${name}-1; delete what runs there first, or lose it with --force\n$`) });
  says(await asked(['cloud', 'delete', name, '--yes', '--force']), { exitCode: 0, stdout: `${name} is deleted`, stderr: /cloud-app runs there, on \S+, and will be lost/ });
  says(await asked(['cloud', 'ls', name, '--json']), { exitCode: 0, stdout: '[]', stderr: /^/ });
});

test('wishes that make no sense', async () => {
  says(await run(['cloud', 'create', 'x', '--hosts', '0', ...on]), { exitCode: 1, stderr: /clocker: a cloud has 1 to 200 hosts, not 0\n$/ });
  says(await run(['cloud', 'create', '-', ...on]), { exitCode: 1, stderr: /clocker: "-" is no name of a cloud; a name is made of letters, digits, dots, dashes and underscores\n$/ });
  says(await run(['cloud', 'create', 'x', '--on', 'her', ...on]), { exitCode: 1, stderr: /clocker: there is no host her for the cloud to live on; did you mean here\?\n$/ });
  says(await run(['cloud', 'make', ...on]), { exitCode: 2, stderr: 'clocker: clocker cloud make: the commands are create, ls, delete\nclocker: try: clocker --help' });
  says(await run(['cloud', 'delete', name, ...on]), { exitCode: 2, stderr: /nobody can be asked here/ });
});
