// Which installations are kept as images, by which key, and which of them go again.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { goingByThemselves, prunable, type KeptImage } from '#core/image/caught.ts';
import { caughtName, imageKey, installationOf, type Installation } from '#core/image/key.ts';
import { diff } from '#core/plan/diff.ts';
import { withInstallations } from '#core/plan/installed.ts';
import { render } from '#core/plan/render.ts';
import { place } from '#core/placement/place.ts';
import { understand } from '../../../client/understand.ts';

const baseId = `sha256:${'a'.repeat(64)}`;

/** Entities of type vanilla-software-process, by their config in YAML's flow style; files are what their address says. */
function installations(configs: readonly string[]): ReturnType<typeof installationOf>[] {
  const services = configs.map((config, index) => `- { type: vanilla-software-process, id: e${index}, brooklyn.config: { launch.command: exec sleep infinity, ${config} } }`);
  const { application, diagnostics } = understand(`name: shop\nservices:\n${services.join('\n')}\n`);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  const file = (source: string): { base64: string; text: string } => ({ base64: Buffer.from(source).toString('base64'), text: source });
  const entities = application?.settle?.({ container: () => undefined, file }) ?? application?.entities ?? [];
  return entities.filter(({ key }) => key !== 'shop').map(({ container, type }) => container && installationOf(container, type));
}

function keyOf(installation: ReturnType<typeof installationOf>, base = baseId): string {
  assert.ok(installation !== undefined && !('reason' in installation), JSON.stringify(installation));
  return imageKey(installation, base);
}

function checkKeys(name: string, one: string, other: string, answer: 'same' | 'different'): void {
  test(`keys: ${name}`, () => {
    const [a, b] = installations([one, other]);
    assert.equal(keyOf(a) === keyOf(b) ? 'same' : 'different', answer);
  });
}

const redis = 'install.command: apt-get install -y redis-server';
checkKeys('the same commands', redis, redis, 'same');
checkKeys('what comes after the installation does not matter', redis, `${redis}, customize.command: echo hello, checkRunning.command: 'true', docker.container.openPorts: [6379]`, 'same');
checkKeys('variables that it does not name do not matter', redis, `${redis}, shell.env: { NODE: two, DB_PASSWORD: hunter22 }`, 'same');
checkKeys('other commands', redis, 'install.command: apt-get install -y nginx', 'different');
checkKeys('another phase', redis, `${redis}, post.install.command: rm /x`, 'different');
checkKeys('a variable that it names', 'install.command: "get $VERSION", shell.env: { VERSION: 1 }', 'install.command: "get $VERSION", shell.env: { VERSION: 2 }', 'different');
checkKeys('a variable that installers read', `${redis}, shell.env: { http_proxy: "http://a" }`, `${redis}, shell.env: { http_proxy: "http://b" }`, 'different');
checkKeys('a file', `${redis}, files.install: { "data:,one": /x }`, `${redis}, files.install: { "data:,two": /x }`, 'different');
checkKeys('a file for later', redis, `${redis}, files.customize: { "data:,two": /x }`, 'same');
checkKeys('a template that is filled in', `${redis}, size: 1, templates.install: { "data:,\${config['size']}": /x }`, `${redis}, size: 2, templates.install: { "data:,\${config['size']}": /x }`, 'different');
checkKeys('a variable that a file names', `${redis}, files.install: { "data:,echo $MODE": /x }, shell.env: { MODE: a }`, `${redis}, files.install: { "data:,echo $MODE": /x }, shell.env: { MODE: b }`, 'different');

test('keys: another base image, and another type', () => {
  const [one] = installations([redis]);
  assert.notEqual(keyOf(one), keyOf(one, `sha256:${'b'.repeat(64)}`));
  assert.ok(one !== undefined && !('reason' in one));
  assert.notEqual(imageKey(one, baseId), imageKey({ ...one, type: 'another' }, baseId));
  assert.match(caughtName(one, imageKey(one, baseId)), /^localhost\/clocker-caught\/vanilla-software-process:[0-9a-f]{24}$/);
});

test('the environment of an installation is what it names, the folders, and what installers read', () => {
  const [one] = installations(['install.command: "echo $MODE", shell.env: { MODE: fast, URL: "redis://db", TZ: UTC, PASSWORD: hunter22 }']);
  assert.ok(one !== undefined && !('reason' in one));
  assert.deepEqual(one.env, { MODE: 'fast', TZ: 'UTC', INSTALL_DIR: '/opt/clocker/install', RUN_DIR: '/opt/clocker/run', PID_FILE: '/opt/clocker/run/pid.txt' } satisfies Installation['env']);
});

