// The walls that the compiler does not see: who imports whom, and what core/ must not know. See ARCHITECTURE.md.

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

interface Wall {
  /** A folder or a file, with a slash at its start. */
  readonly of: string;
  readonly may: readonly RegExp[];
}

/** The first wall that a file stands behind holds for it. `#core/x.ts` reads as `/core/x.ts`, a relative import as the file it names. */
const walls: readonly Wall[] = [
  { of: '/core/blueprint/yaml.ts', may: [/^\/core\//, /^yaml$/] },
  { of: '/core/', may: [/^\/core\//] },
  { of: '/server/features/', may: [/^\/(core|server\/features)\//, /^vscode-languageserver-types$/] },
  { of: '/server/', may: [/^\/(core|server|schemas)\//, /^vscode-languageserver(-types|-textdocument|\/.*)?$/, /^node:/] },
  { of: '/client/engine/', may: [/^\/(core|client\/engine)\//, /^\/client\/provision\/provisioner\.ts$/, /^p-limit$/] },
  { of: '/client/provision/provisioner.ts', may: [/^\/core\//] },
  { of: '/client/docker/', may: [/^\/(core|client\/(engine|docker))\//, /^(?!vscode)[a-z@][^:]*$/, /^node:/] },
  { of: '/client/ui/', may: [/^\/client\/languageServerFlags\.ts$/, /^\/(core|client\/(engine|ui)|schemas)\//, /^vscode$/, /^vscode-languageclient(\/.*)?$/, /^node:/] },
  { of: '/client/extension.ts', may: [/^\/(core|client)\//, /^vscode$/] },
  { of: '/client/', may: [/^\/(core|client\/(?!ui\/)|schemas|package\.json$)/, /^(?!vscode)[a-z@][^:]*$/, /^node:/] },
];

/** What makes the same question give another answer, or waits. */
const impure = /\b(Date\.now|new Date\(\)|Math\.random|performance\.|crypto\.|process\.|set(Timeout|Interval|Immediate)|queueMicrotask|console\.)/;

const sources = globSync('{core,server,client}/**/*.ts').toSorted().map((path) => ({ path: `/${path.replaceAll('\\', '/')}`, text: readFileSync(path, 'utf8') }));

test('every import goes in an allowed direction', () => {
  const wrong = sources.flatMap(({ path, text }) => {
    const wall = walls.find(({ of }) => path === of || path.startsWith(of));
    return importsOf(path, text).filter((it) => !wall?.may.some((may) => may.test(it))).map((it) => `${path} imports ${it}`);
  });
  assert.deepEqual(wrong, []);
});

test('no file needs one that needs it, but for values and the entities that they name', () => {
  const left = new Map(sources.map(({ path, text }) => [path, importsOf(path, text).filter((name) => name.endsWith('.ts'))]));
  // What needs nothing that is left goes, until nothing more can.
  for (let gone = -1; gone !== left.size; ) {
    gone = left.size;
    for (const [path, names] of left) if (!names.some((name) => left.has(name))) left.delete(path);
  }
  // The same from above: what nobody needs is in no circle.
  for (let gone = -1; gone !== left.size; ) {
    gone = left.size;
    for (const path of left.keys()) if (![...left.values()].some((names) => names.includes(path))) left.delete(path);
  }
  assert.deepEqual([...left.keys()], ['/core/dsl/scope.ts', '/core/dsl/value.ts']);
});

test('core/ knows no clock, no chance and no process', () => {
  const wrong = sources.filter(({ path }) => path.startsWith('/core/')).flatMap(({ path, text }) => text.split('\n')
    .flatMap((line, index) => impure.test(line.replace(/\/\/.*|^\s*\/?\*.*/, '')) ? [`${path}:${index + 1} ${line.trim()}`] : []));
  assert.deepEqual(wrong, []);
});

test('no file is a barrel', () => {
  const barrels = sources.filter(({ text }) => /^export \* from /m.test(text) || (/^export (type )?\{[^}]*\} from /m.test(text) && !/^(export )?(async )?(const|function|class|interface|type \w+ =)/m.test(text)));
  assert.deepEqual(barrels.map(({ path }) => path), []);
});

function importsOf(path: string, text: string): readonly string[] {
  const names = [...text.matchAll(/^(?:import|export)\s[^;]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  return names.map((name) => name.replace(/^#core/, '/core')).map((name) => name.startsWith('.') ? join(dirname(path), name).replaceAll('\\', '/') : name);
}
