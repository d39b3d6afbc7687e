// Sentences: the status bar, the questions before a plan is carried out, the last word after, addresses and endpoints.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import { addressesOf } from '#core/view/address.ts';
import { endpointProblem } from '#core/view/endpoint.ts';
import { applicationProblems, hostProblems, situationOf, statusOf } from '#core/view/status.ts';
import { deleteQuestion, deployQuestion, outcomeSentence, planDocument, progressLine, refusalSentence, type StepLike } from '#core/view/words.ts';
import { observed, plain } from './lab.ts';

test('the status bar counts hosts, or the steps of what is under way', () => {
  const two = observed('host a unix:///s up\nhost b unix:///t down no socket');
  assert.equal(statusOf(undefined, undefined).text, '$(layers) Clocker');
  assert.equal(statusOf(two, undefined).text, '$(warning) Clocker: 1/2 hosts');
  assert.equal(statusOf(two, undefined).tooltip, 'a: up\nb: no socket');
  assert.equal(statusOf(observed('host a unix:///s up'), undefined).text, '$(layers) Clocker: 1/1 host');
  assert.equal(statusOf(observed(''), undefined).text, '$(layers) Clocker: no hosts');
  assert.equal(statusOf(two, { applicationName: 'shop', done: 4, total: 9 }).text, '$(sync~spin) shop: 4/9');
});

test('problems are counted for the badges, the reason for an empty view is told', () => {
  const trouble = observed('host a unix:///s up\n w i running unhealthy of s/w\n x i exited code=1 of s/x\n y i exited code=0 of s/y\n z i exited code=1\nhost b unix:///t down gone');
  assert.equal(applicationProblems(trouble), 2);
  assert.equal(hostProblems(trouble), 1);
  assert.deepEqual(
    ['', 'host a unix:///s down x', 'host a unix:///s up\n z i running', 'host a unix:///s up\n z i running of s/z', 'host a unix:///s down x\nhost b unix:///t connecting'].map((text) => situationOf(observed(text))),
    ['noHosts', 'hostsDown', 'noApplications', 'ready', 'noApplications'],
  );
});

const web = create('web', 'a');
const plan = planOf([{ kind: 'pull', host: 'a', image: 'nginx:1' }, web, { kind: 'remove', host: 'b', containerId: '1', containerName: 'shop-old', entity: 'old', reason: 'old is no longer in the blueprint' }]);

test('the question before a deployment names application, hosts and every action', () => {
  assert.deepEqual(deployQuestion(plan), {
    message: 'Deploy Shop on a, b?',
    detail: '+ pull image nginx:1 on a\n+ create shop-web on a\n- remove shop-old on b\n\n1 to create, 1 to remove.',
  });
});

test('the question says what stays though the blueprint does not say so', () => {
  const { detail } = deployQuestion({ ...planOf([web]), keeps: ['web stays on network back, to which ann@laptop connected it'], notes: ['it was long ago'] });
  assert.equal(detail, '+ create shop-web on a\n\n* web stays on network back, to which ann@laptop connected it\n* it was long ago\n\n1 to create.');
});

test('a long plan is cut in the question, and says by how much', () => {
  const { detail } = deployQuestion(planOf(Array.from({ length: 40 }, (_, index) => create(`e${index}`, 'a'))));
  assert.equal(detail.split('\n').length, 16);
  assert.match(detail, /\+ create shop-e12 on a\nand 27 more\n\n40 to create/);
});

test('the question before a deletion names application, containers and hosts', () => {
  const removal: Action = { kind: 'remove', host: 'b', containerId: '1', containerName: 'shop-web', entity: 'web', reason: 'the application is deleted' };
  assert.deepEqual(deleteQuestion(planOf([removal])), {
    message: 'Delete application Shop from b?',
    detail: '1 container will be stopped and removed, with what was written inside. Named volumes stay.\n\n- shop-web on b',
  });
});

test('the plan as a document', () => {
  assert.equal(
    planDocument(planOf([web])),
    plain(`
      # Plan of Shop

      + create shop-web on a
          image nginx:1, port 8080 -> 80
          here because a is the only host

      # 1 to create.
    `),
  );
});

test('a plan with refusals says the first and how many more', () => {
  const refusals = ['w', 'x', 'y'].map((entity) => ({ entity, reason: 'there is no host; add one' }));
  assert.equal(refusalSentence('deploy', plan), undefined);
  assert.equal(refusalSentence('deploy', { ...plan, refusals }), 'Shop cannot be deployed: w: there is no host; add one (and 2 other problems)');
});

test('progress says how many steps are done and what is being done', () => {
  const steps: StepLike[] = [step('done'), { action: web, state: { kind: 'running', detail: '3 of 7 MB' } }, step('waiting')];
  assert.equal(progressLine(steps), '1/3 · create shop-web on a (3 of 7 MB)');
  assert.equal(progressLine([step('waiting')]), '0/1');
});

