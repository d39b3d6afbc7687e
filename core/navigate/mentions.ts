// What an expression speaks of: entities by their ids, config keys and sensors of whom, types. Follows chains from entity to
// entity as far as the text says where they lead; what it cannot follow is mentioned all the same, without a holder.

import { literalText } from '#core/dsl/checkReferences.ts';
import { functionNamed, parameterAt, scopeWord, signatureFor } from '#core/dsl/functions.ts';
import { unchain } from '#core/dsl/read.ts';
import { find, relative, type ScopeEntity, type SearchScope } from '#core/dsl/scope.ts';
import { childrenOf, plainName, type Call, type Expression, type Link, type MapValue } from '#core/dsl/tree.ts';
import type { Writing } from '#core/navigate/name.ts';
import { writtenAt, type Written } from '#core/navigate/writing.ts';
import type { Span } from '#core/text/span.ts';

export type Mention = { readonly word: string; readonly span: Span; readonly writing: Writing } & (
  /** `application`: the id of another application that it is looked for in. */
  | { readonly kind: 'entity'; readonly target: ScopeEntity | undefined; readonly application?: string }
  | { readonly kind: 'application' }
  | { readonly kind: 'configKey'; readonly holder: ScopeEntity | undefined }
  /** `isAwaited`: its value is waited for. */
  | { readonly kind: 'sensor'; readonly holder: ScopeEntity | undefined; readonly isAwaited: boolean }
  | { readonly kind: 'type' }
  /** A config key of an object of a type. */
  | { readonly kind: 'typeKey'; readonly typeName: string }
);

/** `self` is the entity that the expression stands at. `isOwn` tells of a described entity that it is looked at by itself. */
export function mentionsIn(expression: Expression, self: ScopeEntity, source: string, isOwn: (place: Span) => boolean = () => false): readonly Mention[] {
  const walker = new Walker(self, source, isOwn);
  walker.expression(expression);
  return walker.mentions;
}

/** Where a chain has led to: to an entity, into another application, or nobody knows where. */
interface Standing {
  readonly entity?: ScopeEntity | undefined;
  readonly application?: string;
}

const nowhere: Standing = {};

class Walker {
  readonly mentions: Mention[] = [];
  readonly #self: ScopeEntity;
  readonly #source: string;
  readonly #isOwn: (place: Span) => boolean;

  constructor(self: ScopeEntity, source: string, isOwn: (place: Span) => boolean) {
    this.#self = self;
    this.#source = source;
    this.#isOwn = isOwn;
  }

  expression(expression: Expression): Standing {
    if (expression.kind === 'chain') return this.#chain(expression.links);
    for (const child of childrenOf(expression)) this.expression(child);
    return nowhere;
  }

  #chain(links: readonly Link[]): Standing {
    let standing: Standing = { entity: this.#self };
    for (const [index, link] of links.entries()) {
      if (link.kind === 'call') standing = this.#call(link, standing, index === 0);
      else {
        this.expression(link.key);
        standing = nowhere;
      }
    }
    return standing;
  }

  #call(call: Call, standing: Standing, isFirst: boolean): Standing {
    const unchained = isFirst ? unchain(call) : undefined;
    if (unchained) return this.#chain(unchained.links);
    const name = plainName(call.name);
    const [first] = call.args;
    if (name === 'literal') return nowhere;
    if (name === 'entitySpec' && first && this.#isOwn(first.span)) return nowhere;
    if ((name === 'object' || name === 'entitySpec') && first?.kind === 'map') this.#typedMap(first);
    const holders = call.args.map((argument) => this.expression(argument));
    const known = functionNamed(name);
    if (!known) return nowhere;
    const signature = signatureFor(known, call.args.length) ?? known.signatures[0] ?? [];
    const application = name === 'application' ? first && literalText(first) : undefined;
    let result: Standing = name === 'self' ? standing : application === undefined ? nowhere : { application };
    if ((name === 'parent' || name === 'root' || name === 'scopeRoot') && standing.entity) result = { entity: relative(standing.entity, name) };
    for (const [index, argument] of call.args.entries()) {
      const word = literalText(argument);
      if (word === undefined || word === '') continue;
      const written = this.#written(argument, word);
      switch (parameterAt(signature, index)?.kind) {
        case 'entityId':
          if (name === 'application') this.mentions.push({ kind: 'application', word, ...written });
          else result = this.#entity(call, name, word, written, standing);
          break;
        case 'configKey':
          this.mentions.push({ kind: 'configKey', word, ...written, holder: index === 0 ? standing.entity : holders[0]?.entity });
          break;
        case 'sensorName':
          this.mentions.push({ kind: 'sensor', word, ...written, holder: index === 0 ? standing.entity : undefined, isAwaited: name.startsWith('attributeWhenReady') });
          break;
        case 'typeName':
          this.mentions.push({ kind: 'type', word, ...written });
          break;
        case 'text':
          if (name === 'template') this.#template(argument.span, standing.entity);
          break;
        case 'scope':
        case 'index':
        case 'pattern':
        case 'map':
        case 'list':
        case 'objectWithConfig':
        case 'objectPlan':
        case 'whenReadyOptions':
        case 'anything':
        case undefined:
      }
    }
    return result;
  }

