// What images are built from, as it is written; what is filled into Dockerfiles; what the images are called.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { argsOf, imageBuild, isBuiltName, isUnread, repositoryOf, shownSource, templateOf } from '#core/image/imageBuild.ts';
import { nameOfPlace, readPlace, shownPlace } from '#core/image/buildSource.ts';

const hex = 'ab'.repeat(32);

function checkPlace(written: string, expected: string, name: string): void {
  const read = readPlace(written);
  assert.deepEqual(['problem' in read ? read.problem : Object.values(read.place).join(' '), nameOfPlace(written)], [expected, name]);
}

test('places: paths, addresses and repositories, with refs, folders and checksums', () => {
  checkPlace('./web', 'path ./web', 'web');
  checkPlace('web/Dockerfile', 'path web/Dockerfile', 'web');
  checkPlace('web/dev.Dockerfile', 'path web/dev.Dockerfile', 'dev');
  checkPlace('Dockerfile', 'path Dockerfile', '');
  checkPlace('C:\\shop\\web', 'path C:\\shop\\web', 'web');
  checkPlace('a#b/web', 'path a#b/web', 'web');
  checkPlace(`web.tgz#sha256:${hex.toUpperCase()}`, `path web.tgz ${hex}`, 'web');
  checkPlace('https://example.org/brooklyn-clocker/mysql-5.6.tgz', 'web https://example.org/brooklyn-clocker/mysql-5.6.tgz', 'mysql-5.6');
  checkPlace(`https://example.org/a/UsesJavaDockerfile?x=1#sha256:${hex}`, `web https://example.org/a/UsesJavaDockerfile?x=1 ${hex}`, 'UsesJava');
  checkPlace('https://example.org/', 'web https://example.org/', '');
  checkPlace('data:,FROM%20scratch', 'web data:,FROM%20scratch', '');
  checkPlace('https://github.com/docker-library/mysql.git', 'git https://github.com/docker-library/mysql.git', 'mysql');
  checkPlace('https://github.com/docker-library/mysql.git#master:8.0', 'git https://github.com/docker-library/mysql.git master 8.0', '8.0');
  checkPlace('github.com/a/shop#v1', 'git https://github.com/a/shop v1', 'shop');
  checkPlace('git@example.org:a/shop.git#:web/', 'git git@example.org:a/shop.git web', 'web');
  checkPlace('ssh://git@example.org/a/shop#feature/x', 'git ssh://git@example.org/a/shop feature/x', 'shop');
  checkPlace('file:///srv/shop.git', 'git file:///srv/shop.git', 'shop');
  checkPlace('  ', 'the place of the Dockerfile is missing; write a path, an address with https:, or a git repository', '');
  checkPlace('classpath://x/Dockerfile', 'addresses with classpath: are not read here; write an address with https:, a path, or a git repository', '');
  checkPlace('ext::sh -c evil', 'addresses with ext: are not read here; write an address with https:, a path, or a git repository', '');
  checkPlace('https://example.org/a#main', 'after # stands a checksum, as in #sha256: followed by 64 hex digits, not "main"; of a git repository the address ends with .git', '');
  checkPlace('x.tgz#sha256:12', 'a checksum is sha256: followed by 64 hex digits', '');
  checkPlace('https:///x', 'https:///x is no address', '');
  checkPlace('https://example.org/a.git#-x', '"-x" is no branch, tag or commit', '');
  checkPlace('https://example.org/a.git#main:../..', 'the folder ../.. leads out of the repository', '');
});

test('of any text: one place or one sentence, and no password is shown', () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const read = readPlace(text);
    if ('problem' in read) assert.doesNotMatch(read.problem, /[\r\n]/);
    assert.ok(shownPlace(text).length <= 120);
    assert.doesNotMatch(shownPlace(text), /[\r\n]/);
  }));
  assert.equal(shownPlace('https://ann:hunter2@example.org/x.tgz?key=abc#sha256:1'), 'https://ann:********@example.org/x.tgz?...#sha256:1');
  assert.equal(shownSource({ dockerfile: 'web', context: 'files.tgz', entrypoint: 'start.sh' }), 'web, with files from files.tgz and the entry point start.sh');
});

/** The template with what is Docker's own in brackets. */
function checkTemplate(text: string, expected: string | undefined, names: readonly string[] = ['name']): void {
  assert.equal(templateOf(text, names)?.text.replaceAll(/\$\{'(.)'\}/g, '[$1]'), expected);
}

