// Runs every check on a text, and on the same text after it was read again. What is found in one child of the application, or in
// one catalog item's definition, is kept as long as the child is the same and nothing that it asked about has changed.

import type { Reading } from '#core/blueprint/read.ts';
import type { EntitySpec } from '#core/blueprint/spec.ts';
import { valueOf } from '#core/blueprint/tree.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { OwnTypes } from '#core/catalog/own.ts';
import type { Type } from '#core/catalog/type.ts';
import { checkCatalogItems } from '#core/check/catalogItems.ts';
import { checkConstraints } from '#core/check/constraints.ts';
import { type CheckContext, type Placed, contextOf, definitionsOf, hasPlan, placed, placedAlone } from '#core/check/context.ts';
import { checkExpressions } from '#core/check/expressions.ts';
import { factsOf, idsIn } from '#core/check/facts.ts';
import { checkIds } from '#core/check/ids.ts';
import { checkKeys, keysUsedIn } from '#core/check/keys.ts';
import { checkLocations } from '#core/check/locations.ts';
import { checkMappedNetworks } from '#core/check/mappedNetworks.ts';
import { checkNetworks, networkDeclared, networksWanted } from '#core/check/networks.ts';
import { checkPlacement } from '#core/check/placement.ts';
import { addressesWanted, checkSubnets } from '#core/check/subnets.ts';
import { checkSources } from '#core/check/sources.ts';
import { checkSurprises } from '#core/check/surprises.ts';
import { checkTypes } from '#core/check/types.ts';
import { checkValues } from '#core/check/values.ts';
import { type Changes, changesBetween, Mapped } from '#core/incremental/changes.ts';
import { anchored } from '#core/incremental/moving.ts';
import { type Draft, all, draft, DraftTree } from '#core/resolve/draft.ts';
import { scopeOf, Scopes } from '#core/resolve/scope.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

/** A piece of the text. Pieces are cut between lines; one that did not change is the same object. */
export interface Chunk {
  readonly text: string;
}

/** A child of the application, or the definition of a catalog item: checked for itself. */
interface Unit {
  readonly spec: EntitySpec;
  readonly kind: Placed['kind'];
  readonly entities: readonly Placed[];
  /** Those of them that have ids, and those that have to do with networks. */
  readonly named: readonly Placed[];
  readonly networked: readonly Placed[];
  /** What other units can see of this one. */
  readonly facts: string;
  readonly ids: ReadonlySet<string>;
  /** What is found in it by itself, and the config keys that it would call unknown if nobody used them. */
  own: readonly Diagnostic[];
  readonly doubtedKeys: Set<string>;
  /** What is found in its expressions; absent until somebody has looked. */
  expressions: readonly Diagnostic[] | undefined;
  /** The ids that they name, and whether one of them leads nowhere: then any entity may be the one that is missed. */
  readonly namedIds: Set<string>;
  isMissing: boolean;
}

/** The application, which stays the same object while its children change. */
interface Application {
  readonly facts: string;
  readonly placed: { -readonly [K in keyof Placed]: Placed[K] };
  readonly tree: DraftTree;
  readonly scopes: Scopes;
}

export class Checker {
  readonly #outer: Catalog;
  readonly #ownTypes = new OwnTypes('');
  #types: readonly Type[] = [];
  #catalog: Catalog;
  #application: Application | undefined;
  readonly #units = new Map<EntitySpec, Unit>();
  /** The units in the order of the text: the application's children, then what catalog items define. */
  readonly #children = new Mapped<EntitySpec, Unit>();
  #order: readonly Unit[] = [];
  /** Those in which something is found, and those that have to do with networks. */
  readonly #faulty = new Set<Unit>();
  readonly #networked = new Set<Unit>();
  readonly #unitNodes = new Set<YamlNode>();
  #doubledIds: readonly Diagnostic[] = [];
  #chunks: readonly Chunk[] = [];
  readonly #usedIn = new WeakMap<Chunk, ReadonlySet<string>>();
  /** Keys that expressions ask for, and in how many chunks. */
  readonly #used = new Map<string, number>();
  /** The unit whose expressions are being looked at. */
  #asking: Unit | undefined;

