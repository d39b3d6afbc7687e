// What people read before they try anything is true: links lead somewhere, blueprints have nothing wrong, commands exist.

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

import { read } from '#core/blueprint/read.ts';
import { problemsOf } from '#core/check/problems.ts';
import { commands } from '../../client/cli/run.ts';
import manifest from '../../package.json' with { type: 'json' };
import { builtInCatalog } from '../support/catalog.ts';

const pages = [...globSync('*.md'), ...globSync('docs/guide/*.md')].map((path) => ({ path, text: readFileSync(path, 'utf8') }));

test('links lead to files that are there', () => {
  const broken = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].flatMap(([, target = '']) => (existsSync(join(dirname(path), target)) ? [] : [`${path}: ${target}`])));
  assert.deepEqual(broken, []);
});

test('blueprints have nothing wrong', () => {
  const wrong = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/```yaml\n(.*?)```/gs)].flatMap(([, blueprint = '']) =>
      /^services:/m.test(blueprint) ? problemsOf(read(blueprint), builtInCatalog).map(({ code, message }) => `${path}: ${code}: ${message}`) : []));
  assert.deepEqual(wrong, []);
});

test('what is called a command is one', () => {
  const titles = new Set(manifest.contributes.commands.map(({ category, title }) => `${category}: ${title.replace(/\.\.\.$/, '')}`));
  const names = new Set<string>(commands.map(({ name }) => name));
  const wrong = pages.flatMap(({ path, text }) => {
    const inEditor = [...text.matchAll(/\*\*(Clocker: [^*]+)\*\*/g)].filter(([, title = '']) => !titles.has(title.replace(/\s+/g, ' ')));
    const inShell = [...text.matchAll(/(?:`|npx )clocker ([a-z-]+)/g)].filter(([, name = '']) => !names.has(name));
    return inEditor.concat(inShell).map(([words]) => `${path}: ${words}`);
  });
  assert.deepEqual(wrong, []);
});
