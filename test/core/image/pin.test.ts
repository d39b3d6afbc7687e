// Which bytes a tag stands for: who has what, what the registry says -> whether it is asked, and what is meant.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasPinned, mustAsk, pinOf, runsOn, type HeldImage, type PullPolicy, type Told } from '#core/image/pin.ts';

/** `1@a` is the image with the id 1, known to a registry as a; `-` is none. */
function heldOf(text: string): ReadonlyMap<string, HeldImage | undefined> {
  return new Map(text.split(' ').map((one, index) => {
    const [imageId = '', ...digests] = one.split('@');
    return [`h${index + 1}`, one === '-' ? undefined : { imageId, digests }];
  }));
}

function check(policy: PullPolicy, held: string, answer: string, { told, image = 'redis:7' }: { readonly told?: Told; readonly image?: string } = {}): void {
  test(`pin: ${image} ${policy}, ${held}, ${told === undefined ? 'nobody asked' : 'digest' in told ? `the registry has ${told.digest}` : told.problem}`, () => {
    const use = { image, policy, held: heldOf(held) };
    const { digest, note } = pinOf(use, told);
    assert.equal(`${mustAsk(use) ? 'asks' : 'asks nobody'}, ${digest ?? 'each its own'}${note === undefined ? '' : `; ${note}`}`, answer);
  });
}

const has = (digest: string): { readonly told: Told } => ({ told: { digest, platforms: [] } });
const down = { told: { problem: 'it is down' } };
const unknown = 'it is down, so whether redis:7 has moved is not known: what the hosts have of it is used';
check('missing', '- -', 'asks, each its own');
check('missing', '- -', 'asks, b', has('b'));
check('missing', '- -', 'asks, each its own', down);
check('missing', '1@a 1@a', 'asks nobody, each its own');
check('missing', '1@a -', 'asks nobody, a');
check('missing', '- 1', 'asks nobody, each its own');
check('missing', '1@a 1', 'asks nobody, each its own');
check('missing', '1@a 2@b', 'asks, b', has('b'));
check('missing', '1@a 2@b', `asks, a; ${unknown}`, down);
check('missing', '1 2', 'asks nobody, each its own');
check('always', '1@a 1@a', 'asks, b', has('b'));
check('always', '1@a 1@a', `asks, each its own; ${unknown}`, down);
check('always', '1 1', 'asks nobody, each its own');
check('never', '1@a -', 'asks nobody, each its own');
check('always', '1@a -', 'asks nobody, each its own', { image: `redis@sha256:${'0'.repeat(64)}` });

test('pin: one that came from another host is known by its id', () => {
  const [one, two, three] = [...heldOf('1@a 1 2').values()];
  assert.deepEqual([one, two, three, undefined].map((held) => hasPinned(held, 'a', [one, two, three])), [true, true, false, false]);
});

test('platforms: what runs where', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [['linux/amd64', 'linux/amd64', true], ['linux/arm64', 'linux/arm64/v8', true], ['linux/arm64', 'linux/arm/v7', true], ['linux/amd64', 'linux/386', true], ['linux/amd64', 'linux/arm64', false], ['linux/arm64', 'windows/arm64', false], ['linux/arm', 'linux/arm64', false]];
  assert.deepEqual(cases.map(([host, image]) => runsOn(host, [image])), cases.map(([, , answer]) => answer));
});
