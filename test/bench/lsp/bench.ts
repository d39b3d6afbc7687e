// `npm run bench:lsp`: this language server, yaml-language-server with the schema of blueprints, and an echo server as the floor,
// over stdio, side by side on the same blueprints; then how a workspace is indexed. Prints times and ratios; exits 1 where one
// falls short. `-- 10000 workspace` measures these alone. Quote the ratios: times depend on the machine.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { languageServerFlags } from '../../../client/languageServerFlags.ts';
import { build } from '../../../scripts/build.ts';
import { blueprintOf } from './blueprints.ts';
import { Peer } from './peer.ts';
import { workspaceOf } from './workspace.ts';

const root = join(import.meta.dirname, '../../..');
/** What is asked for, by the number of lines: at most so many times the echo server; at least so many times faster than the other. */
const goals = [
  { lines: 1_000, rounds: 12, echo: 3, diagnostics: 60, completion: 10, hover: 10, open: 4, burstMs: 20 },
  { lines: 10_000, rounds: 7, echo: 3, diagnostics: 150, completion: 80, hover: 60, open: 3, burstMs: 30 },
  { lines: 50_000, rounds: 3, echo: 4, diagnostics: 250, completion: 200, hover: 200, open: 3, burstMs: 50 },
] as const;
const initializeMs = 120;
/** A workspace of so many files is read in the background. */
const indexing = { files: 1_000, lines: 1_000, ms: 5_000, diagnosticsMs: 20 };
/** While the slow one does one edit, the fast ones do so many: their p95 rests on more. */
const often = 10;

type Name = 'ours' | 'yaml' | 'echo';
const names: readonly Name[] = ['ours', 'yaml', 'echo'];
type Times = Record<'open' | 'diagnostics' | 'completion' | 'hover' | 'burst', number[]>;

const yamlServer = installed();
await build();
let isShort = false;

const starts: number[] = [];
for (let round = 0; round < 20; round++) {
  const { peer, initializeMs: took } = await start('ours');
  starts.push(took);
  await peer.stop();
}
row('initialize, p95 in ms', p95(starts), '<=', initializeMs);

const wanted = process.argv.slice(2);
for (const goal of goals.filter(({ lines }) => wanted.length === 0 || wanted.includes(String(lines)))) {
  const { lines, rounds } = goal;
  const peers = { ours: (await start('ours')).peer, yaml: (await start('yaml')).peer, echo: (await start('echo')).peer };
  const times: Record<Name, Times> = { ours: none(), yaml: none(), echo: none() };
  await measure(peers, times, lines, rounds);
  const { ours, yaml, echo } = times;
  console.log(`\n${lines} lines, p50 / p95 in ms`);
  console.table(Object.fromEntries((['open', 'diagnostics', 'completion', 'hover', 'burst'] as const).map((what) => [what, Object.fromEntries(names.map((name) => [name, `${p50(times[name][what]).toFixed(1)} / ${p95(times[name][what]).toFixed(1)}`]))])));
  row('diagnostics, p95, times the echo server', p95(ours.diagnostics) / p95(echo.diagnostics), '<=', goal.echo);
  row('diagnostics, p95, times faster', p95(yaml.diagnostics) / p95(ours.diagnostics), '>=', goal.diagnostics);
  row('completion, p95, times faster', p95(yaml.completion) / p95(ours.completion), '>=', goal.completion);
  row('hover, p95, times faster', p95(yaml.hover) / p95(ours.hover), '>=', goal.hover);
  row('opening, times faster', p50(yaml.open) / p50(ours.open), '>=', goal.open);
  row('burst, p95 in ms', p95(ours.burst), '<=', goal.burstMs);
  const [oursMB, yamlMB] = [peers.ours.peakMB, peers.yaml.peakMB];
  if (oursMB !== undefined && yamlMB !== undefined) {
    console.log(`peak memory: ours ${oursMB.toFixed(0)} MB, yaml-language-server ${yamlMB.toFixed(0)} MB, echo ${peers.echo.peakMB?.toFixed(0)} MB`);
    if (lines === 50_000) row('peak memory, part of the other', oursMB / yamlMB, '<=', 0.5);
  }
  for (const peer of Object.values(peers)) await peer.stop();
}
if (wanted.length === 0 || wanted.includes('workspace')) await measureIndexing();
process.exitCode = isShort ? 1 : 0;

