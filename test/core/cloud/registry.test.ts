// Registries that clouds run themselves: which is one, and how the hosts of the cloud reach it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownRegistry } from '#core/cloud/registry.ts';
import type { ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';

const up = { kind: 'up', engineVersion: '29', cores: 4, memoryBytes: 2 ** 33 } as const;

function container(name: string, more: Partial<ObservedContainer> = {}): ObservedContainer {
  const owner = { application: 'images', applicationName: 'images', entity: 'registry', entityName: 'registry', entityType: 'docker-registry', specHash: '' };
  const ports = [{ port: 50000, hostPort: 50000, protocol: 'tcp' as const }];
  return { containerId: name, containerName: name, host: 'a', image: 'debian', state: 'running', health: 'none', ports, addresses: {}, createdAtMs: 1, owner, ...more };
}

const host = (name: string, endpoint: string, more: Partial<ObservedHost> = {}): ObservedHost => ({ host: name, endpoint, state: up, cloud: 'east', containers: [container('registry')], ...more });

/** `container on host at address:port`, or the problem. */
function check(name: string, hosts: readonly ObservedHost[], answer: string | undefined): void {
  test(name, () => {
    const found = ownRegistry('east', { hosts });
    assert.equal(found === undefined || 'problem' in found ? found?.problem : `${found.containerName} on ${found.host} at ${found.hostAddress ?? '?'}:${found.port}`, answer);
  });
}

check('as the host is reached from here', [host('a', 'ssh://me@10.0.0.5:22')], 'registry on a at 10.0.0.5:50000');
check('IPv6', [host('a', 'tcp://[fd00::5]:2376')], 'registry on a at fd00::5:50000');
check('in a Swarm', [host('a', 'ssh://box', { swarm: { nodeId: 'n', address: '192.168.0.5', isManager: true, isActive: true, managers: [] } })], 'registry on a at 192.168.0.5:50000');
check('a host in a container', [host('laptop', 'unix:///var/run/docker.sock', { cloud: 'none', containers: [container('clocker-host-a', { nested: { cloud: 'east', host: 'a', labels: {} }, addresses: { east: '10.210.0.2' } })] }), host('a', 'nested://laptop/clocker-host-a')], 'registry on a at 10.210.0.2:50000');
check('by a socket nobody else reaches it', [host('a', 'unix:///var/run/docker.sock')], 'registry on a at ?:50000');
check('the oldest that runs', [host('a', 'tcp://a:1', { containers: [container('x', { state: 'exited' })] }), host('b', 'tcp://b:1', { containers: [container('z', { createdAtMs: 3 }), container('y', { createdAtMs: 2 })] })], 'y on b at b:50000');
check('under its old name', [host('a', 'tcp://a:1', { containers: [container('x', { owner: { application: 'i', applicationName: 'i', entity: 'r', entityName: 'r', entityType: 'brooklyn.entity.container.docker.registry.DockerRegistry', specHash: '' } })] })], 'x on a at a:50000');
check('that of another cloud', [host('a', 'tcp://a:1', { cloud: 'west' })], undefined);
check('not installed yet', [host('a', 'tcp://a:1', { containers: [container('x', { isUnfinished: true })] })], undefined);
check('stopped', [host('a', 'tcp://a:1', { containers: [container('x', { state: 'exited' })] })], 'its container x on a does not run');
check('its host is down', [host('a', 'tcp://a:1', { state: { kind: 'down', problem: '' } })], 'host a does not answer, on which its container registry is');