  constructor(catalog: Catalog) {
    this.#outer = catalog;
    this.#catalog = catalog;
  }

  /** All diagnostics of the text, in the order of their places. `chunks` are the text in pieces. */
  check(reading: Reading, chunks: readonly Chunk[] = [reading]): readonly Diagnostic[] {
    this.#followTypes(reading);
    this.#followApplication(reading);
    const changedKeys = this.#followKeys(chunks);
    const units = this.#unitsOf(reading);
    const changes = changesBetween(this.#order, units);
    for (const unit of changes.gone) this.#remove(unit);
    for (const unit of changes.come) this.#add(unit);
    this.#order = units;
    const changedIds = idsChangedBy(changes);
    // Where a key or an id is new or gone, whoever names it is looked at again; else only what has come.
    for (const unit of changedKeys.size > 0 || changedIds ? units : changes.come) {
      if (changedKeys.size > 0 && [...unit.doubtedKeys].some((key) => changedKeys.has(key))) this.#checkOwn(unit, reading);
      const isConcerned = changedIds !== undefined && (unit.isMissing || [...unit.namedIds].some((id) => changedIds.has(id)));
      if (!unit.expressions || isConcerned) this.#checkExpressions(unit, reading);
      if (unit.own.length > 0 || (unit.expressions && unit.expressions.length > 0)) this.#faulty.add(unit);
      else this.#faulty.delete(unit);
    }
    const found = [...reading.diagnostics];
    for (const { own, expressions = [] } of this.#faulty) found.push(...own, ...expressions);
    if (changedIds !== undefined || this.#doubledIds.length > 0) this.#doubledIds = this.#idsIn(reading, units);
    found.push(...this.#doubledIds, ...this.#around(reading), ...this.#across(reading));
    return found.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  }

  /** What `contextOf` gives for the text that was checked last, or for nearly the same one. */
  contextOf(reading: Reading): CheckContext {
    const { plan } = reading;
    const application = this.#application?.placed;
    if (!plan || !application || !hasPlan(reading)) return contextOf(reading, this.#outer);
    application.spec = plan;
    const { tree, scopes } = this.#application ?? {};
    const isPresent = tree?.root.spec === plan && tree.source === reading.text;
    const known = (spec: EntitySpec, place: () => readonly Placed[]): readonly Placed[] => this.#units.get(spec)?.entities ?? place();
    return {
      reading,
      catalog: this.#catalog,
      ...(isPresent && tree && scopes && { treeOf: (spec: EntitySpec) => (spec === plan ? { draft: tree.root, scope: (entity: Draft) => scopes.of(entity) } : undefined) }),
      entities: [
        application,
        ...plan.children.flatMap((child) => known(child, () => placed(child, application, this.#catalog))),
        ...plan.specs.flatMap(({ spec }) => placed(spec, application, this.#catalog, { isMember: true })),
        ...definitionsOf(reading).flatMap(({ definition, kind }) => known(definition, () => placed(definition, undefined, this.#catalog, { isDefinition: true, kind }))),
      ],
    };
  }

  /** The types that the text defines itself. Where they change, everything may mean something else. */
  #followTypes({ items }: Reading): void {
    const types = this.#ownTypes.of(items);
    if (types === this.#types) return;
    this.#types = types;
    this.#catalog = types.length === 0 ? this.#outer : this.#outer.with(types);
    this.#forget();
  }

  /** The application's own values, which its children inherit. */
  #followApplication(reading: Reading): void {
    const { plan, text } = reading;
    if (!plan || !hasPlan(reading)) {
      if (this.#application) this.#forget();
      return;
    }
    const facts = factsOf({ ...plan, children: [] });
    if (this.#application?.facts === facts) {
      this.#application.placed.spec = plan;
      this.#application.scopes.follow(this.#application.tree.follow(plan, text));
      return;
    }
    this.#forget();
    const tree = new DraftTree(plan, text, this.#catalog);
    const scopes = new Scopes(tree.root, false, (id, isKnown) => this.#noted(id, isKnown));
    this.#application = { facts, placed: placedAlone(plan, this.#catalog), tree, scopes };
  }

  #forget(): void {
    this.#doubledIds = [];
    this.#application = undefined;
    this.#units.clear();
    this.#unitNodes.clear();
    this.#faulty.clear();
    this.#networked.clear();
    this.#children.forget();
    this.#order = [];
  }

  #add(unit: Unit): void {
    this.#units.set(unit.spec, unit);
    this.#unitNodes.add(unit.spec.node);
    if (unit.networked.length > 0) this.#networked.add(unit);
  }

  #remove(unit: Unit): void {
    this.#units.delete(unit.spec);
    this.#unitNodes.delete(unit.spec.node);
    this.#faulty.delete(unit);
    this.#networked.delete(unit);
  }

  /** The keys that are used now and were not, or were and are not. */
  #followKeys(chunks: readonly Chunk[]): ReadonlySet<string> {
    const { gone, come } = changesBetween(this.#chunks, chunks);
    const changed = new Set<string>();
    for (const chunk of come) this.#count(chunk, 1, changed);
    for (const chunk of gone) this.#count(chunk, -1, changed);
    this.#chunks = chunks;
    return changed;
  }

  #count(chunk: Chunk, by: 1 | -1, changed: Set<string>): void {
    const here = this.#usedIn.get(chunk) ?? keysUsedIn(chunk.text);
    this.#usedIn.set(chunk, here);
    for (const key of here) {
      const count = (this.#used.get(key) ?? 0) + by;
      if (count > 0) this.#used.set(key, count);
      else this.#used.delete(key);
      // A key that comes and goes in one edit is among them, too: that costs a look, no more.
      if (count === 0 || (count === 1 && by === 1)) changed.add(key);
    }
  }

  #unitsOf(reading: Reading): readonly Unit[] {
    const application = this.#application?.placed;
    const children = (application && this.#children.of(reading.plan?.children ?? [], (child) => this.#unitOf(child, 'entity', reading, () => placed(child, application, this.#catalog)))) ?? [];
    const definitions = definitionsOf(reading);
    if (definitions.length === 0) return children;
    return [...children, ...definitions.map(({ definition, kind }) => this.#unitOf(definition, kind, reading, () => placed(definition, undefined, this.#catalog, { isDefinition: true, kind })))];
  }

  #unitOf(spec: EntitySpec, kind: Placed['kind'], reading: Reading, place: () => readonly Placed[]): Unit {
    const known = this.#units.get(spec);
    if (known?.kind === kind) return known;
    const entities = place();
    const named = entities.filter((entity) => entity.spec.id);
    const networked = entities.filter((entity) => networkDeclared(entity) !== undefined || networksWanted(entity).length > 0 || addressesWanted(entity).length > 0);
    const unit: Unit = { spec, kind, entities, named, networked, facts: factsOf(spec), ids: idsIn(spec), own: [], doubtedKeys: new Set(), expressions: undefined, namedIds: new Set(), isMissing: false };
    this.#checkOwn(unit, reading);
    return unit;
  }

  #checkOwn(unit: Unit, reading: Reading): void {
    unit.doubtedKeys.clear();
    const isUsed = (key: string): boolean => {
      unit.doubtedKeys.add(key);
      return this.#used.has(key);
    };
    const found = [...this.#checkEntities(unit.entities, reading, isUsed), ...checkSurprises(unit.spec.node, new Set())];
    unit.own = found.map((diagnostic) => anchored(diagnostic, unit.spec.node.span));
  }

  #checkExpressions(unit: Unit, { text }: Reading): void {
    unit.namedIds.clear();
    unit.isMissing = false;
    this.#asking = unit;
    const child = this.#application?.tree.childOf(unit.spec);
    const found = child && this.#application ? checkExpressions(all(child), (entity) => this.#scope(entity), text) : this.#ofDefinition(unit.spec, text);
    this.#asking = undefined;
    unit.isMissing ||= found.some(({ code }) => code === 'unknown-entity-reference' || code === 'out-of-scope-reference');
    unit.expressions = found.map((diagnostic) => anchored(diagnostic, unit.spec.node.span));
  }

  #scope(entity: Parameters<Scopes['of']>[0]): ReturnType<Scopes['of']> {
    if (!this.#application) throw new Error('there is no application to look in');
    return this.#application.scopes.of(entity);
  }

  /** An item sees itself alone: what surrounds it where it is used is not known. */
  #ofDefinition(spec: EntitySpec, text: string): readonly Diagnostic[] {
    const root = draft(spec, text, this.#catalog);
    return checkExpressions(all(root), scopeOf(root, true), text);
  }

  #noted(id: string, isKnown: boolean): void {
    if (!this.#asking) return;
    this.#asking.namedIds.add(id);
    if (!isKnown) this.#asking.isMissing = true;
  }

  /** What belongs to no unit: the application itself, and whatever stands around. */
  #around(reading: Reading): readonly Diagnostic[] {
    const { root, text } = reading;
    const services = root?.kind === 'map' ? valueOf(root, 'services') : undefined;
    // A list of nothing but units is passed over as a whole.
    const isOfUnits = services?.kind === 'list' && this.#application !== undefined && reading.plan?.children[services.items.length - 1]?.node === services.items.at(-1);
    const surprises = checkSurprises(root, isOfUnits ? { has: (node) => node === services || this.#unitNodes.has(node) } : this.#unitNodes);
    if (!this.#application) return surprises;
    const { tree, scopes } = this.#application;
    const drafts = [tree.root, ...tree.root.describedMembers.flatMap(all)];
    return [...this.#checkEntities(this.#applicationEntities(reading), reading, (key) => this.#used.has(key)), ...checkExpressions(drafts, (entity) => scopes.of(entity), text), ...surprises];
  }

  #applicationEntities({ plan }: Reading): readonly Placed[] {
    const application = this.#application?.placed;
    return application && plan ? [application, ...plan.specs.flatMap(({ spec }) => placed(spec, application, this.#catalog, { isMember: true }))] : [];
  }

  #checkEntities(entities: readonly Placed[], reading: Reading, isUsed: (key: string) => boolean): readonly Diagnostic[] {
    const context: CheckContext = { reading, catalog: this.#catalog, entities };
    return [...checkTypes(context), ...checkKeys(context, isUsed), ...checkValues(context), ...checkConstraints(context), ...checkLocations(context), ...checkPlacement(context), ...checkMappedNetworks(context), ...checkSources(context)];
  }

  #idsIn(reading: Reading, units: readonly Unit[]): readonly Diagnostic[] {
    const [, ...members] = this.#applicationEntities(reading);
    return checkIds({ reading, catalog: this.#catalog, entities: [...units.flatMap((unit) => unit.named), ...members] });
  }

  /** What only the whole text shows. */
  #across(reading: Reading): readonly Diagnostic[] {
    const networked = [...this.#networked].toSorted((a, b) => a.spec.node.span.start - b.spec.node.span.start);
    const entities = [...this.#applicationEntities(reading), ...networked.flatMap((unit) => unit.networked)];
    const context: CheckContext = { reading, catalog: this.#catalog, entities };
    return [...checkNetworks(context), ...checkSubnets(context), ...checkCatalogItems(context)];
  }
}

/** The ids of units of which others see something else now; nothing where nobody sees a difference. */
function idsChangedBy({ gone, come }: Changes<Unit>): ReadonlySet<string> | undefined {
  if (gone.length === come.length && gone.every(({ facts }, index) => facts === come[index]?.facts)) return undefined;
  const ids = new Set<string>();
  for (const unit of [...gone, ...come]) for (const id of unit.ids) ids.add(id);
  return ids;
}
