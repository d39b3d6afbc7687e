import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { maskBlueprint } from '#core/blueprint/mask.ts';
import { filled, gapsOf, valuesOf, type Holdings } from '#core/record/unmask.ts';
import { understand } from '../../../client/understand.ts';

/** Masks a blueprint, lets containers hold what they were made with, and fills the gaps again. */
function back(blueprint: string, holdings: readonly Holdings[]): { readonly text: string; readonly missing: readonly string[] } {
  const masked = maskBlueprint(blueprint);
  const gaps = gapsOf(masked);
  const { application } = understand(filled(masked, new Map(gaps.map(({ mark }) => [mark, mark]))));
  const values = valuesOf(gaps, application?.entities ?? [], holdings);
  return { text: filled(masked, values), missing: gaps.filter(({ mark }) => !values.has(mark)).map(({ key }) => key) };
}

const one = (env: string): string => `name: shop\nservices:\n- type: docker:busybox\n  id: web\n  env: ${env}\n`;
const held = (env: Readonly<Record<string, string>>, more: Partial<Holdings> = {}): Holdings => ({ entity: 'web', env, ...more });
const envOf = (text: string): Readonly<Record<string, string>> | undefined => understand(text).application?.entities[0]?.container?.env;

test('a secret is taken over from the environment that has it', () => {
  const { text, missing } = back(one('{PASSWORD: hunter2, MODE: b}'), [held({ PASSWORD: 'hunter3', MODE: 'a' })]);
  assert.deepEqual(missing, []);
  assert.deepEqual(envOf(text), { PASSWORD: 'hunter3', MODE: 'b' });
});

test('a secret inside a longer value', () => {
  const { text, missing } = back(one('{DB: "mysql://me:hunter2@db/shop"}'), [held({ DB: 'mysql://me:hunter3@db/shop' })]);
  assert.deepEqual(missing, []);
  assert.deepEqual(envOf(text), { DB: 'mysql://me:hunter3@db/shop' });
});

test('a secret that is a config key elsewhere', () => {
  const blueprint = 'name: shop\nbrooklyn.config: {db.password: hunter2}\nservices:\n- type: docker:busybox\n  id: web\n  env:\n    DB: $brooklyn:formatString("me/%s", config("db.password"))\n';
  const { text, missing } = back(blueprint, [held({ DB: 'me/hunter3' })]);
  assert.deepEqual(missing, []);
  assert.deepEqual(envOf(text), { DB: 'me/hunter3' });
});

test('a secret in a command', () => {
  const blueprint = 'name: shop\nservices:\n- type: docker:busybox\n  id: web\n  commands: [redis, --requirepass, hunter2]\n';
  const { text, missing } = back(blueprint, [held({}, { command: ['redis', '--requirepass', 'hunter3'] })]);
  assert.deepEqual(missing, []);
  assert.deepEqual(understand(text).application?.entities[0]?.container?.command, ['redis', '--requirepass', 'hunter3']);
});

test('what nothing holds, what is held differently, and what could be read in two ways is missing, by its key', () => {
  assert.deepEqual(back(one('{PASSWORD: hunter2}'), []).missing, ['services[0].env.PASSWORD']);
  assert.deepEqual(back(one('{PASSWORD: hunter2}'), [held({ OTHER: 'x' })]).missing, ['services[0].env.PASSWORD']);
  assert.deepEqual(back(one('{PASSWORD: hunter2}'), [held({ PASSWORD: 'a' }), held({ PASSWORD: 'b' })]).missing, ['services[0].env.PASSWORD']);
  assert.deepEqual(back(one('{DB: "mysql://me:hunter2@db"}'), [held({ DB: 'sqlite://file' })]).missing, ['services[0].env.DB']);
});

test('any value comes back as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((value) => !value.includes('*') && !value.includes('$') && value.isWellFormed()), (value) => {
      const { text, missing } = back(one('{PASSWORD: hunter2}'), [held({ PASSWORD: value })]);
      assert.deepEqual(missing, []);
      assert.equal(envOf(text)?.['PASSWORD'], value);
    }),
    { numRuns: 60 },
  );
});
