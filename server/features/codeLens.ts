// Code lens: deploying and planning above an application, and how often each entity and catalog item is referred to.

import type { CodeLens, Location, Position } from 'vscode-languageserver-types';

import { placesOf, type TextsWith } from '#core/navigate/across.ts';
import type { Name } from '#core/navigate/name.ts';
import type { BlueprintDocument } from './document.ts';

export interface LensSettings {
  readonly deploy: boolean;
  readonly references: boolean;
}

/** Enough to find the name again when the lens is shown; small, for it travels. */
export interface LensData {
  readonly uri: string;
  readonly version: number;
  readonly start: number;
}

/** The lenses of references have no command yet: counting is for those that are seen. `hasCommands`: the editor knows Clocker's commands. */
export function codeLenses(document: BlueprintDocument, { deploy, references }: LensSettings, hasCommands: boolean): CodeLens[] {
  const { plan } = document.reading;
  const isApplication = plan !== undefined && (plan.children.length > 0 || plan.type !== undefined);
  const start = { line: 0, character: 0 };
  const range = { start, end: start };
  const actions = deploy && hasCommands && isApplication ? [lens('Deploy', 'clocker.deployBlueprint'), lens('Show Plan', 'clocker.showPlan')] : [];
  const counted = references ? document.names.declared.filter(isCounted) : [];
  return [...actions, ...counted.map(({ span }) => ({ range: document.lines.rangeOf(span), data: { uri: document.uri, version: document.version, start: span.start } satisfies LensData }))];

  function lens(title: string, command: string): CodeLens {
    return { range, command: { title, command, arguments: [document.uri] } };
  }
}

function isCounted({ kind, role, writing }: Name): boolean {
  return role === 'declaration' && (kind === 'entity' || kind === 'type') && writing !== 'elsewhere';
}

/** What `clocker.showReferences` takes. */
export interface References {
  readonly uri: string;
  readonly position: Position;
  readonly locations: readonly Location[];
}

/** The lens with its count; a count of none cannot be followed. As it was, where the document has changed since. */
export function resolveLens(lens: CodeLens, document: BlueprintDocument | undefined, textsWith: TextsWith, hasCommands: boolean): CodeLens {
  const data: unknown = lens.data;
  const name = document && isLensData(data) && data.version === document.version ? document.names.declared.find((one) => one.span.start === data.start && isCounted(one)) : undefined;
  if (!document || !name) return { ...lens, command: { title: '', command: '' } };
  const uses = placesOf({ file: document, name }, textsWith, document.context.catalog).filter((place) => place.name.role !== 'declaration');
  const title = uses.length === 1 ? '1 reference' : `${uses.length} references`;
  if (uses.length === 0 || !hasCommands) return { ...lens, command: { title, command: '' } };
  const locations = uses.map(({ file, name: { span } }) => ({ uri: file.uri, range: file.lines.rangeOf(span) }));
  const argument: References = { uri: document.uri, position: lens.range.start, locations };
  return { ...lens, command: { title, command: 'clocker.showReferences', arguments: [argument] } };
}

export function isLensData(data: unknown): data is LensData {
  return typeof data === 'object' && data !== null && 'uri' in data && typeof data.uri === 'string' && 'version' in data && typeof data.version === 'number' && 'start' in data && typeof data.start === 'number';
}
