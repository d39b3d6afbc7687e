import assert from 'node:assert/strict';
import { test } from 'node:test';

import { matcher } from '../../server/patterns.ts';
import { defaults, sectionOf, settingsFrom } from '../../server/settings.ts';

function check(pattern: string, matched: readonly string[], others: readonly string[]): void {
  const matches = matcher([pattern]);
  for (const uri of matched) assert.ok(matches(uri), `${pattern} does not match ${uri}`);
  for (const uri of others) assert.ok(!matches(uri), `${pattern} matches ${uri}`);
}

test('glob patterns against the URIs of documents', () => {
  check('**/*.blueprint.yaml', ['file:///a/b/x.blueprint.yaml', 'file:///x.blueprint.yaml', 'vscode-remote://ssh/a/x.blueprint.yaml', 'untitled:x.blueprint.yaml'], ['file:///a/x.yaml', 'file:///x.blueprint.yaml.txt', 'file:///xblueprint.yaml']);
  check('*.bom', ['file:///a/b/x.bom', 'file:///c%3A/My%20Files/x.bom'], ['file:///a/bom', 'file:///x.bom/y']);
  check('deploy/**/*.{yml,yaml}', ['file:///w/deploy/a.yml', 'file:///w/deploy/b/c/a.yaml'], ['file:///w/redeploy/a.yml', 'file:///w/deploy/a.json']);
  check('app-[0-9]?.yaml', ['file:///app-12.yaml'], ['file:///app-1.yaml', 'file:///app-ab.yaml']);
  check('a+(b).yaml', ['file:///a+(b).yaml'], ['file:///aab.yaml']);
  check('[', [], ['file:///[']);
  check('*.bom', [], ['file:///%E0%A4%A.yaml']);
});

test('settings of any shape', () => {
  assert.deepEqual(settingsFrom({ blueprintFiles: ['a', 7], hosts: [{ name: 'b' }, 'c', null] }, defaults), { ...defaults, blueprintFiles: ['a'], hosts: ['b'] });
  for (const value of [undefined, null, 7, [], 'x', { blueprintFiles: 'x' }]) assert.deepEqual(settingsFrom(value, defaults), defaults);
  assert.deepEqual(sectionOf({ clocker: 1 }), 1);
  assert.equal(sectionOf(null), undefined);
});