test('the last word', () => {
  assert.equal(outcomeSentence('deploy', plan, 'done', []), 'Shop is deployed on a, b: 1 created, 1 removed.');
  const left: Action = { kind: 'disconnect', host: 'a', containerId: '1', containerName: 'shop-web', entity: 'web', networkName: 'clockerbridge-back', networkId: 'back' };
  assert.equal(outcomeSentence('change', { ...planOf([left]), unchanged: 2 }, 'done', [{ action: left, state: { kind: 'done', note: 'web did not answer for 0.2 s' } }]), 'Shop is changed on a: 1 disconnected, 2 unchanged; web did not answer for 0.2 s.');
  assert.equal(outcomeSentence('change', planOf([{ kind: 'removeNetwork', host: 'a', networkName: 'clockerbridge-back', driver: 'bridge', networkId: 'back' }]), 'done', []), 'Shop is changed on a: a network removed.');
  assert.equal(outcomeSentence('delete', planOf([{ kind: 'remove', host: 'b', containerId: '1', containerName: 'shop-web', entity: 'web', reason: 'x' }]), 'done', []), 'Shop is deleted: 1 container removed from b.');
  assert.equal(outcomeSentence('deploy', plan, 'cancelled', [step('done'), step('skipped')]), 'Deploying Shop was cancelled after 1 of 2 steps. What was begun is shown as it is.');
  assert.equal(
    outcomeSentence('deploy', plan, 'failed', [{ action: web, state: { kind: 'failed', problem: 'port 8080 is taken.' } }]),
    'Shop: could not create shop-web on a: port 8080 is taken.',
  );
  assert.equal(
    outcomeSentence('deploy', plan, 'failed', [{ action: web, state: { kind: 'failed', problem: 'create shop-web on a: port 8080 is taken.' } }]),
    'Shop: could not create shop-web on a: port 8080 is taken.',
  );
});

test('a published port is reached at the host that publishes it', () => {
  const urls = (container: string, endpoint: string): readonly string[] => {
    const found = observed(`host a ${endpoint} up\n ${container}`).hosts[0];
    return (found?.containers ?? []).flatMap((each) => addressesOf(each, { endpoint, ...(endpoint.startsWith('nested:') && { address: '172.18.0.11' }) }).map(({ url }) => url));
  };
  assert.deepEqual(urls('w i 8080->80 :::8080->80 8443->443 53->53/udp', 'unix:///s'), ['http://localhost:8080/', 'https://localhost:8443/']);
  assert.deepEqual(urls('w i 8080->80', 'tcp://10.0.0.2:2375'), ['http://10.0.0.2:8080/']);
  assert.deepEqual(urls('w i 8080->80', 'ssh://me@box.example'), ['http://box.example:8080/']);
  assert.deepEqual(urls('w i 127.0.0.1:8080->80', 'unix:///s'), ['http://127.0.0.1:8080/']);
  assert.deepEqual(urls('w i 8080->80', 'nested://a/b'), ['http://172.18.0.11:8080/']);
});

test('an endpoint that cannot be one is refused with what to write', () => {
  const problem = (text: string): string | undefined => endpointProblem(text, [{ name: 'a', endpoint: 'unix:///s' }]);
  assert.equal(problem('unix:///var/run/docker.sock'), undefined);
  assert.equal(problem('/var/run/docker.sock'), undefined);
  assert.equal(problem('unix:///s'), 'a is already this endpoint.');
  assert.equal(problem('tcp://10.0.0.2:2375'), undefined);
  assert.equal(problem('ssh://me:pw@box'), 'ssh://…@box holds a password, which everybody can read there; use a key, or an SSH agent.');
  assert.equal(problem('docker'), '"docker" is not an endpoint of a Docker Engine; write it like unix:///var/run/docker.sock, tcp://HOST:2376, ssh://USER@HOST or npipe:////./pipe/docker_engine.');
});

function step(kind: 'done' | 'waiting' | 'skipped'): StepLike {
  return { action: web, state: { kind } };
}

function create(entity: string, host: string): Action {
  const container: DesiredContainer = {
    host,
    containerName: `shop-${entity}`,
    application: 'shop',
    applicationName: 'Shop',
    entity,
    entityName: entity,
    spec: { image: 'nginx:1', env: {}, openPorts: [], publishedPorts: [{ port: 80, hostPort: 8080, protocol: 'tcp' }], mounts: [] },
    specHash: '',
    networks: [],
    placedBecause: `${host} is the only host`,
  };
  return { kind: 'create', host, container };
}

function planOf(actions: readonly Action[]): Plan {
  return { application: 'shop', applicationName: 'Shop', actions, refusals: [], unchanged: 0, hash: '' };
}