/** A workspace is read while somebody types in a file beside it. */
async function measureIndexing(): Promise<void> {
  const workspace = workspaceOf(indexing.files);
  try {
    const { peer } = await Peer.start('ours', [...languageServerFlags, join(root, 'dist/server.cjs')], (section) => (section === 'clocker' ? { workspaceDiagnostics: false } : null), workspace.uri);
    const { text, editAt } = blueprintOf(indexing.lines);
    const progress = { isOver: false };
    const indexed = peer.indexed().finally(() => {
      progress.isOver = true;
    });
    await peer.open(text);
    const meanwhile: number[] = [];
    for (let key = 0; !progress.isOver; key++) {
      const at = { line: editAt[key % editAt.length] ?? 0, character: '    mode: '.length };
      meanwhile.push(await peer.type(at, '['));
      await sleep(30);
      meanwhile.push(await peer.erase(at));
      await sleep(30);
    }
    console.log(`\n${indexing.files} blueprints and catalogs, ${meanwhile.length} keystrokes meanwhile in a file of ${indexing.lines} lines`);
    row('indexing, in ms', await indexed, '<=', indexing.ms);
    row('diagnostics meanwhile, p95 in ms', p95(meanwhile), '<=', indexing.diagnosticsMs);
    await peer.stop();
  } finally {
    workspace.remove();
  }
}

async function measure(peers: Readonly<Record<Name, Peer>>, times: Readonly<Record<Name, Times>>, lines: number, rounds: number): Promise<void> {
  const { text, editAt } = blueprintOf(lines);
  const rows = text.split('\n');
  let next = 0;
  const place = (): { readonly line: number; readonly character: number } => {
    // Anywhere in the file, and never twice at one place in a row.
    const line = editAt[(next++ * 7919) % editAt.length] ?? 0;
    return { line, character: '    mode: '.length };
  };
  for (let time = 0; time < 3; time++) {
    for (const name of names) {
      times[name].open.push(await peers[name].open(text));
      if (time < 2) await peers[name].close();
    }
  }
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      const peer = peers[name];
      for (let time = 0; time < (name === 'yaml' ? 1 : often); time++) {
        const at = place();
        times[name].diagnostics.push(await peer.type(at, '['), await peer.erase(at));
        for (const what of ['completion', 'hover'] as const) {
          const end = { line: at.line, character: rows[at.line]?.length ?? 0 };
          times[name][what].push(await peer.ask(`textDocument/${what}`, end, what === 'completion' ? { line: at.line, character: end.character + 1 } : { line: at.line - 4, character: 3 }));
          await peer.erase(end).catch(() => 0);
        }
      }
    }
  }
  for (let round = 0; round < 3; round++) {
    for (const name of names) {
      const at = place();
      for (let key = 0; key < 29; key++) {
        peers[name].send(at, at, '[');
        await sleep(30);
      }
      times[name].burst.push(await peers[name].type(at, '['));
      peers[name].send(at, { line: at.line, character: at.character + 30 }, '');
      await peers[name].settled(false);
    }
  }
}

function start(name: Name): Promise<{ readonly peer: Peer; readonly initializeMs: number }> {
  switch (name) {
    case 'ours':
      return Peer.start(name, [...languageServerFlags, join(root, 'dist/server.cjs')]);
    case 'echo':
      return Peer.start(name, [join(import.meta.dirname, 'echo.ts')]);
    case 'yaml': {
      const schemas = { [pathToFileURL(join(root, 'schemas/blueprint.schema.json')).href]: '*.blueprint.yaml' };
      const settings = { schemas, validate: true, completion: true, hover: true, schemaStore: { enable: false }, maxItemsComputed: 5000 };
      return Peer.start(name, [yamlServer], (section) => (section === 'yaml' ? settings : {}));
    }
  }
}

/** The newest one from the registry, put where generated things are. */
function installed(): string {
  const folder = join(root, '.cache/bench-lsp');
  const bin = join(folder, 'node_modules/yaml-language-server/bin/yaml-language-server');
  if (!existsSync(bin)) {
    mkdirSync(folder, { recursive: true });
    execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, 'yaml-language-server@latest'], { stdio: 'inherit' });
  }
  return bin;
}

function row(what: string, value: number, relation: '<=' | '>=', goal: number): void {
  const isMet = relation === '<=' ? value <= goal : value >= goal;
  isShort ||= !isMet;
  console.log(`${isMet ? 'met  ' : 'SHORT'} ${what}: ${value.toFixed(value < 10 ? 2 : 0)} (${relation} ${goal})`);
}

function none(): Times {
  return { open: [], diagnostics: [], completion: [], hover: [], burst: [] };
}

function p50(times: readonly number[]): number {
  return quantile(times, 0.5);
}

function p95(times: readonly number[]): number {
  return quantile(times, 0.95);
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}
