// Hosts as one line each, and what is placed on them as a blueprint, for the tests of strategies.
//
//   a: 3 containers, 50% CPU, 8 cores, 16 GiB, at most 4, region=eu, read-only, blog/web nginx, shop/db of data redis, named db-1
//
// `blog/web nginx` is a container of that application and entity, of the type docker:nginx; `of` names the entity's parent.

import assert from 'node:assert/strict';

import type { Application } from '#core/blueprint/application.ts';
import { understand } from '#core/check/problems.ts';
import type { Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { parseAffinityRule } from '#core/placement/affinity.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { lines, madeFrom } from '../plan/cluster.ts';

export function cloud(text: string): Observed {
  let created = 0;
  return {
    hosts: lines(text).map((line) => {
      const [name = '', facts = ''] = line.split(/:\s*(.*)/s);
      return facts.split(', ').filter((fact) => fact !== '').reduce((host, fact) => withFact(host, fact, () => ++created), hostOf(name));
    }),
  };
}

export function hostOf(name: string): ObservedHost {
  return { host: name, endpoint: `tcp://${name}:2376`, state: { kind: 'up', engineVersion: '29', cores: 4, memoryBytes: 8 * 2 ** 30 }, containers: [] };
}

/** An application of a blueprint that has no mistake. */
export function applicationOf(blueprint: string): Application {
  const { application, diagnostics } = understand(blueprint, builtInCatalog);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  assert.ok(application);
  return application;
}

/** `docker:nginx` with the id `web` and this config; strategies as one would list them, indented or not. */
export function webWith(config: string, strategies = ''): string {
  const indented = (text: string, by: string): string => lines(text === '' ? '' : text).map((line) => `${by}${line}`).join('\n');
  const list = strategies === '' ? '' : `    docker.container.strategies:\n${indented(strategies, '    ')}`;
  return `id: shop\nservices:\n- type: docker:nginx\n  id: web\n  brooklyn.config:\n    docker.image.tag: latest\n${indented(config, '    ')}\n${list}\n`;
}

function withFact(host: ObservedHost, fact: string, next: () => number): ObservedHost {
  const [, number = '', unit = ''] = /^([0-9.]+) ?(containers?|% CPU|cores?|GiB)$/.exec(fact) ?? [];
  const count = Number(number);
  const capacity = host.capacity ?? {};
  const label = /^([a-z]+)=(.*)$/.exec(fact);
  if (label) return { ...host, labels: { ...host.labels, [label[1] ?? '']: label[2] ?? '' } };
  if (unit.startsWith('container')) return { ...host, containers: [...host.containers, ...Array.from({ length: count }, (_, index) => containerOf(host.host, 'other', `${host.host}-${index}`, '', 'busybox', next()))] };
  if (unit === '% CPU') return { ...host, cpuUsage: count / 100 };
  if (unit.startsWith('core')) return { ...host, capacity: { ...capacity, cores: count } };
  if (unit === 'GiB') return { ...host, capacity: { ...capacity, memoryBytes: count * 2 ** 30 } };
  if (fact.startsWith('at most ')) return { ...host, capacity: { ...capacity, maxContainers: Number(fact.slice('at most '.length)) } };
  if (fact.startsWith('named ')) return { ...host, hostname: fact.slice('named '.length) };
  if (fact.startsWith('rule ')) return { ...host, affinityRules: [...(host.affinityRules ?? []), parseAffinityRule(fact.slice('rule '.length)).rule ?? assert.fail(fact)] };
  if (fact === 'read-only') return { ...host, isReadOnly: true };
  if (fact === 'down') return { ...host, state: { kind: 'down', problem: 'no engine' } };
  const [, application = '', entity = '', parent = '', image = ''] = /^(\w+)\/([\w-]+)(?: of ([\w-]+))? (\S+)$/.exec(fact) ?? assert.fail(`no fact of a host: ${fact}`);
  const [plain = '', memory] = image.split('+');
  const container = containerOf(host.host, application, entity, parent, plain, next());
  return { ...host, containers: [...host.containers, memory === undefined ? container : { ...container, reserved: { memoryBytes: Number(memory) * 2 ** 30 } }] };
}

function containerOf(host: string, application: string, entity: string, parent: string, image: string, createdAtMs: number): ObservedContainer {
  const made = madeFrom({ image, env: {}, openPorts: [], publishedPorts: [], mounts: [] }, { host, application, entity, state: 'running', createdAtMs });
  return made.owner === undefined ? made : { ...made, owner: { ...made.owner, entityType: `docker:${image}`, ...(parent !== '' && { entityParent: parent }) } };
}
