// What the tests of navigation share: a workspace of several files as text, with the one that has the cursor open in an editor.

import assert from 'node:assert/strict';
import type { Range } from 'vscode-languageserver-types';

import type { BuiltIn } from '#core/catalog/catalog.ts';
import type { TextsWith } from '#core/navigate/across.ts';
import { Lines } from '#core/text/span.ts';
import builtIn from '../../schemas/catalog.json' with { type: 'json' };
import type { BlueprintDocument } from '../../server/features/document.ts';
import { Workspace } from '../../server/workspace.ts';
import { fixtureOf, shown, type Fixture, type FixtureFile } from '../core/navigate/texts.ts';

export interface Opened extends Fixture {
  readonly workspace: Workspace;
  readonly document: BlueprintDocument;
  readonly textsWith: TextsWith;
}

/** See test/core/navigate/texts.ts for how the fixture is written. */
export function opened(source: string): Opened {
  const fixture = fixtureOf(source);
  const workspace = new Workspace();
  workspace.learn(builtIn as BuiltIn);
  for (const { uri, text } of fixture.files) if (uri !== fixture.at.uri) workspace.save(uri, text);
  workspace.update(fixture.at.uri, 7, fixture.at.text, false);
  const document = workspace.view(fixture.at.uri);
  assert.ok(document, 'the file with the cursor is no blueprint');
  return { ...fixture, workspace, document, textsWith: workspace.textsWith };
}

/** A place as a fixture marks it. */
export function shownRange(files: readonly FixtureFile[], uri: string, range: Range): string {
  const text = files.find((file) => file.uri === uri)?.text ?? '';
  const lines = new Lines(text);
  return shown(uri, text, lines.offsetAt(range.start), lines.offsetAt(range.end));
}

/** The same text with the line ends of Windows. */
export function crlf(source: string): string {
  return source.replaceAll('\n', '\r\n').replaceAll(/^(--- .*)\r$/gm, '$1');
}

/** An item of a catalog with parameters, and a blueprint that uses it. */
export const ours = `brooklyn.catalog:
  version: "1.0"
  items:
  - id: our-web
    item:
      type: tomcat-server
      brooklyn.parameters:
      - name: our.port
        type: integer
`;
