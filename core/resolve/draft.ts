// The entities of a blueprint as a tree, each with its type and a key of its own, and with the children that its type brings
// along. What check and resolve both start from.

import type { EntitySpec } from '#core/blueprint/spec.ts';
import type { Catalog, Found, Members } from '#core/catalog/catalog.ts';
import type { Type } from '#core/catalog/type.ts';
import { read } from '#core/blueprint/read.ts';

export interface Draft {
  /** Unique in the tree and the same on every reading of the same text: the id, or one made from name or type. */
  readonly key: string;
  readonly spec: EntitySpec;
  readonly parent: Draft | undefined;
  readonly found: Found | undefined;
  readonly members: Members | undefined;
  /** The text that places in `spec` refer to. */
  readonly source: string;
  /** Root of what a catalog item describes: the entity itself where its type is an item with parts. */
  readonly isScopeRoot: boolean;
  /** True for an entity that a config value describes (`$brooklyn:entitySpec`). */
  readonly isMember: boolean;
  readonly children: readonly Draft[];
  readonly describedMembers: readonly Draft[];
}

/** Types within types, as deep as anybody nests them; a cycle ends here. */
const maxDepth = 30;

/** The tree of a plan or of a catalog item's definition. Never fails: unknown types bring nothing along. */
export function draft(root: EntitySpec, source: string, catalog: Catalog): Draft {
  const taken = new Set<string>();
  const build = (spec: EntitySpec, text: string, parent: Draft | undefined, depth: number, isMember: boolean, lineage: readonly Type[]): Draft => {
    const found = spec.type && catalog.find(spec.type.value);
    const members = found && catalog.membersOf(found.type);
    const children: Draft[] = [];
    const describedMembers: Draft[] = [];
    const made: Draft = { key: keyFor(spec, taken), spec, parent, found, members, source: text, isScopeRoot: false, isMember, children, describedMembers };
    if (depth < maxDepth) {
      const added = (members?.lineage ?? []).filter(({ parts }) => parts !== undefined);
      for (const type of added) {
        if (lineage.includes(type)) continue;
        const { plan, text: partsText } = read(type.parts ?? '');
        for (const child of plan?.children ?? []) children.push(build(child, partsText, made, depth + 1, false, [...lineage, ...added]));
      }
      for (const child of spec.children) children.push(build(child, text, made, depth + 1, false, lineage));
      for (const { spec: member } of spec.specs) describedMembers.push(build(member, text, made, depth + 1, true, lineage));
    }
    return made;
  };
  return build(root, source, undefined, 0, false, []);
}

/** All entities of a tree, each before what belongs to it. */
export function all(root: Draft): readonly Draft[] {
  return [root, ...root.children.flatMap(all), ...root.describedMembers.flatMap(all)];
}

function keyFor(spec: EntitySpec, taken: Set<string>): string {
  const base = slug(spec.id?.value ?? spec.name?.value ?? typeWord(spec.type?.value ?? 'application'));
  let key = base;
  for (let count = 2; taken.has(key); count++) key = `${base}-${count}`;
  taken.add(key);
  return key;
}

/** `docker:registry.example:5000/team/redis:7` is a `redis`; `org.apache...TomcatServer` is a `tomcatserver`. */
export function typeWord(type: string): string {
  if (type.startsWith('docker:')) return (type.slice('docker:'.length).split('@')[0] ?? '').replace(/:[^/:]*$/, '').split('/').at(-1) ?? type;
  return type.replace(/:[^:]*$/, '').split('.').at(-1) ?? type;
}

/** Lower-case letters, digits, `-`, `_`, `.`, starting with a letter or digit: what Docker takes in a name. */
export function slug(text: string): string {
  const plain = text.toLowerCase().normalize('NFKD').replaceAll(/\p{Mark}/gu, '').replaceAll(/[^a-z0-9_.]+/g, '-').replace(/^[-_.]+/, '').replace(/[-_.]+$/, '');
  return plain === '' ? 'entity' : plain;
}
