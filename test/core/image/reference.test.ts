// Image references: their parts, familiar and canonical form, and what is wrong in one that is refused.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { canonicalForm, familiarForm, isImageId, parseDockerType, parseReference, printReference, type ParsedReference } from '#core/image/reference.ts';

const hex = '0123456789abcdef'.repeat(4);

function check(text: string, canonical: string, familiar = text): void {
  const parsed = parseReference(text);
  assert.ok(parsed.ok, text);
  assert.equal(printReference(parsed.value), text);
  assert.equal(canonicalForm(parsed.value), canonical);
  assert.equal(familiarForm(parsed.value), familiar);
}

/** `marked` has the wrong part in angle brackets. */
function checkRefused(marked: string, problem: string, suggestion?: string, parse: (text: string) => ParsedReference = parseReference): void {
  const text = marked.replace('<', '').replace('>', '');
  const parsed = parse(text);
  assert.ok(!parsed.ok, text);
  const { start, end } = parsed.span;
  assert.equal(`${text.slice(0, start)}<${text.slice(start, end)}>${text.slice(end)}`, marked);
  assert.equal(parsed.problem, problem);
  assert.equal(parsed.suggestion, suggestion);
}

test('references in their forms', () => {
  check('redis', 'docker.io/library/redis:latest');
  check('redis:7', 'docker.io/library/redis:7');
  check('team/app', 'docker.io/team/app:latest');
  check('docker.io/library/redis:7', 'docker.io/library/redis:7', 'redis:7');
  check('index.docker.io/redis', 'docker.io/library/redis:latest', 'redis');
  check('localhost/app', 'localhost/app:latest');
  check('registry.example:5000/team/app:1.0', 'registry.example:5000/team/app:1.0');
  check('[::1]:5000/app', '[::1]:5000/app:latest');
  check(`redis@sha256:${hex}`, `docker.io/library/redis@sha256:${hex}`);
  check(`quay.io/a/b:1@sha256:${hex}`, `quay.io/a/b:1@sha256:${hex}`);
  check('a__b/c--d.e', 'docker.io/a__b/c--d.e:latest');
});

test('what is wrong in a reference', () => {
  checkRefused('<>', 'The image is missing; write for example redis:7.');
  checkRefused('<Redis>:7', 'The name of an image is written in lower case.', 'redis:7');
  checkRefused('<Team>/app', 'The name of an image is written in lower case.', 'team/app');
  checkRefused('team/<App>:1', 'The name of an image is written in lower case.', 'team/app:1');
  checkRefused('redis< >:7', 'An image reference has no blanks in it.', 'redis:7');
  checkRefused('<https://>registry.example/app/', 'An image is not a URL: leave the protocol away.', 'registry.example/app');
  checkRefused('redis<:>', 'The tag is missing after ":".');
  checkRefused('redis:<-1>', '"-1" is not a tag: it has letters, digits, "_", "." and "-", and does not begin with "." or "-".');
  checkRefused(`redis:<${'1'.repeat(129)}>`, 'A tag has at most 128 characters, this one 129.');
  checkRefused('<a_>/b', '"a_" is not a name of an image: it has lower-case letters and digits, and between them ".", "_", "__" or "-".');
  checkRefused('a<//>b', 'A part of the name is empty: there is a "/" too many.');
  checkRefused('<-a.example>/b', '"-a.example" is not the address of a registry; write host or host:port, for example registry.example:5000.');
  checkRefused('redis@<sha256:12>', 'This is not a digest; it is an algorithm and hex digits, as in sha256: followed by 64 of them.');
  checkRefused(`redis@<sha256:${hex}00>`, 'A sha256 digest has 64 hex digits, this one 66.');
  checkRefused(`redis@<md5>:${hex}`, '"md5" is not an algorithm that is known; use sha256.');
  checkRefused(`<${hex}>`, 'This is the id of an image on one host; name the image, so that every host can get it.');
  checkRefused(`<${'a/'.repeat(128)}b>`, 'The name of an image has at most 255 characters, this one 257.');
});

test('service types that name an image', () => {
  const parsed = parseDockerType('docker:mysql:5.7');
  assert.deepEqual(parsed, { ok: true, value: { path: 'mysql', tag: '5.7' } });
  checkRefused('docker:<MySQL>:5.7', 'The name of an image is written in lower case.', 'docker:mysql:5.7', parseDockerType);
  checkRefused('docker:<https://>host:5000/', 'An image is not a URL: leave the protocol away.', 'docker:host:5000', parseDockerType);
  checkRefused('<mysql>', 'A type that names an image begins with "docker:".', 'docker:mysql', parseDockerType);
});

test('ids of images', () => {
  assert.deepEqual([hex, `sha256:${hex}`, hex.slice(0, 12), 'redis', `${hex}0`].map(isImageId), [true, true, true, false, false]);
});

test('parse of print is identity, and the forms name the same image', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,5}([._-][a-z0-9]{1,3})?$/);
  const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined });
  const parts = fc.tuple(
    optional(fc.constantFrom('localhost', 'r.example', 'R.example:5000', 'docker.io', '[::1]')),
    fc.array(word, { minLength: 1, maxLength: 3 }),
    optional(fc.stringMatching(/^\w[\w.-]{0,9}$/)),
    optional(fc.constant(`sha256:${hex}`)),
  );
  fc.assert(
    fc.property(parts, ([registry, names, tag, digest]) => {
      // A first name with a dot would be a registry.
      fc.pre(registry !== undefined || names.length === 1 || !names[0]?.includes('.'));
      const reference = { ...(registry === undefined ? {} : { registry }), path: names.join('/'), ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
      assert.deepEqual(parseReference(printReference(reference)), { ok: true, value: reference });
      const familiar = parseReference(familiarForm(reference));
      assert.ok(familiar.ok);
      assert.equal(canonicalForm(familiar.value), canonicalForm(reference));
    }),
  );
});

test('reading never throws, and what is wrong lies within the text', () => {
  const texts = fc.array(fc.constantFrom('a', 'B', '1', '.', ':', '/', '@', '-', '_', '[', ']', 'sha256', ' ', 'é')).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parseReference(text);
      if (parsed.ok) assert.equal(printReference(parsed.value), text);
      else assert.ok(parsed.span.start >= 0 && parsed.span.start <= parsed.span.end && parsed.span.end <= text.length);
    }),
    { numRuns: 2000 },
  );
});
