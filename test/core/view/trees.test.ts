// The two trees: what was observed, as text, and what a person sees, as text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applicationsView } from '#core/view/applications.ts';
import type { ObservedHost } from '#core/cluster/observed.ts';
import { hostsView } from '#core/view/hosts.ts';
import { byId, type ViewNode } from '#core/view/node.ts';
import { observed, outline, plain } from './lab.ts';

const cloud = `
  host a unix:///var/run/docker.sock up
    shop-web-1 nginx:1.29 running healthy 8080->80 of shop/web
    shop-db-1 redis:8 running of shop/db
    portal httpd:2 running 80->80
  host b tcp://10.0.0.2:2375 up
    shop-web-2 nginx:1.29 running unhealthy 8080->80 of shop/web
    blog-page-1 ghost:6 exited code=3 of blog/page
  host c tcp://10.0.0.3:2375 down nothing answers at 10.0.0.3:2375
`;

test('applications: application, entity, container, with state, ports and place in words', () => {
  check(applicationsView, cloud, `
    (warning) Blog | exited with code 3
      (warning) Page | exited with code 3
        (error) blog-page-1 | exited with code 3 · b
    (warning) Shop | 2 of 3 running, 1 unhealthy
      (package) Db | running
        (play-circle) shop-db-1 | running · a
      (warning) Web | 1 of 2 running, 1 unhealthy
        (pass-filled) shop-web-1 | healthy · :8080 · a
        (warning) shop-web-2 | unhealthy · :8080 · b
  `);
});

test('hosts: in the order of the settings, ours before those of others, the reason where one is down', () => {
  check(hostsView, cloud, `
    (server) a | up · 3 containers
      (play-circle) shop-db-1 | running · Shop / Db
      (pass-filled) shop-web-1 | healthy · :8080 · Shop / Web
      (play-circle) portal | running · :80 · httpd:2
    (server) b | up · 2 containers
      (error) blog-page-1 | exited with code 3 · Blog / Page
      (warning) shop-web-2 | unhealthy · :8080 · Shop / Web
    (debug-disconnect) c | down · nothing answers at 10.0.0.3:2375
  `);
});

test('an application says who deployed it last, what and how that ended', () => {
  const seen = observed(cloud);
  const record = { application: 'shop', applicationName: 'Shop', by: 'ann@laptop', atMs: 0, what: '1 to create.' };
  const [first, ...others] = seen.hosts;
  assert.ok(first !== undefined);
  const hosts = [{ ...first, records: [{ ...record, revision: 1, outcome: 'done' as const }, { ...record, revision: 2, outcome: 'failed' as const }] }, ...others];
  const tooltips = applicationsView({ hosts }).map(({ tooltip }) => (tooltip ?? '').split('\n').at(-1));
  assert.deepEqual(tooltips, ['1 entity, 1 container on b', 'Revision 2 by ann\\@laptop, 1970-01-01 00:00 UTC: 1 to create\\. (failed)']);
});

test('every state of a container has a shape and words of its own', () => {
  check(applicationsView, `
    host a unix:///s up
      x-created i created of x/e
      x-dead i dead of x/e
      x-failed i exited code=137 of x/e
      x-gone i removing of x/e
      x-healthy i running healthy of x/e
      x-paused i paused of x/e
      x-restarting i restarting of x/e
      x-running i running of x/e
      x-starting i running starting of x/e
      x-stopped i exited code=0 of x/e
      x-unfinished i running unfinished of x/e
      x-unhealthy i running unhealthy of x/e
  `, `
    (warning) X | 2 of 12 running, 4 with problems
      (warning) E | 2 of 12 running, 4 with problems
        (circle-outline) x-created | created, never started
        (error) x-dead | dead
        (error) x-failed | exited with code 137
        (trash) x-gone | being removed
        (pass-filled) x-healthy | healthy
        (debug-pause) x-paused | paused
        (debug-restart) x-restarting | restarting again and again
        (play-circle) x-running | running
        (loading~spin) x-starting | starting
        (debug-stop) x-stopped | stopped
        (tools) x-unfinished | not installed yet
        (warning) x-unhealthy | unhealthy
  `);
});

test('containers of a host that is down are shown as last seen, not as dead', () => {
  check(applicationsView, `
    host a tcp://10.0.0.3:2375 down nothing answers
      x-1 i running healthy 80->80 of x/e
  `, `
    (warning) X | unknown, last seen running
      (warning) E | unknown, last seen running
        (question) x-1 | unknown, last seen running · :80
  `);
});

test('a port that is bound for IPv4 and for IPv6 is one port; UDP is told', () => {
  check(hostsView, `
    host a unix:///s up
      dns i running 0.0.0.0:53->53/udp :::53->53/udp 0.0.0.0:8053->80 :::8053->80 of x/dns
  `, `
    (server) a | up · 1 container
      (play-circle) dns | running · :53/udp :8053 · X / Dns
  `);
});

test('no hosts and no containers make empty trees', () => {
  check(applicationsView, 'host a unix:///s up', '');
  check(hostsView, '', '');
  check(hostsView, 'host a unix:///s connecting', '(loading~spin) a | connecting…');
});

