// Before anybody types, the server has typed: a small blueprint of its own is opened, edited and asked about, a key whenever
// there is nothing else to do. What every keystroke needs is then compiled; without it the first keys cost several times the later ones.

import { setImmediate, setTimeout } from 'node:timers/promises';

import type { BuiltIn } from '#core/catalog/catalog.ts';
import { complete } from './features/completion/complete.ts';
import { diagnosticsOf } from './features/diagnostics.ts';
import { hover } from './features/hover.ts';
import { Workspace } from './workspace.ts';

const uri = 'rehearsal:/rehearsal.blueprint.yaml';
/** What an editor asks for at its start comes first. */
const calmMs = 500;
/** So many until a key costs what it will always cost. */
const keys = 300;

const service = (index: number): string => `- type: docker:redis:7
  id: store-${index}
  openPorts: [6379]
  brooklyn.config:
    mode: fast
- type: tomcat-server
  id: web-${index}
  brooklyn.config:
    http.port: 8080+
    mode: fast
    db.url: $brooklyn:formatString("redis://%s", entity("store-${index}").attributeWhenReady("host.address"))
  brooklyn.children:
  - type: docker:nginx:1.25
    env: { MODE: $brooklyn:entity("store-${index}").config("mode") }
`;

export async function rehearse(builtIn: BuiltIn): Promise<void> {
  await setTimeout(calmMs, undefined, { ref: false });
  const text = `location: localhost\nservices:\n${Array.from({ length: 12 }, (_, index) => service(index)).join('')}`;
  const workspace = new Workspace();
  workspace.learn(builtIn);
  workspace.update(uri, 0, text, true);
  const places = [...text.matchAll(/(?<=mode: )fast/g)].map(({ index }) => index);
  for (let key = 0; key < keys; key++) {
    await setImmediate();
    const document = workspace.view(uri);
    if (!document) return;
    // A bracket that is not closed, and away with it.
    const start = document.lines.positionAt(places[(key >> 1) % places.length] ?? 0);
    const isTyped = key % 2 === 0;
    workspace.change(uri, key, [{ range: { start, end: isTyped ? start : { ...start, character: start.character + 1 } }, text: isTyped ? '[' : '' }]);
    workspace.settle();
    const edited = workspace.view(uri);
    if (!edited) return;
    JSON.stringify(diagnosticsOf(edited));
    const offset = edited.lines.offsetAt(start);
    if (key % 5 === 0) complete(edited, offset, { snippets: true, asIs: true, suggestAgain: undefined }, { hosts: [] });
    if (key % 5 === 1) hover(edited, offset);
  }
}
