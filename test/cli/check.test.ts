import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, run, runInTerminal, says } from './support.ts';

const good = 'name: good\nservices:\n- type: docker:redis:7\n';
// The characters before the fault: an e with an accent, and one outside the basic plane (two UTF-16 code units).
const bad = 'name: bad\nservices:\n- {name: "é😀", type: docker:redis:7, openPorts: [x]}\n';

test('nothing wrong', async () => {
  says(await run(['check', await file('good.yaml', good)]), { exitCode: 0, stdout: 'good.yaml: no problems' });
  says(await run(['check', '--json', 'good.yaml']), { exitCode: 0, stdout: '[]' });
});

test('for people: file, line and column from one', async () => {
  says(await run(['check', await file('good.yaml', good), await file('bad.yaml', bad)]), { exitCode: 1, stdout: /^good\.yaml: no problems\nbad\.yaml:3:51: error: .*"x" is not a.* \(wrong-value\)\n$/ });
});

test('for machines: ranges as in LSP', async () => {
  const { exitCode, stdout } = await run(['check', '--json', await file('bad.yaml', bad)]);
  assert.equal(exitCode, 1);
  const found: unknown = JSON.parse(stdout);
  assert.ok(Array.isArray(found) && found.length === 1);
  const { message, ...rest } = found[0] as { readonly message: string };
  assert.match(message, /"x" is not a/);
  assert.deepEqual(rest, { file: 'bad.yaml', range: { start: { line: 2, character: 50 }, end: { line: 2, character: 51 } }, severity: 'error', code: 'wrong-value' });
});

test('warnings do not fail', async () => {
  says(await run(['check', await file('warned.yaml', `${good}locaton: localhost\n`)]), { exitCode: 0, stdout: /^warned\.yaml:4:1: warning: .*did you mean location\?/ });
});

test('text that is no YAML, and no text', async () => {
  says(await run(['check', await file('broken.yaml', 'services: [')]), { exitCode: 1, stdout: /broken\.yaml:1:\d+: error: .*\(invalid-yaml\)\n$/ });
  says(await run(['check', await file('empty.yaml', '')]), { exitCode: 0, stdout: 'empty.yaml: no problems' });
  says(await run(['plan', 'empty.yaml', '--host', 'a=/none.sock']), { exitCode: 1, stderr: /there are no services here/ });
});

test('a blueprint that is right though nothing runs on Docker', async () => {
  says(await run(['check', await file('basic.yaml', 'services:\n- type: basic-entity\n')]), { exitCode: 0, stdout: 'basic.yaml: no problems' });
  says(await run(['plan', 'basic.yaml', '--host', 'a=/none.sock']), { exitCode: 1, stderr: /basic\.yaml:2:9: error: .*\(not-deployable\)\nclocker: basic\.yaml has errors; nothing was done\n$/ });
});

test('colours for people only', async () => {
  const name = await file('bad.yaml', bad);
  const red = '[31merror';
  assert.ok(!(await run(['check', name])).stdout.includes(red));
  assert.ok((await runInTerminal(['check', name])).stdout.includes(red));
  assert.ok(!(await runInTerminal(['check', name], { env: { NO_COLOR: '1' } })).stdout.includes(red));
});