test('what a screen reader says names the thing and its state, without relying on colour', () => {
  const spoken = (nodes: readonly ViewNode[]): readonly string[] => nodes.flatMap(({ accessibilityLabel, children }) => [accessibilityLabel, ...spoken(children)]);
  assert.deepEqual(spoken(applicationsView(observed('host a unix:///s up\n web-1 nginx:1 running healthy 8080->80 of shop/web'))), [
    'Application Shop, healthy, on 1 host',
    'Entity Web, healthy',
    'Container web-1, healthy, port 80 published as 8080, on host a, entity Web of application Shop',
  ]);
  assert.deepEqual(spoken(hostsView(observed('host c unix:///s down may not open the socket'))), ['Host c, down: may not open the socket']);
  assert.match(spoken(hostsView(observed('host a unix:///s up\n portal httpd:2 running'))).join('\n'), /Container portal, running, on host a, not made by Clocker/);
});

test('what can be done with a node is in its context value', () => {
  const words = (text: string): string | undefined => hostsView(observed(text))[0]?.children[0]?.contextValue;
  assert.equal(words('host a unix:///s up\n web-1 nginx:1 running 8080->80 of shop/web'), 'container.ours.published');
  assert.equal(words('host a unix:///s up\n web-1 nginx:1 exited 8080->80 of shop/web'), 'container.ours');
  assert.equal(words('host a unix:///s up\n dns bind:9 running 53->53/udp'), 'container.stranger');
});

test('names from outside are shown as they are, never as Markdown', () => {
  const [host] = hostsView(observed('host a unix:///s down [click](command:evil)_`x`_'));
  assert.match(host?.tooltip ?? '', /\\\[click\\\]\\\(command\\:evil\\\)\\_\\`x\\`\\_/);
});

test('ids are unique in a tree', () => {
  for (const view of [applicationsView, hostsView]) {
    const nodes = view(observed(cloud));
    const count = (of: readonly ViewNode[]): number => of.reduce((sum, { children }) => sum + 1 + count(children), 0);
    assert.equal(byId(nodes).size, count(nodes));
  }
});

function check(view: (of: ReturnType<typeof observed>) => readonly ViewNode[], text: string, expected: string): void {
  assert.equal(outline(view(observed(text))), expected === '' ? '' : plain(expected));
}

test('a host says what its configuration says, what will fail soon, and what it waits for', () => {
  const up: ObservedHost = {
    host: 'a', endpoint: 'ssh://me@a', labels: { region: 'north' }, isReadOnly: true, capacity: { maxContainers: 1 }, containers: [],
    state: { kind: 'up', engineVersion: '20.10.24', cores: 2, memoryBytes: 2 ** 33, warnings: ['its certificate expires in a day'] },
  };
  const locked: ObservedHost = { host: 'b', endpoint: 'ssh://me@b', containers: [], state: { kind: 'down', problem: 'the key is not known', need: { kind: 'hostKey', address: 'b', keyType: 'ED25519', fingerprint: 'SHA256:x' } } };
  const [a, b] = hostsView({ hosts: [up, locked] });
  assert.equal(a?.description, 'up · read-only · no containers');
  assert.equal(a?.icon.id, 'warning');
  assert.match(a?.tooltip ?? '', /\$\(lock\) Read-only: [^]*At most 1 container of Clocker\n\nregion: north\n\n\$\(warning\) its certificate expires in a day$/);
  assert.deepEqual([b?.contextValue, b?.icon.id], ['host.down.locked', 'key']);
});

test('clouds: hosts outside of clouds first, then each cloud with its hosts and its room', () => {
  const { hosts } = observed(cloud);
  const clouds = [
    { name: 'lab', hosts: ['b', 'c'], placement: { strategies: [{ kind: 'max-containers', maxContainers: 8 } as const, { kind: 'breadth-first' } as const], affinityRules: [] }, headroom: { count: 4 }, provisioner: { kind: 'nested', on: 'a' } as const, maxHosts: 5 },
    { name: 'empty', hosts: [], placement: { strategies: [], affinityRules: [] }, provisioner: { kind: 'command', command: ['make', '--token=secret'] } as const },
  ];
  const nodes = hostsView({ clouds, hosts: hosts.map((host) => (host.host === 'a' ? host : Object.assign({ ...host }, { cloud: 'lab' }))) });
  assert.equal(outline(nodes.map((node) => ({ ...node, children: node.children.map((child) => ({ ...child, children: [] })) }))), plain(`
    (server) a | up · 3 containers
      (play-circle) shop-db-1 | running · Shop / Db
      (pass-filled) shop-web-1 | healthy · :8080 · Shop / Web
      (play-circle) portal | running · :80 · httpd:2
    (warning) lab | 1 of 2 hosts up · 2 of 16 containers
      (server) b | up · 2 containers
      (debug-disconnect) c | down · nothing answers at 10.0.0.3:2375
    (cloud) empty | no hosts · no containers
  `));
  assert.deepEqual(nodes.slice(1).map(({ tooltip }) => tooltip), [
    '**lab** — 1 of 2 hosts up · 2 of 16 containers\n\nPlaced by at most 8 containers, then breadth first\n\nRoom kept free\\: 4 containers\n\nMakes hosts in containers on a, at most 5 hosts',
    '**empty** — no hosts · no containers\n\nMakes hosts by make',
  ]);
});