  #entity(call: Call, name: string, word: string, written: Written, standing: Standing): Standing {
    const scope = scopeFor(call, name);
    if (scope === 'applications') {
      this.mentions.push({ kind: 'application', word, ...written });
      return { application: word };
    }
    const { entity: base, application } = standing;
    const isRelative = scope === 'this' || scope === 'parent' || scope === 'root' || scope === 'scopeRoot';
    const target = base && scope !== undefined ? (isRelative ? relative(base, scope) : find(base, scope, word)) : undefined;
    // `component("parent", "x")` is the parent, whatever its id.
    if (!isRelative) this.mentions.push({ kind: 'entity', word, ...written, target, ...(application !== undefined && { application }) });
    return target ? { entity: target } : application === undefined ? nowhere : { application };
  }

  /** `$brooklyn:object`: its type, and config keys that only the type knows. */
  #typedMap(map: MapValue): void {
    const type = map.entries.find(({ key, value }) => key.kind === 'string' && /^(?:type|object_type|objectType)$/.test(key.value) && value.kind === 'string')?.value;
    if (type?.kind !== 'string') return;
    this.mentions.push({ kind: 'type', word: type.value, ...this.#written(type, type.value) });
    for (const { key, value } of map.entries) {
      if (key.kind !== 'string' || key.value !== 'brooklyn.config' || value.kind !== 'map') continue;
      for (const { key: inner } of value.entries) if (inner.kind === 'string') this.mentions.push({ kind: 'typeKey', word: inner.value, ...this.#written(inner, inner.value), typeName: type.value });
    }
  }

  /** `${config['k']}`, `${config.k}`, `${attribute['s']}` in a text of FreeMarker, looked for in the text as it is written. */
  #template(place: Span, holder: ScopeEntity | undefined): void {
    const raw = this.#source.slice(place.start, place.end);
    for (const piece of raw.matchAll(/\$\{[^}]*\}?|<#[a-z]+[^>]*>?/g)) {
      for (const found of piece[0].matchAll(/\b(config|attribute)(?:\s*\[\s*(?:''|'|\\?")([^'"\\\]\r\n]+)|((?:\.[A-Za-z_]\w*)+))/g)) {
        const [whole, what, quoted, dotted] = found;
        const word = quoted ?? dotted?.slice(1) ?? '';
        const end = place.start + piece.index + found.index + whole.length;
        const written: Written = { span: { start: end - word.length, end }, writing: quoted === undefined ? 'word' : 'quoted' };
        this.mentions.push(what === 'config' ? { kind: 'configKey', word, ...written, holder } : { kind: 'sensor', word, ...written, holder, isAwaited: true });
      }
    }
  }

  #written(argument: Expression, word: string): Written {
    const written = writtenAt(this.#source, argument.span, word);
    return argument.kind === 'word' && written.writing === 'plain' ? { ...written, writing: 'word' } : written;
  }
}

function scopeFor(call: Call, name: string): SearchScope | 'this' | 'parent' | 'root' | 'scopeRoot' | 'applications' | undefined {
  switch (name) {
    case 'component': {
      if (call.args.length < 2) return 'global';
      const word = call.args[0] && literalText(call.args[0]);
      return word === undefined ? undefined : scopeWord(word);
    }
    case 'entity':
      return 'global';
    case 'member':
      return 'members';
    default:
      return scopeWord(name);
  }
}