function checkReason(name: string, config: string, answer: string | undefined): void {
  test(`not kept: ${name}`, () => {
    const [found] = installations([config]);
    assert.equal(found !== undefined && 'reason' in found ? found.reason : undefined, answer);
  });
}

checkReason('a variable that may be secret', 'install.command: "setup $ADMIN_PASSWORD", shell.env: { ADMIN_PASSWORD: hunter22 }', 'its commands use ADMIN_PASSWORD, which may be secret');
checkReason('a proxy with a password', `${redis}, shell.env: { https_proxy: "http://me:hunter22@proxy" }`, 'its commands use https_proxy, which may be secret');
checkReason('a secret in the command', 'install.command: setup --password hunter22', 'its install commands or files may hold a secret');
checkReason('a secret that an expression brings', 'db.password: hunter22, install.command: \'$brooklyn:formatString("setup %s", config("db.password"))\'', 'its install commands or files may hold a secret');
checkReason('a secret that a template brings', `${redis}, db.password: hunter22, templates.install: { "data:,\${config['db.password']}": /x }`, 'its install commands or files may hold a secret');
checkReason('a secret value, whatever brought it', 'install.command: setup hunter22, shell.env: { DB_PASSWORD: hunter22 }', 'its install commands or files may hold a secret');
checkReason('its own address', 'install.command: \'$brooklyn:formatString("setup %s", attributeWhenReady("host.address"))\'', 'its install commands use its own address');
checkReason('a folder of the host', `${redis}, docker.host.volumes: { /srv: /data }`, 'it sees the folder /srv of its host');
checkReason('a volume', `${redis}, docker.container.volumes.export: [/data]`, undefined);
checkReason('nothing to install', 'customize.command: echo x', undefined);

const up = (host: string, cloud?: string): ObservedHost => ({ host, endpoint: `tcp://${host}`, state: { kind: 'up', engineVersion: '29', cores: 4, memoryBytes: 2 ** 33 }, containers: [], ...(cloud !== undefined && { cloud }) });

/** `held`: the host that has what was caught before. */
function checkPlan(name: string, text: string, { held, catchesImages }: { readonly held?: string; readonly catchesImages?: boolean }, answer: readonly string[]): void {
  test(`plan: ${name}`, () => {
    const { application } = understand(text);
    assert.ok(application);
    const observed: Observed = { hosts: [up('h1', 'east'), up('h2', 'east'), up('h3')], clouds: [{ name: 'east', hosts: ['h1', 'h2'], placement: { strategies: [], affinityRules: [] }, ...(catchesImages !== undefined && { catchesImages }) }] };
    const placed = place(application, observed);
    const containers = withInstallations(placed.containers, observed, { idOf: () => baseId, nearest: (host) => (held !== undefined && host !== 'h3' ? held : undefined) });
    const lines = render(diff({ application: 'shop', applicationName: 'shop', containers, refusals: placed.refusals }, observed));
    assert.deepEqual(lines.filter((line) => /^\+|install|image of/.test(line) && !line.startsWith('    image ')), answer);
  });
}

const two = (more = ''): string => `name: shop\nservices:\n${['h1', 'h2', 'h3'].map((host) => `- { type: redis-store, id: on-${host}, location: ${host}, brooklyn.config: { ${more} } }`).join('\n')}\n`;
checkPlan('the first of a cloud is caught, the others start from it', two(), {}, [
  '+ create shop-on-h1 on h1', '    what is installed is caught as an image',
  '+ create shop-on-h2 on h2', '    from the image caught for shop-on-h1: install is skipped',
  '+ create shop-on-h3 on h3', '    what is installed is caught as an image',
]);
checkPlan('what was caught before is where it was caught', two(), { held: 'h2' }, [
  '+ create shop-on-h1 on h1', '    from the image caught on h2: install is skipped',
  '+ create shop-on-h2 on h2', '    from the image caught on h2: install is skipped',
  '+ create shop-on-h3 on h3', '    what is installed is caught as an image',
]);
checkPlan('switched off for each', two('docker.container.autoCheckpointImage: false'), {}, ['+ create shop-on-h1 on h1', '+ create shop-on-h2 on h2', '+ create shop-on-h3 on h3']);
checkPlan('switched off for a cloud', two(), { catchesImages: false }, ['+ create shop-on-h1 on h1', '+ create shop-on-h2 on h2', '+ create shop-on-h3 on h3', '    what is installed is caught as an image']);
checkPlan('an entity says otherwise', two('docker.container.autoCheckpointImage: true'), { catchesImages: false, held: 'h1' }, [
  '+ create shop-on-h1 on h1', '    from the image caught on h1: install is skipped',
  '+ create shop-on-h2 on h2', '    from the image caught on h1: install is skipped',
  '+ create shop-on-h3 on h3', '    what is installed is caught as an image',
]);

