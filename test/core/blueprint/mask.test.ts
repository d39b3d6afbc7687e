import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskBlueprint } from '#core/blueprint/mask.ts';

function check(name: string, before: string, after: string): void {
  test(name, () => assert.equal(maskBlueprint(before), after));
}

check('nothing secret, nothing changed', 'name: Shop # hello\nservices:\n- type: docker:redis:7\n  env: {A: 1}\n', 'name: Shop # hello\nservices:\n- type: docker:redis:7\n  env: {A: 1}\n');

check(
  'values of keys that look secret, however they are written',
  'a:\n  MYSQL_PASSWORD: "x y"\n  api-key: 1\n  ssh.private: |\n    line 1\n    line 2\n  after: b\n  secrets: {one: 1, two: [2]}\n',
  'a:\n  MYSQL_PASSWORD: "********"\n  api-key: "********"\n  ssh.private: "********"\n  after: b\n  secrets: {one: "********", two: ["********"]}\n',
);

check('an anchor under a harmless key, whose alias is a secret', 'x: &p hunter2\nenv: {TOKEN: *p}\n', 'x: &p "********"\nenv: {TOKEN: *p}\n');

check('the same secret elsewhere', 'env: {PASSWORD: hunter22}\nurl: redis://h/hunter22/x\n', 'env: {PASSWORD: "********"}\nurl: redis://h/********/x\n');

check('a password in a URL', 'url: postgres://me:pw@db/x\n', 'url: postgres://me:********@db/x\n');

check('arguments of commands', 'commands: [redis-server, --requirepass, abc, --port, 1]\nb: run --token=abc --x 1\n', 'commands: [redis-server, --requirepass, "********", --port, 1]\nb: run --token=******** --x 1\n');

check('environment in a list, and comments', 'env:\n- DB_PASSWORD=abc\n- A=b # secret: abc\n', 'env:\n- DB_PASSWORD=********\n- A=b # secret: ********\n');

check('a text that is no YAML keeps nothing', 'a: [', '');

check('a second document is left out', 'a: 1\n---\npassword: x\n', 'a: 1\n');

test('a long line takes no long time', () => {
  const beganMs = performance.now();
  maskBlueprint(`a: ${'pass-'.repeat(40_000)}\nb: ${'x'.repeat(200_000)}\n`);
  assert.ok(performance.now() - beganMs < 2000);
});
