// A folder full of blueprints and catalogs for measuring: of each two files one, in folders of fifty.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { blueprintOf } from './blueprints.ts';

/** `remove` takes it away again. */
export function workspaceOf(fileCount: number): { readonly uri: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'clocker-bench-'));
  for (let index = 0; index < fileCount; index++) {
    const inner = join(folder, `part-${Math.floor(index / 50)}`);
    mkdirSync(inner, { recursive: true });
    if (index % 2 === 0) writeFileSync(join(inner, `app-${index}.blueprint.yaml`), blueprintOf(100).text);
    else writeFileSync(join(inner, `types-${index}.bom`), catalogOf(index));
  }
  return { uri: pathToFileURL(folder).href, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function catalogOf(index: number): string {
  const item = (number: number): string => `  - id: thing-${index}-${number}
    itemType: entity
    item:
      type: ${number === 0 ? 'docker:nginx:1.25' : `thing-${index}-${number - 1}`}
      brooklyn.parameters:
      - name: size
        type: integer
        default: ${number}
      brooklyn.config:
        mode: fast
`;
  return `brooklyn.catalog:\n  version: 1.0.0\n  items:\n${[0, 1, 2, 3].map(item).join('')}`;
}