/** `redis 3d 200m used`: type, age in days, size in MB. */
function checkPruned(name: string, text: string, answer: readonly string[]): void {
  test(`pruned: ${name}`, () => {
    const day = 86_400_000;
    const images = text.trim().split('\n').map((line, index): KeptImage => {
      const [type = '', age = '', size = '', used] = line.trim().split(' ');
      return { kind: type.endsWith('!') ? 'built' : 'caught', image: `${type}:${age}`, imageId: String(index), key: '', type, base: '', createdAtMs: -parseFloat(age) * day, sizeBytes: parseFloat(size) * 1e6, usedBy: used === undefined ? [] : ['x'] };
    });
    assert.deepEqual(prunable(images, { count: 2, ageMs: 10 * day, sizeBytes: 1e9 }, 0).map(({ image, reason }) => `${image.image}: ${reason}`), answer);
  });
}

checkPruned('of a type the newest stay', 'a 3d 1m\na 1d 1m\na 2d 1m\nb 4d 1m', ['a:3d: 2 newer ones are kept']);
checkPruned('old ones go', 'a 11d 1m\na 9d 1m', ['a:11d: it is too old']);
checkPruned('as much as fits stays, the newest first', 'a 1d 600m\nb 2d 600m\nc 3d 300m', ['b:2d: all together take too much room']);
checkPruned('none that is used goes, and those count', 'a 99d 1m used\na 98d 1m used\na 1d 1m\na 2d 900m used\nb 3d 200m', ['b:3d: all together take too much room']);

checkPruned('what was built counts by itself', 'web 1d 1m\nweb 2d 1m\nweb! 1d 1m\nweb! 2d 1m\nweb! 3d 1m\nweb! 4d 1m used', ['web!:3d: 2 newer ones are kept']);

test('what was built an hour ago or less does not go by itself; what was caught may', () => {
  const hour = 3_600_000;
  const image = (kind: 'caught' | 'built', hours: number): KeptImage => ({ kind, image: `${kind}:${hours}`, imageId: '', key: '', type: 'web', base: '', createdAtMs: -hours * hour, sizeBytes: 1, usedBy: [] });
  const all = (['caught', 'built'] as const).flatMap((kind) => [0.1, 0.2, 0.3, 0.4, 2].map((hours) => image(kind, hours)));
  assert.deepEqual(goingByThemselves(all, 0).map((one) => one.image.image), ['caught:0.4', 'built:2', 'caught:2']);
});

test('law: no image in use is ever pruned, and what is left is within the limits', () => {
  const image = fc.record({ kind: fc.constant<'caught'>('caught'), image: fc.uuid(), imageId: fc.uuid(), key: fc.constant(''), type: fc.constantFrom('a', 'b'), base: fc.constant(''), createdAtMs: fc.integer({ min: -100, max: 0 }), sizeBytes: fc.nat(100), usedBy: fc.array(fc.constant('x'), { maxLength: 1 }) });
  fc.assert(fc.property(fc.array(image), fc.nat(5), fc.nat(100), fc.nat(300), (images, count, ageMs, sizeBytes) => {
    const gone = new Set(prunable(images, { count, ageMs, sizeBytes }, 0).map((one) => one.image));
    const left = images.filter((one) => !gone.has(one));
    assert.ok(images.every((one) => one.usedBy.length === 0 || !gone.has(one)));
    const unused = left.filter(({ usedBy }) => usedBy.length === 0);
    assert.ok(unused.every(({ createdAtMs }) => -createdAtMs <= ageMs));
    assert.ok(unused.length === 0 || left.reduce((sum, one) => sum + one.sizeBytes, 0) <= sizeBytes);
    for (const type of ['a', 'b']) assert.ok(unused.every((one) => one.type !== type) || left.filter((one) => one.type === type && (one.usedBy.length === 0 || one.createdAtMs > Math.max(...unused.filter((other) => other.type === type).map((other) => other.createdAtMs)))).length <= count);
  }));
});
