// A set of types that can be asked: by any name a type ever had, with its ancestors, its parameters and its sensors. Made from
// the built-in types and those of a workspace's catalogs; asked by check, resolve and the language server.

import type { MemberSpec } from '#core/blueprint/spec.ts';
import type { Parameter, Type, TypeKind } from '#core/catalog/type.ts';

/** How a type name was understood. */
export interface Found {
  readonly type: Type;
  /** The present name, where the one written is an old Java name that Brooklyn renamed. */
  readonly renamedTo?: string;
}

export interface BuiltIn {
  readonly types: readonly Type[];
  /** Old Java names and the present ones. */
  readonly renames: Readonly<Record<string, string>>;
}

/** What a type offers, with everything inherited. `isWhole` is false where an ancestor is unknown: then there may be more. */
export interface Members {
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** Flags and deprecated names, to the parameter they mean. */
  readonly flags: ReadonlyMap<string, Parameter>;
  readonly sensors: ReadonlyMap<string, MemberSpec>;
  readonly effectors: ReadonlyMap<string, MemberSpec>;
  /** The type itself first, the root last. */
  readonly lineage: readonly Type[];
  readonly isWhole: boolean;
}

/** The built-in type that `docker:IMAGE` stands for. */
export const dockerType = 'vanilla-docker-application';

export class Catalog {
  readonly types: readonly Type[];
  readonly renames: Readonly<Record<string, string>>;
  readonly #under: Catalog | undefined;
  readonly #byName = new Map<string, Type[]>();
  readonly #members = new Map<Type, Members>();

  constructor(builtIn: BuiltIn, workspace: readonly Type[] = [], under?: Catalog) {
    this.types = [...workspace, ...builtIn.types];
    this.renames = builtIn.renames;
    this.#under = under;
    for (const type of under ? workspace : this.types) {
      for (const name of new Set([type.id, ...type.aliases])) {
        const known = this.#byName.get(name);
        if (known) known.push(type);
        else this.#byName.set(name, [type]);
      }
    }
  }

  /** This catalog with more types in front; what is known of the types here is not worked out again. */
  with(types: readonly Type[]): Catalog {
    return new Catalog({ types: this.types, renames: this.renames }, types, this);
  }

  /** The type of a name: an id, `id:version`, a Java name old or new, `docker:IMAGE`. Of several versions the newest. `without` leaves types out: an item that redefines a name means another one by it. */
  find(name: string, ...without: readonly Type[]): Found | undefined {
    if (name.startsWith('docker:')) return this.find(dockerType);
    const plain = name.startsWith('java:') ? name.slice('java:'.length) : name;
    const direct = this.#newest(plain, without) ?? this.#versioned(plain, without);
    const renamed = Object.hasOwn(this.renames, plain) ? this.renames[plain] : undefined;
    const target = renamed === undefined ? undefined : this.#newest(renamed, without);
    if (renamed !== undefined && (target ?? direct)) return { type: target ?? (direct as Type), renamedTo: renamed };
    return direct ? { type: direct } : undefined;
  }

  /** All names by which types of these kinds are known, ids first. */
  names(...kinds: readonly TypeKind[]): readonly string[] {
    const types = this.types.filter(({ kind }) => kinds.includes(kind));
    return [...new Set([...types.map(({ id }) => id), ...types.flatMap(({ aliases }) => aliases)])];
  }

  /** What a type offers with all that it inherits. Ends where ancestors repeat. */
  membersOf(type: Type): Members {
    const known = this.#members.get(type);
    if (known) return known;
    if (this.#under?.has(type)) return this.#under.membersOf(type);
    const lineage: Type[] = [];
    let isWhole = true;
    for (let current: Type | undefined = type; current && !lineage.includes(current); ) {
      lineage.push(current);
      const parent: string | undefined = current.parent;
      const next: Type | undefined = parent === undefined ? undefined : this.find(parent, ...lineage)?.type;
      if (parent !== undefined && !next) isWhole = false;
      current = next;
    }
    const members: Members = {
      // Nearer types come last, so that they win.
      parameters: new Map(lineage.toReversed().flatMap(({ parameters }) => parameters.map((parameter) => [parameter.name, parameter]))),
      flags: new Map(lineage.toReversed().flatMap(({ parameters }) => parameters.flatMap((parameter) => [parameter.flag, ...(parameter.deprecatedNames ?? [])].flatMap((flag) => (flag === undefined ? [] : [[flag, parameter] as const]))))),
      sensors: new Map(lineage.toReversed().flatMap(({ sensors }) => sensors.map((sensor) => [sensor.name, sensor]))),
      effectors: new Map(lineage.toReversed().flatMap(({ effectors }) => effectors.map((effector) => [effector.name, effector]))),
      lineage,
      isWhole,
    };
    this.#members.set(type, members);
    return members;
  }

  has(type: Type): boolean {
    return this.#named(type.id).includes(type);
  }

  #named(name: string): readonly Type[] {
    const own = this.#byName.get(name) ?? [];
    return this.#under ? [...own, ...this.#under.#named(name)] : own;
  }

  #newest(name: string, without: readonly Type[]): Type | undefined {
    const candidates = this.#named(name).filter((type) => !without.includes(type));
    return candidates.reduce<Type | undefined>((best, type) => (best === undefined || compareVersions(type.version, best.version) > 0 ? type : best), undefined);
  }

  #versioned(name: string, without: readonly Type[]): Type | undefined {
    const colon = name.lastIndexOf(':');
    if (colon <= 0) return undefined;
    const version = name.slice(colon + 1);
    const candidates = this.#named(name.slice(0, colon)).filter((type) => !without.includes(type));
    const exact = candidates.find((type) => type.version === version);
    // Built-in types stand for every version of theirs: `org.apache...TomcatServer:0.12.0` is Tomcat.
    return exact ?? candidates.find((type) => type.origin === undefined);
  }
}

/** The parameter that a written key means: by its name, its flag or a deprecated name. */
export function parameterFor(members: Members, key: string): Parameter | undefined {
  return members.parameters.get(key) ?? members.flags.get(key);
}

/** Versions as OSGi and Maven order them, roughly: numbers by value, a snapshot before its release. Absent is oldest. */
export function compareVersions(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const left = a.split(/[.\-_]/);
  const right = b.split(/[.\-_]/);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const one = left[index];
    const other = right[index];
    if (one === other) continue;
    // `1.0-SNAPSHOT` comes before `1.0`; `1.0.1` after it.
    if (one === undefined) return /^\d/.test(other ?? '') ? -1 : 1;
    if (other === undefined) return /^\d/.test(one) ? 1 : -1;
    const difference = Number(one) - Number(other);
    if (Number.isNaN(difference)) return one < other ? -1 : 1;
    if (difference !== 0) return difference;
  }
  return 0;
}
