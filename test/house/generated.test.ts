// What is made from a table says what the table says.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sourceHash } from '../../client/docker/insider/programs.ts';

test('no derived file is stale', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/generate.ts', '--check'], { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
});

test('the program that looks around inside containers was compiled from its source as it is', () => {
  assert.equal(createHash('sha256').update(readFileSync('scripts/insider/insider.c')).digest('hex'), sourceHash, 'run: npm run insider');
});
