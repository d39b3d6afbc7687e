// What is left of an installation, by what is done; and when a container can launch as soon as it starts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caughtPhases, filesOfLaunch, stagesLeft } from '#core/lifecycle/ahead.ts';
import { phaseNames, type Course, type PhaseName, type PlacedFile } from '#core/lifecycle/lifecycle.ts';

function course(phases: readonly PhaseName[], files: readonly `${PlacedFile['stage']}:${string}`[] = [], more: Partial<Course> = {}): Course {
  const placed = files.map((text): PlacedFile => {
    const [stage = '', path = ''] = text.split(':');
    const known = (['preinstall', 'install', 'customize', 'runtime'] as const).find((one) => one === stage);
    assert.ok(known);
    return { stage: known, path, base64: '' };
  });
  return { installDir: '/i', runDir: '/r', phases: phases.map((name) => ({ name, directory: '/r', commands: 'true' })), files: placed, launch: 'run', ownAddressIn: [], startTimeoutMs: 1000, ...more };
}

function check(what: Course, done: readonly string[], left: readonly string[], launches: string): void {
  const shown = stagesLeft(what, new Set(done)).map(({ name, phases, files }) => `${name}: ${[...phases.map((phase) => phase.name), ...files.map(({ path }) => path)].join(' ')}`.trim());
  assert.deepEqual(shown, left);
  assert.equal(filesOfLaunch(what, new Set(done))?.map(({ path }) => path).join(' ') ?? 'no', launches);
}

test('a stage is left until all its phases are done; what has no phases has its files again', () => {
  check(course([]), [], ['preinstall:', 'install:', 'customize:', 'runtime:'], '');
  check(course(['install', 'customize'], ['install:/a', 'runtime:/b']), [], ['preinstall:', 'install: install /a', 'customize: customize', 'runtime: /b'], 'no');
  check(course(['install', 'customize'], ['install:/a', 'runtime:/b']), ['install'], ['preinstall:', 'customize: customize', 'runtime: /b'], 'no');
  check(course(['install', 'customize'], ['install:/a', 'runtime:/b']), ['install', 'customize'], ['preinstall:', 'runtime: /b'], '/b');
  check(course(['install', 'post-install'], ['install:/a']), ['install'], ['preinstall:', 'install: post-install /a', 'customize:', 'runtime:'], 'no');
});

test('an image that was caught has the installing phases behind it, and with it nothing but them is skipped', () => {
  const all = course(phaseNames);
  assert.deepEqual([...caughtPhases(all)], ['pre-install', 'install', 'post-install']);
  const plain = course(['install', 'post-launch'], ['customize:/c']);
  assert.deepEqual(filesOfLaunch(plain, caughtPhases(plain))?.map(({ path }) => path), ['/c']);
  assert.equal(filesOfLaunch(all, caughtPhases(all)), undefined);
});

test('what waits for others, or follows them, does not launch by itself', () => {
  const gate = { entity: 'db', shown: 'db', before: 'launch' } as const;
  assert.equal(filesOfLaunch(course([]), new Set(), [gate]), undefined);
  assert.equal(filesOfLaunch(course([], [], { follow: { files: [], members: [], reload: 'true' } }), new Set()), undefined);
});
