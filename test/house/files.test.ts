// What every file of the project keeps to: nothing in it is true on one machine only, and the lock holds for every platform.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('no file names a folder of one person or one machine', () => {
  const place = /(?<![\w.$}*])\/(home|root|Users|work)\/[a-z]/;
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).trim().split('\n');
  const texts = files.filter((file) => /\.(ts|mjs|json|md|ya?ml|bom)$|^\.ci\//.test(file) && file !== 'package-lock.json');
  const wrong = texts.flatMap((file) => readFileSync(file, 'utf8').split('\n').flatMap((line, index) => place.test(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 160)}`] : []));
  assert.deepEqual(wrong, []);
});

test('the lock names every optional dependency, also those of other platforms', () => {
  const lock: unknown = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const packages = field(lock, 'packages');
  assert.ok(typeof packages === 'object' && packages !== null);
  const missing = Object.entries(packages).flatMap(([path, entry]) => {
    const wanted: unknown = field(entry, 'optionalDependencies');
    return Object.keys(wanted ?? {}).filter((name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages)).map((name) => `${path} wants ${name}`);
  });
  assert.deepEqual(missing, []);
});

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
}
