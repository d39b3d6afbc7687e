// Dockerfiles and folders that are named and not there: marked in the text, with what is said of them.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Workspace } from '../../server/workspace.ts';
import { lookBeside } from '../../server/lookBeside.ts';
import type { BuiltIn } from '#core/catalog/catalog.ts';
import builtIn from '../../schemas/catalog.json' with { type: 'json' };

test('what is named and not there is marked, until it is there', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'web'));
  await mkdir(join(folder, 'empty'));
  await writeFile(join(folder, 'web/Dockerfile'), 'FROM scratch\n');
  const uri = pathToFileURL(join(folder, 'shop.blueprint.yaml')).href;
  const workspace = new Workspace(lookBeside);
  workspace.learn(builtIn as BuiltIn);
  const check = (lines: Readonly<Record<string, string>>): void => {
    const text = `services:\n- id: a\n${Object.keys(lines).map((line) => `  ${line}\n`).join('')}`;
    workspace.update(uri, 1, text, true);
    const found = workspace.view(uri)?.diagnostics ?? [];
    const expected = Object.values(lines).filter((message) => message !== '');
    assert.deepEqual(found.filter(({ code }) => code === 'unreadable-source').map(({ span, message }) => `${text.slice(span.start, span.end)}: ${message}`), expected);
  };
  check({ 'dockerfileUrl: ./web': '' });
  check({ 'docker.dockerfile.url: web/Dockerfile': '', 'docker.context.url: empty': '', 'docker.entrypoint.url: start.sh': 'start.sh: docker.entrypoint.url: there is no file or folder start.sh' });
  check({ 'docker.dockerfile.url: wbe': 'wbe: docker.dockerfile.url: there is no file or folder wbe' });
  check({ 'docker.dockerfile.url: empty/': 'empty/: docker.dockerfile.url: there is no Dockerfile in the folder empty/' });
  check({ [`docker.dockerfile.url: file://${folder}/nowhere`]: `file://${folder}/nowhere: docker.dockerfile.url: there is no file or folder file://${folder}/nowhere` });
  check({ 'docker.dockerfile.url: https://example.org/x.git#main:web': '' });
  check({ 'docker.dockerfile.url: classpath://x': 'classpath://x: docker.dockerfile.url: addresses with classpath: are not read here; write an address with https:, a path, or a git repository' });
  check({ 'docker.dockerfile.url: $brooklyn:config("x")': '' });

  check({ 'docker.dockerfile.url: later': 'later: docker.dockerfile.url: there is no file or folder later' });
  await mkdir(join(folder, 'later'));
  await writeFile(join(folder, 'later/Dockerfile'), 'FROM scratch\n');
  workspace.dockerfile(pathToFileURL(join(folder, 'later/Dockerfile')).href, true);
  assert.deepEqual(workspace.view(uri)?.diagnostics.filter(({ code }) => code === 'unreadable-source'), []);
});

test('where nobody sees files, nothing is said of them', () => {
  const workspace = new Workspace(lookBeside);
  workspace.learn(builtIn as BuiltIn);
  for (const uri of ['untitled:Untitled-1', 'vscode-vfs://github/a/b.blueprint.yaml']) {
    workspace.update(uri, 1, 'services:\n- docker.dockerfile.url: nowhere\n', true);
    assert.deepEqual(workspace.view(uri)?.diagnostics, []);
  }
});