test('only what somebody gives is filled in; the rest is Docker\'s own', () => {
  checkTemplate('FROM a\nENV PATH=${PATH}:/x\n', undefined);
  checkTemplate('RUN x="${a:-b}"; y=${x##*/} <<EOF\n', undefined);
  checkTemplate('ENV A=${name} B=${other}', 'ENV A=${name} B=[$]{other}');
  checkTemplate('ENV A=${other:-${name}}', 'ENV A=[$]{other:-${name}}');
  checkTemplate('ENV A=${ name!"x" } $name', 'ENV A=${ name!"x" } $name');
  checkTemplate("ENV A=${config['a.b']} B=${entity.id} C=${config} D=${entity:-x}", "ENV A=${config['a.b']} B=${entity.id} C=[$]{config} D=[$]{entity:-x}");
  checkTemplate('<#list list as p>\nEXPOSE ${p}\n</#list>\nRUN <#x ${q}', '<#list list as p>\nEXPOSE ${p}\n</#list>\nRUN [<]#x [$]{q}', ['list']);
  checkTemplate('ENV A=${', undefined);
  checkTemplate('ENV A=${name} ${', 'ENV A=${name} [$]{');
  const asksSecret = (text: string): boolean | undefined => templateOf(text, ['name', 'password'])?.asksSecret;
  assert.deepEqual(['${name}', '${password}', "${config['db.password']}", '${entity.password}', 'ENV PASSWORD=${PASSWORD} ${name}'].map(asksSecret), [false, true, true, true, false]);
});

test('the name of an image tells what it is built of', () => {
  const source = { dockerfile: './Web Shop!' };
  assert.deepEqual([repositoryOf(source, undefined), repositoryOf(source, 'My_Name'), repositoryOf({ dockerfile: 'Dockerfile' }, ' '), repositoryOf({ dockerfile: 'Dockerfile', context: 'x.zip' }, undefined)], ['web-shop', 'my-name', 'image', 'x'].map((name) => `localhost/clocker-built/${name}`));
  const found = { dockerfile: 'Dockerfile', text: '', digest: 'd' };
  const build = (text: string, args = {}, digest = 'd') => imageBuild(source, 'localhost/clocker-built/web', { ...found, digest }, { text, args });
  const images = [build('FROM a'), build('FROM b'), build('FROM a', { A: '1' }), build('FROM a', {}, 'e')].map(({ image }) => image);
  assert.equal(new Set(images).size, 4);
  assert.equal(build('FROM a').image, images[0]);
  assert.ok(images.every((image) => isBuiltName(image) && !isUnread(image) && /^localhost\/clocker-built\/web:[0-9a-f]{24}$/.test(image)));
  assert.ok(isUnread('localhost/clocker-built/web'));
  const bases = (text: string): readonly string[] => build(text).bases;
  assert.deepEqual(bases('ARG V=1\nFROM --platform=linux/amd64 golang:1 AS build\nRUN x\nFROM busybox:1\nCOPY --from=build a b'), ['golang:1', 'busybox:1']);
  assert.deepEqual(bases('FROM a AS one\nFROM One AS two\nFROM two'), ['a']);
  assert.deepEqual(bases('FROM scratch'), []);
  assert.deepEqual(bases('ARG X=a\nFROM ${X}'), []);
});

test('the same content on another base is another image; where nobody knows what the base is now, the one that runs is kept', () => {
  const repository = 'localhost/clocker-built/web';
  const build = (text: string, baseDigests?: Readonly<Record<string, string>>, running: readonly string[] = []) =>
    imageBuild({ dockerfile: 'web' }, repository, { dockerfile: 'Dockerfile', text: '', digest: 'd', running, ...(baseDigests && { baseDigests }) }, { text, args: {} });
  const [unknown, one, two] = [build('FROM a'), build('FROM a', { a: 'sha256:1', other: 'sha256:3' }), build('FROM a', { a: 'sha256:2' })];
  assert.equal(new Set([unknown.image, one.image, two.image]).size, 3);
  assert.match(one.image, new RegExp(`^${unknown.image}-[0-9a-f]{8}$`));
  assert.deepEqual([unknown.pins, one.pins], [{}, { a: 'sha256:1' }]);
  assert.equal(build('FROM a', {}, ['localhost/clocker-built/web:0', one.image]).image, one.image);
  assert.equal(build('FROM a', { a: 'sha256:2' }, [one.image]).image, two.image);
  assert.equal(build('FROM a\nFROM b', { a: 'sha256:1' }, [one.image]).image, build('FROM a\nFROM b').image);
  assert.equal(build('FROM a@sha256:1').image, build('FROM a@sha256:1', { a: 'sha256:2' }).image);
  assert.equal(build('FROM scratch').image, build('FROM scratch', {}, [one.image]).image);
});

test('values become arguments where the Dockerfile declares them', () => {
  assert.deepEqual(argsOf('ARG B=2 C\nFROM a\narg A\nENV D=1', new Map([['A', '1'], ['B', 'x y'], ['D', '4']])), { A: '1', B: 'x y' });
});
