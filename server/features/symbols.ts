// The outline: the application and its entities, their members, policies and parameters; the items of a catalog. Plain values
// are left out on purpose: an outline of every scalar is longer than the file.

import { type DocumentSymbol, SymbolKind, SymbolTag } from 'vscode-languageserver-types';

import type { AdjunctSpec, EntitySpec, ItemSpec, ParameterSpec } from '#core/blueprint/spec.ts';
import { textAt, valueOf } from '#core/blueprint/tree.ts';
import { contains, type Span } from '#core/text/span.ts';
import type { BlueprintDocument } from './document.ts';

type Outline = Pick<BlueprintDocument, 'reading' | 'lines'>;

export function symbols(document: Outline): DocumentSymbol[] {
  const { plan, items, root } = document.reading;
  // Metadata beside `services` makes one item of the whole file: the entities are shown once, as the application.
  const defined = items.filter(({ definition }) => definition?.node !== root).map((item) => itemSymbol(document, item));
  const hasPlan = plan && (plan.children.length > 0 || plan.type);
  return [...(hasPlan ? [entitySymbol(document, plan, SymbolKind.Package)] : []), ...defined];
}

function entitySymbol(document: Outline, spec: EntitySpec, kind: SymbolKind): DocumentSymbol {
  const { node, id, name, type } = spec;
  const title = name ?? id ?? type;
  const whole = tight(document, node.span);
  const label = title?.value || (kind === SymbolKind.Package ? 'application' : 'entity');
  const details = [id && id !== title ? id.value : undefined, type && type !== title ? type.value : undefined];
  return symbol(document, label, details.filter((detail) => detail !== undefined).join(' · '), kind, whole, title?.span, [
    ...spec.parameters.flatMap((parameter) => parameterSymbol(document, parameter)),
    ...spec.children.map((child) => childSymbol(document, child)),
    ...spec.specs.map(({ key, spec: member }) => {
      const shown = entitySymbol(document, member, SymbolKind.Class);
      return { ...shown, detail: [`${key}:`, shown.detail ?? ''].join(' ').trim() };
    }),
    ...spec.adjuncts.map((adjunct) => adjunctSymbol(document, adjunct)),
  ]);
}

/** Symbols of children that stay the same, with the lines on which they began. */
const known = new WeakMap<EntitySpec, { readonly line: number; readonly symbol: DocumentSymbol }>();

function childSymbol(document: Outline, spec: EntitySpec): DocumentSymbol {
  const { line } = document.lines.positionAt(spec.node.span.start);
  const same = known.get(spec);
  if (same?.line === line) return same.symbol;
  const made = entitySymbol(document, spec, SymbolKind.Class);
  known.set(spec, { line, symbol: made });
  return made;
}

function adjunctSymbol(document: Outline, { kind, node, type }: AdjunctSpec): DocumentSymbol {
  const name = textAt(valueOf(node, 'name', 'id'));
  const label = name?.value || type?.value.replace(/^.*\./, '') || kind;
  return symbol(document, label, kind, SymbolKind.Event, tight(document, node.span), (name ?? type)?.span, []);
}

function parameterSymbol(document: Outline, { node, name, type }: ParameterSpec): readonly DocumentSymbol[] {
  return name ? [symbol(document, name.value || 'parameter', type?.value ?? '', SymbolKind.Property, tight(document, node.span), name.span, [])] : [];
}

function itemSymbol(document: Outline, { node, id, name, version, itemType, isDeprecated, definition }: ItemSpec): DocumentSymbol {
  const label = id?.value || name || 'item';
  const detail = [version?.value, itemType].filter((part) => part !== undefined).join(' · ');
  const inner = definition ? (entitySymbol(document, definition, SymbolKind.Class).children ?? []) : [];
  const shown = symbol(document, label, detail, SymbolKind.Interface, tight(document, node.span), id?.span, inner);
  return isDeprecated ? { ...shown, tags: [SymbolTag.Deprecated] } : shown;
}

function symbol({ lines }: Outline, name: string, detail: string, kind: SymbolKind, whole: Span, selection: Span | undefined, children: DocumentSymbol[]): DocumentSymbol {
  // The name may stand elsewhere: behind an alias, or in the metadata around an item. An editor refuses a selection outside of the range.
  const selected = selection && contains(whole, selection) ? selection : { start: whole.start, end: whole.start };
  return { name, ...(detail !== '' && { detail }), kind, range: lines.rangeOf(whole), selectionRange: lines.rangeOf(selected), children };
}

/** A block map ends where the next thing starts; its outline ends with its last character. */
export function tight({ reading }: Pick<Outline, 'reading'>, { start, end }: Span): Span {
  const written = reading.text.slice(start, end).trimEnd();
  return { start, end: start + written.length };
}
