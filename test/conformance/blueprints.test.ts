// Published blueprints and catalogs against Brooklyn's answers: what upstream accepts has no error here, what it refuses has
// one, the defects that Clocker shipped are found, and the types that people use are known.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { absence, checkAll, checkInvalid, coverage, isThere, show, type Checked } from './corpus.ts';
import { findDefects } from './defects.ts';
import { deliberateErrors, notKnownBefore } from './exceptions.ts';

const skip = isThere ? false : absence;
let all: readonly Checked[] | undefined;
const checked = (): readonly Checked[] => (all ??= checkAll());

test('a file that upstream accepts has no error, other than the listed ones', { skip }, () => {
  const errors = checked().filter(({ published }) => published.validYaml).flatMap((file) => file.diagnostics.filter(({ severity }) => severity === 'error').map((error) => show(file, error)));
  const listed = deliberateErrors.map(({ error }) => error);
  assert.deepEqual(errors.filter((error) => !listed.some((known) => error.includes(known))), []);
  assert.deepEqual(listed.filter((known) => !errors.some((error) => error.includes(known))), [], 'listed, but no longer found');
});

test('a file that upstream cannot read has an error', { skip }, () => {
  const silent = checked().filter(({ published, diagnostics }) => !published.validYaml && !diagnostics.some(({ code }) => code === 'invalid-yaml'));
  assert.deepEqual(silent.map(({ published }) => published.file), []);
});

test('what upstream refuses is refused before it runs, where that can be known', { skip }, () => {
  const missed = checkInvalid().filter(({ errors }) => errors.length === 0).map(({ name }) => name);
  assert.deepEqual(missed.filter((name) => !(name in notKnownBefore)), []);
  assert.deepEqual(Object.keys(notKnownBefore).filter((name) => !missed.includes(name)), [], 'listed, but found after all');
});

test('every defect that Clocker shipped is found, where the file is here', { skip }, () => {
  assert.deepEqual(findDefects(checked()).filter(({ state }) => state === 'missed').map(({ defect }) => `${defect.rule} ${defect.path} ${defect.detail}`), []);
});

test('nine of ten uses of entity types are known', { skip }, () => {
  const { uses, known, unknown } = coverage(checked());
  assert.ok(known / uses >= 0.9, `${known} of ${uses}; unknown most often: ${JSON.stringify(unknown.slice(0, 10))}`);
});
