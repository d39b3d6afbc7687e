import assert from 'node:assert/strict';
import { test } from 'node:test';

import { configKeysWithFlags, flagsOf, toConfig, toFlags } from '#core/refactor/config.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { at, codesOf, commentsIn, meaningOf } from './support.ts';

type Direction = 'toConfig' | 'toFlags';

/** The entity at `$0` after these of its keys (all that can be where none are named) were moved. */
function check(direction: Direction, fixture: string, after: string, ...keys: readonly string[]): void {
  const { text, placed } = at(fixture);
  const all = direction === 'toConfig' ? flagsOf(placed, text) : configKeysWithFlags(placed, text);
  const chosen = all.filter(({ key }) => keys.length === 0 || keys.includes(key));
  const result = applyEdits(text, (direction === 'toConfig' ? toConfig : toFlags)(placed, text, chosen));
  assert.equal(result, after);
  assert.deepEqual(meaningOf(result), meaningOf(text));
  assert.deepEqual(commentsIn(result), commentsIn(text));
  assert.deepEqual(codesOf(result), codesOf(text));
}

/** Keys that can be moved at `$0`. */
function movable(direction: Direction, fixture: string, ...keys: readonly string[]): void {
  const { text, placed } = at(fixture);
  assert.deepEqual((direction === 'toConfig' ? flagsOf : configKeysWithFlags)(placed, text).map(({ key, newKey }) => `${key} -> ${newKey}`), keys);
}

const flags = `services:
- type: docker:redis:7$0
  # where it listens
  openPorts: [6379]  # Redis
  id: db
  env:
    # fast
    MODE: fast
    TEXT: |
      one
        two

      three
  name: Database
`;

test('flags under brooklyn.config, which is made', () => {
  check(
    'toConfig',
    flags,
    `services:
- type: docker:redis:7
  brooklyn.config:
    # where it listens
    docker.container.openPorts: [6379]  # Redis
    docker.container.environment:
      # fast
      MODE: fast
      TEXT: |
        one
          two

        three
  id: db
  name: Database
`,
  );
  check('toConfig', flags.replace('openPorts: [6379]', 'openPorts:\n  - 6379'), `services:
- type: docker:redis:7
  brooklyn.config:
    # where it listens
    docker.container.openPorts:
    - 6379  # Redis
  id: db
  env:
    # fast
    MODE: fast
    TEXT: |
      one
        two

      three
  name: Database
`, 'openPorts');
});

test('flags behind what stands under brooklyn.config', () => {
  check(
    'toConfig',
    `services:\n- type: docker:redis:7$0\n  brooklyn.config:\n      docker.container.openPorts: [6379]\n  env: { A: b }`,
    `services:\n- type: docker:redis:7\n  brooklyn.config:\n      docker.container.openPorts: [6379]\n      docker.container.environment: { A: b }\n`,
  );
  check('toConfig', `services:\r\n- type: docker:redis:7$0\r\n  env: { A: b }\r\n  brooklyn.config:\r\n`, `services:\r\n- type: docker:redis:7\r\n  brooklyn.config:\r\n    docker.container.environment: { A: b }\r\n`);
});

test('config keys become flags', () => {
  check(
    'toFlags',
    `services:
- type: docker:redis:7$0
  # all of it
  brooklyn.config:   # by name
    # ports
    docker.container.openPorts:
    - 6379
    docker.container.environment: { A: "\u{1F600}" }
  id: db
`,
    `services:
- type: docker:redis:7
  # all of it
  # by name
  # ports
  openPorts:
  - 6379
  env: { A: "\u{1F600}" }
  id: db
`,
  );
  check(
    'toFlags',
    'services:\n- type: docker:redis:7$0\n  brooklyn.config:\n    docker.container.openPorts: [6379]\n    other: 1\n',
    'services:\n- type: docker:redis:7\n  openPorts: [6379]\n  brooklyn.config:\n    other: 1\n',
  );
});

test('there and back again', () => {
  const { text, placed } = at('services:\n- type: docker:redis:7$0\n  openPorts: [6379]\n  env: { A: b }\n');
  const there = applyEdits(text, toConfig(placed, text, flagsOf(placed, text)));
  const back = at(there.replace('7\n', '7$0\n'));
  assert.equal(applyEdits(there, toFlags(back.placed, there, configKeysWithFlags(back.placed, there))), text);
});

test('what cannot be moved without a change of meaning is not offered', () => {
  movable('toConfig', flags, 'openPorts -> docker.container.openPorts', 'env -> docker.container.environment');
  movable('toConfig', 'services:\n- { type: "docker:redis:7$0", openPorts: [1] }\n');
  movable('toConfig', 'services:\n- openPorts: [1]\n  type: docker:redis:7$0\n');
  movable('toConfig', 'services:\n- type: docker:redis:7$0\n  openPorts: [1]\n  brooklyn.config: { docker.container.openPorts: [2] }\n');
  movable('toConfig', 'services:\n- type: docker:redis:7$0\n  openPorts: &p [1]\n  other: 2\n  env:\n');
  movable('toConfig', 'services:\n- type: docker:redis:7$0\n  openPorts: [1]\n  openPorts: [2]\n');
  movable('toFlags', 'services:\n- type: docker:redis:7$0\n  brooklyn.config: { docker.container.openPorts: [2] }\n');
  movable('toFlags', 'services:\n- type: docker:redis:7$0\n  brooklyn.config:\n    docker.container.openPorts: [2]\n    unknown: 1\n', 'docker.container.openPorts -> openPorts');
});
