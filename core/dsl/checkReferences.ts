// What arguments name: does the entity exist, and where it is looked for; does its type have the sensor or config key.
// Nothing is called missing that may come later or that is not known completely.

import { scopeWord, type ScopeWord } from '#core/dsl/functions.ts';
import { find, inScope, relative, rootOf, descendants, type ScopeEntity } from '#core/dsl/scope.ts';
import { distance, nearest } from '#core/text/nearest.ts';
import type { Finding } from '#core/dsl/finding.ts';
import type { Call, Expression, Suggestion } from '#core/dsl/tree.ts';

/** The text of an argument that is written plainly. */
export function literalText(given: Expression): string | undefined {
  return given.kind === 'string' ? given.value : given.kind === 'word' ? given.text : undefined;
}

/** Looks up the entity that a call like `entity("x")` or `component("child", "x")` names, from `base`. */
export function checkEntity(call: Call, name: string, base: ScopeEntity): { readonly findings: readonly Finding[]; readonly entity: ScopeEntity | undefined } {
  const given = call.args.at(-1);
  const scope = searchScope(call, name);
  if (given === undefined || scope === undefined || scope === 'applications') return { findings: [], entity: undefined };
  if (scope === 'this' || scope === 'parent' || scope === 'root' || scope === 'scopeRoot') return { findings: [], entity: relative(base, scope) };
  const id = literalText(given);
  if (id === undefined) return { findings: [], entity: undefined };
  const entity = find(base, scope, id);
  if (entity) return { findings: [], entity };
  const elsewhere = find(base, 'global', id);
  return { findings: [elsewhere ? outOfScope(given, id, scope, base) : unknown(given, id, scope, base)], entity: undefined };
}

/** Looks whether the type of an entity has a config key or a sensor of this name. */
export function checkName(given: Expression, name: string, what: 'config key' | 'sensor', entity: ScopeEntity): readonly Finding[] {
  const { type } = entity;
  if (type?.isComplete !== true) return [];
  const known = what === 'sensor' ? type.sensors : type.configKeys;
  if (known.has(name) || name === '') return [];
  // One for each network that a container is on.
  if (what === 'sensor' && known.has('docker.network.addresses') && /^docker\.network\..+\.address$/.test(name)) return [];
  const isSet = what === 'sensor' ? entity.sensor(name) !== undefined : entity.config(name) !== undefined;
  if (isSet) return [];
  // A config key is inherited from above, and what is above a fragment is not known.
  if (what === 'config key' && rootOf(entity).isFragment === true) return [];
  const near = nearest(name, known);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  const suggestion = near === undefined ? undefined : replace(given, name, near);
  const message = `${type.name} has no ${what} ${name}${hint === '' ? (what === 'sensor' ? '; unless an enricher adds it, this waits for ever.' : ', and nothing sets it.') : hint}`;
  // Enrichers anywhere may add sensors: only what looks like a slip of the pen is more than information.
  const isSlip = near !== undefined && distance(name, near, 2) <= 2;
  const severity = what === 'sensor' && !isSlip ? { severity: 'information' as const } : {};
  return [{ kind: what === 'sensor' ? 'unknown-sensor' : 'unknown-config-key-reference', span: given.span, message, ...(suggestion && { suggestion }), ...severity }];
}

function searchScope(call: Call, name: string): ScopeWord | undefined {
  switch (name) {
    case 'component': {
      if (call.args.length === 1) return 'global';
      const word = call.args[0] && literalText(call.args[0]);
      return word === undefined ? undefined : scopeWord(word);
    }
    case 'entity':
      return 'global';
    case 'member':
      return 'members';
    case 'application':
      return 'applications';
    default:
      return scopeWord(name);
  }
}

type Searched = Parameters<typeof inScope>[1];

function outOfScope(given: Expression, id: string, scope: Searched, base: ScopeEntity): Finding {
  // Members come at run time, and a group may take in entities from anywhere; around a fragment there may be a second entity of the id.
  const mayCome = scope === 'members' || scope === 'membersOnly' || base.mayGrow === true || rootOf(base).isFragment === true;
  const message = `There is an entity ${id}, but it is not ${where(scope)}.`;
  return { kind: 'out-of-scope-reference', span: given.span, message, ...(mayCome && { severity: 'information' as const }) };
}

function unknown(given: Expression, id: string, scope: Searched, base: ScopeEntity): Finding {
  const root = rootOf(base);
  const outline = root.outline?.();
  const ids = scope === 'global' && outline ? outline.ids : inScope(base, scope).flatMap((entity) => entity.id ?? []);
  const near = nearest(id, ids);
  const mayCome = root.isFragment === true || (outline?.mayGrow ?? [root, ...descendants(root)].some(({ mayGrow }) => mayGrow === true));
  const message = `No entity has the id ${id}${near === undefined ? '' : `; did you mean ${near}?`}`;
  const suggestion = near === undefined ? undefined : replace(given, id, near);
  return {
    kind: 'unknown-entity-reference',
    span: given.span,
    message: message.endsWith('?') ? message : `${message}.`,
    ...(suggestion && { suggestion }),
    ...(mayCome && { severity: 'information' as const }),
  };
}

function where(scope: Searched): string {
  switch (scope) {
    case 'global':
      return 'in this application';
    case 'child':
      return 'a child of this entity';
    case 'sibling':
      return 'a sibling of this entity';
    case 'descendant':
      return 'below this entity';
    case 'ancestor':
      return 'above this entity';
    case 'members':
    case 'membersOnly':
      return 'a member of this entity';
  }
}

/** Puts another word in place of a literal, its quotes left as they are. */
function replace(given: Expression, word: string, near: string): Suggestion {
  // Quotes are one character in the text, or two where they are escaped in YAML.
  const around = Math.max(0, given.span.end - given.span.start - word.length);
  const before = Math.ceil(around / 2);
  return { title: `Replace ${word} by ${near}`, span: { start: given.span.start + before, end: given.span.end - (around - before) }, newText: near };
}
