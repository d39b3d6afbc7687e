// Inlay hints: the present name of an old type, the value of a constant expression, the subnet of a network, the default of a
// required key that is left out. Values that may be secret are not shown, nor what is made of them.

import { type InlayHint, InlayHintKind } from 'vscode-languageserver-types';

import { looksSecret } from '#core/blueprint/mask.ts';
import { keyText, textAt, type Located } from '#core/blueprint/tree.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { Parameter } from '#core/catalog/type.ts';
import type { Placed } from '#core/check/context.ts';
import { networkDeclared, networksWanted } from '#core/check/networks.ts';
import { parameterOfKey } from '#core/check/values.ts';
import { printCoerced } from '#core/coerce/coerce.ts';
import { holdsExpression, readValue } from '#core/dsl/read.ts';
import { rootsOf, type Root } from '#core/navigate/roots.ts';
import { endOf } from '#core/refactor/blocks.ts';
import { valueBeforeRun } from '#core/resolve/constant.ts';
import type { Draft } from '#core/resolve/draft.ts';
import type { Span } from '#core/text/span.ts';
import type { BlueprintDocument } from './document.ts';
import { mayBeSaid, secretsIn, short } from './shownValues.ts';

/** Which of them are wanted. */
export interface HintSettings {
  readonly typeNames: boolean;
  readonly values: boolean;
  readonly subnets: boolean;
  readonly defaults: boolean;
}

export function inlayHints(document: BlueprintDocument, within: Span, settings: HintSettings): InlayHint[] {
  const hinter = new Hinter(document, within);
  return [
    ...(settings.typeNames ? hinter.typeNames() : []),
    ...(settings.values ? hinter.values() : []),
    ...(settings.subnets ? hinter.subnets() : []),
    ...(settings.defaults ? hinter.defaults() : []),
  ];
}

class Hinter {
  readonly #document: BlueprintDocument;
  readonly #within: Span;

  constructor(document: BlueprintDocument, within: Span) {
    this.#document = document;
    this.#within = within;
  }

  *typeNames(): Generator<InlayHint> {
    const { entities, catalog } = this.#document.context;
    for (const { spec } of entities) {
      if (!this.#isWanted(spec.node.span)) continue;
      for (const type of [spec.type, ...spec.adjuncts.map((adjunct) => adjunct.type)]) {
        const present = type && this.#isOwn(type.span) ? catalog.find(type.value)?.renamedTo : undefined;
        if (type && present !== undefined) yield* this.#hint(type.span.end, `= ${present}`, `${type.value} is an old name; this is the present one.`, InlayHintKind.Type);
      }
    }
  }

  *values(): Generator<InlayHint> {
    const { context, uri, text } = this.#document;
    if (!text.slice(this.#within.start, this.#within.end).includes('$brooklyn:')) return;
    let secrets: readonly string[] | undefined;
    for (const root of rootsOf(context, uri)) {
      for (const entity of root.written) {
        if (!this.#isWanted(entity.spec.node.span)) continue;
        for (const { key, value } of entity.spec.config) {
          if (!this.#isWanted(value.span) || looksSecret(key) || !holdsExpression(value)) continue;
          secrets ??= secretsIn(this.#document.reading.root);
          yield* this.#valuesIn(value, key, entity, root, secrets);
        }
      }
    }
  }

  *#valuesIn(node: YamlNode, key: string, entity: Draft, root: Root, secrets: readonly string[]): Generator<InlayHint> {
    if (node.aliased) return;
    const isCall = node.kind === 'map' && node.entries.some((entry) => keyText(entry)?.startsWith('$brooklyn:'));
    if (node.kind === 'list') {
      for (const item of node.items) yield* this.#valuesIn(item, key, entity, root, secrets);
    } else if (node.kind === 'map' && !isCall) {
      for (const entry of node.entries) if (!entry.merged && !looksSecret(keyText(entry) ?? '')) yield* this.#valuesIn(entry.value, key, entity, root, secrets);
    } else if (node.kind === 'map' ? isCall : holdsExpression(node)) {
      const shown = this.#valueOf(node, key, entity, root);
      const end = endOf(node, this.#document.text, node.span.start);
      if (shown !== undefined && !secrets.some((secret) => shown.includes(secret))) yield* this.#hint(end, `= ${short(shown)}`, 'The value, as far as it is known before anything runs.', undefined);
    }
  }

  #valueOf(node: YamlNode, key: string, entity: Draft, root: Root): string | undefined {
    const written = this.#document.text.slice(node.span.start, node.span.end);
    if (!mayBeSaid(written) || /\$brooklyn:literal\b/.test(written)) return undefined;
    const { value, problems } = readValue(node, this.#document.text);
    if (problems.length > 0) return undefined;
    const known = valueBeforeRun({ key, value, at: entity, from: 'entity' }, root.scope);
    if (known === undefined || known === null) return undefined;
    return typeof known === 'string' ? known : printCoerced(known);
  }

  *subnets(): Generator<InlayHint> {
    const { entities } = this.#document.context;
    const subnets = new Map(entities.flatMap((placed) => {
      const name = networkDeclared(placed);
      const cidr = name && cidrOf(placed);
      return name && cidr ? [[name.value, cidr.value] as const] : [];
    }));
    if (subnets.size === 0) return;
    for (const placed of entities) {
      for (const { value, span: place } of networksWanted(placed)) {
        const subnet = subnets.get(value);
        if (subnet !== undefined && this.#isOwn(place)) yield* this.#hint(place.end, subnet, `The subnet of the network ${value}.`, undefined);
      }
    }
  }

  *defaults(): Generator<InlayHint> {
    for (const placed of this.#document.context.entities) {
      const { spec, members } = placed;
      if (!spec.type || !this.#isWanted(spec.type.span) || !this.#isOwn(spec.type.span)) continue;
      for (const parameter of members?.parameters.values() ?? []) {
        if (!isRequiredWithDefault(parameter) || looksSecret(parameter.name) || spec.config.some(({ key }) => parameterOfKey(placed, key)?.name === parameter.name)) continue;
        const shown = typeof parameter.default === 'string' ? parameter.default : JSON.stringify(parameter.default);
        yield* this.#hint(spec.type.span.end, `${parameter.name}: ${short(shown)}`, `${parameter.name} is required; left out, it is this.`, InlayHintKind.Parameter);
      }
    }
  }

  *#hint(offset: number, label: string, tooltip: string, kind: InlayHintKind | undefined): Generator<InlayHint> {
    if (offset < this.#within.start || offset > this.#within.end) return;
    yield { position: this.#document.lines.positionAt(offset), label, tooltip, paddingLeft: true, ...(kind !== undefined && { kind }) };
  }

  #isWanted({ start, end }: Span): boolean {
    return start <= this.#within.end && this.#within.start <= end;
  }

  /** Not the copy of something that an alias repeats: there nothing is written. */
  #isOwn({ start }: Span): boolean {
    return this.#document.text[start] !== '*';
  }
}

function isRequiredWithDefault({ constraints, default: value }: Parameter): boolean {
  return value !== undefined && value !== null && (constraints === 'required' || (Array.isArray(constraints) && constraints.includes('required')));
}

function cidrOf({ spec }: Placed): Located<string> | undefined {
  const node = spec.config.findLast(({ key }) => key === 'network.cidr' || key === 'cidr')?.value;
  return node && !holdsExpression(node) ? textAt(node) : undefined;
}
