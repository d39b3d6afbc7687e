// The mistakes in the YAML that Clocker itself shipped, and which diagnostic finds each.

import { defects, show, type Checked, type Defect } from './corpus.ts';

export interface FoundDefect {
  readonly defect: Defect;
  /** `absent`: no file of that path, or none with the mistake, is among those that are here. */
  readonly state: 'found' | 'absent' | 'missed' | 'no defect';
  /** The diagnostic, or the reason. */
  readonly because: string;
}

const codes: Readonly<Record<string, string>> = {
  'AFFINITY-BAD-VERB': 'invalid-affinity-rule',
  'DANGLING-REF': 'unknown-entity-reference',
  'NETWORK-UNDECLARED': 'undeclared-network',
  'UNKNOWN-TYPE': 'unknown-type',
  'UNQUOTED-NUMERIC-VERSION': 'unquoted-version',
  'YAML-INVALID': 'invalid-yaml',
};

/** On a second look these are none; each reason was checked by eye. */
const noDefects: readonly { readonly rule: string; readonly path: string; readonly detail: string; readonly reason: string }[] = [
  { rule: 'DANGLING-REF', path: 'swarm/tests/swarm/swarm.tests.bom', detail: 'ca-server', reason: 'the type docker-swarm of the same repository brings a child with the id ca-server along' },
  ...['clocker.bom', 'dist/src/main/assembly/conf/brooklyn/default.catalog.bom'].flatMap((path) =>
    ['MaxContainers', 'BreadthFirst'].map((name) => ({
      rule: 'UNKNOWN-TYPE',
      path,
      detail: `brooklyn.location.docker.strategy.${name}PlacementStrategy`,
      reason: 'the name that the strategy had from 0.7 to 1.0; every name a type ever had is understood here',
    })),
  ),
];

export function findDefects(all: readonly Checked[]): readonly FoundDefect[] {
  return defects().map((defect) => find(defect, all));
}

function find(defect: Defect, all: readonly Checked[]): FoundDefect {
  const files = all.filter(({ published }) => published.repository.endsWith('/clocker') && published.path === defect.path);
  const isAnywhere = defect.rule === 'UNQUOTED-NUMERIC-VERSION' || defect.rule === 'YAML-INVALID';
  for (const file of files) {
    const hit = file.diagnostics.find(({ code, span, message }) => code === codes[defect.rule] && (isAnywhere || message.includes(defect.detail) || file.reading.text.slice(span.start, span.end).includes(defect.detail) || defect.detail.includes(file.reading.text.slice(span.start, span.end))));
    if (hit) return { defect, state: 'found', because: show(file, hit) };
  }
  const known = noDefects.find(({ rule, path, detail }) => rule === defect.rule && path === defect.path && detail === defect.detail);
  if (known) return { defect, state: 'no defect', because: known.reason };
  const needle = defect.rule === 'UNQUOTED-NUMERIC-VERSION' ? /version: 1\.0\s/ : defect.rule === 'YAML-INVALID' ? /\/v2\.0\/: \{|:\/\/\S*\s\S*: \S/ : undefined;
  const holders = files.filter(({ reading }) => (needle ? needle.test(reading.text) : reading.text.includes(defect.detail)));
  return holders.length === 0 ? { defect, state: 'absent', because: 'no file with this mistake is here' } : { defect, state: 'missed', because: holders.map(({ published }) => published.file).join(', ') };
}
