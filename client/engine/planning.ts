// Makes plans, and makes them again: from what is seen this moment, with the files that entities are given, what commands tell,
// and the images that are kept. Nothing is changed here.

import { maskBlueprint } from '#core/blueprint/mask.ts';
import type { Application } from '#core/blueprint/application.ts';
import { withDescribed } from '#core/cloud/described.ts';
import { expectedWith, placeGrowing, spareHosts } from '#core/cloud/grow.ts';
import { leavingWith } from '#core/cloud/leaving.ts';
import { followFile } from '#core/lifecycle/follow.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { hostsToMeasure } from '#core/placement/measure.ts';
import { explainAll, type Explained } from '#core/placement/place.ts';
import { makes } from '#core/plan/dependencies.ts';
import { diff, type Following } from '#core/plan/diff.ts';
import type { Wanted } from '#core/plan/want.ts';
import { counting, lostRefusals, unseenRefusals } from '#core/plan/lost.ts';
import { changeNetwork, hostsOfChange, type NetworkChange } from '#core/plan/networkChange.ts';
import { operate, type Operation } from '#core/plan/operate.ts';
import type { Plan } from '#core/plan/plan.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { hostsOfNewSubnets } from '#core/sdn/routes.ts';
import type { Content } from '#core/resolve/course.ts';
import { sha256 } from '#core/text/sha256.ts';
import type { Planned } from './awaiting.ts';
import { noMaterials, unbuildable, type BuiltImages } from './builds.ts';
import type { CaughtImages } from './caught.ts';
import type { Asked, PlanOptions } from './cloud.ts';
import { messageOf } from './failure.ts';
import type { Fleet } from './fleet.ts';
import { ImagePins } from './pins.ts';
import { withRoutes } from './sdn/routes.ts';
import { sample } from './sample.ts';
import { Readings } from './sensors.ts';

/** What was read while planning still counts when the plan is looked at again before it is carried out. */
const stillFreshMs = 30_000;

export type ReadSource = (source: string, folder: string | undefined) => Promise<Content>;

/** What a plan was made from. A deletion knows no application. */
export interface Origin {
  readonly planned?: Planned;
  readonly wanted?: Wanted;
  /** The plan only starts and stops; it leaves no revision behind. */
  readonly isOperation: boolean;
  /** From what is seen then. */
  readonly again: () => Promise<Plan>;
}

/** Those that are not in registries. */
export interface Images {
  readonly caught: CaughtImages;
  readonly builds: BuiltImages;
}

export class Planning {
  readonly #fleet: Fleet;
  readonly #caught: CaughtImages;
  readonly #builds: BuiltImages;
  readonly #readSource: ReadSource;
  readonly #origins = new WeakMap<Plan, Origin>();

  constructor(fleet: Fleet, { caught, builds }: Images, readSource: ReadSource) {
    this.#fleet = fleet;
    this.#caught = caught;
    this.#builds = builds;
    this.#readSource = readSource;
  }

  /** Undefined for a plan that somebody else made. */
  originOf(plan: Plan): Origin | undefined {
    return this.#origins.get(plan);
  }

  async plan(application: Application, { without = [], ...asked }: PlanOptions & Asked = {}): Promise<Plan> {
    for (const { port } of this.#fleet.hosts) port.attend(application.id);
    await this.#fleet.lookAgain();
    await this.measure(application);
    const files = new Map<string, Content>();
    const unread: Refusal[] = [];
    for (const source of application.sources ?? []) {
      await this.#contentOf(source, application).then(
        (content) => files.set(source, content),
        (error: unknown) => unread.push({ entity: application.id, reason: messageOf(error) }),
      );
    }
    const pins = this.#pins();
    const { materials, refusals } = await this.#builds.read(application, pins);
    unread.push(...refusals);
    return this.#planOf({ application: await pins.withPlatforms(application), pins, file: (source) => files.get(source), materials, unread, readings: this.#readings(application.id), asked }, without);
  }

  /** Where the application is that of an earlier deployment, its files are as they were then. */
  async #contentOf(source: string, { files, folder }: Application): Promise<Content> {
    const kept = files?.[source];
    if (kept?.base64 !== undefined) return { base64: kept.base64, text: Buffer.from(kept.base64, 'base64').toString() };
    const read = await this.#readSource(source, folder).catch((error: unknown) => {
      throw new Error(kept === undefined ? `${source} cannot be read: ${messageOf(error)}` : `${source} was not kept with the deployment, and it cannot be read here: ${messageOf(error)}`, { cause: error });
    });
    if (kept !== undefined && sha256(read.base64) !== kept.hash) throw new Error(`${source} was not kept with the deployment, and here it is another than it was then; bring the one that it was, or deploy the blueprint itself`);
    return read;
  }

  async explain(application: Application): Promise<readonly Explained[]> {
    await this.#fleet.lookAgain();
    await this.measure(application);
    const known = await this.#pins().withPlatforms(application);
    const { observed } = withDescribed(application.clouds ?? [], counting(this.#fleet.observed, application.id));
    return explainAll(known, placeGrowing(known, observed).ground);
  }

  async planDelete(application: string, { without = [] }: PlanOptions = {}): Promise<Plan> {
    await this.#fleet.lookAgain();
    return this.#planDeletion(application, without);
  }

  async planOperation(operation: Operation, application: Application, entities: readonly string[]): Promise<Plan> {
    await this.#fleet.lookAgain();
    const make = (): Plan => operate(operation, application, entities, this.#fleet.observed);
    const plan = make();
    const planned = { application, pins: this.#pins(), file: () => undefined, materials: noMaterials, unread: [], readings: this.#readings(application.id) };
    this.#origins.set(plan, { planned, isOperation: true, again: async () => make() });
    return plan;
  }

  /** `by` is who wants it. */
  async planNetwork(change: NetworkChange, by: string): Promise<Plan> {
    await this.#fleet.lookAgain();
    const make = async (): Promise<Plan> => {
      const { observed, unread } = await withRoutes(this.#fleet.observed, hostsOfChange(change, this.#fleet.observed), (host) => this.#fleet.port(host), this.#fleet.signal);
      const plan = changeNetwork(change, by, observed);
      return unread.length === 0 ? plan : { ...plan, keeps: [...(plan.keeps ?? []), ...unread] };
    };
    const plan = await make();
    this.#origins.set(plan, { isOperation: true, again: make });
    return plan;
  }

  /** How busy processors are is measured where the application's placement asks for it, of all hosts or of one. */
  async measure(application: Application, only?: string): Promise<void> {
    const { observed } = withDescribed(application.clouds ?? [], this.#fleet.observed);
    const names = hostsToMeasure(application, observed);
    await sample(this.#fleet.hosts.filter(({ config: { name }, current: { state } }) => names.has(name) && state.kind === 'up' && (only === undefined || only === name)), this.#fleet.signal);
  }

  async #planOf(planned: Planned, without: readonly string[] = []): Promise<Plan> {
    const { application, file, materials, unread, readings, asked: { anew, to } = {} } = planned;
    await readings.refresh(application.feeds, { maxAgeMs: stillFreshMs, signal: this.#fleet.signal });
    const make = (seen: Observed): Wanted => wantedOf(application, counting(seen, application.id, without), { file, build: materials, read: readings.value }, maskBlueprint(application.blueprint), { ...(to && { to }) });
    const first = make(this.#fleet.observed);
    // Where subnets are new, nothing may lead elsewhere that is in them.
    const { observed, unread: silent } = await withRoutes(this.#fleet.observed, hostsOfNewSubnets(first, this.#fleet.observed), (host) => this.#fleet.port(host), this.#fleet.signal);
    const again = observed === this.#fleet.observed ? first : make(observed);
    const wanted = silent.length === 0 ? again : { ...again, keeps: [...(again.keeps ?? []), ...silent] };
    const whole = { ...wanted, refusals: [...unread, ...unbuildable(wanted.containers, unread), ...lostRefusals(this.#fleet.observed, application.id, without), ...wanted.refusals], without, ...(anew && { anew }) };
    return this.#plan(whole, { planned, again: async () => this.#planOf(planned, without) });
  }

  async #planDeletion(application: string, without: readonly string[] = []): Promise<Plan> {
    const names = this.#fleet.observed.hosts.flatMap(({ containers, records = [] }) => [...containers.flatMap(({ owner }) => owner ?? []), ...records]);
    const applicationName = names.find((one) => one.application === application)?.applicationName ?? application;
    const observed = counting(this.#fleet.observed, application, without);
    const leaving = leavingWith(application, observed);
    const refusals = [...lostRefusals(this.#fleet.observed, application, without), ...unseenRefusals(observed, application), ...leaving.refusals];
    const spare = [...leaving.spareHosts, ...spareHosts(observed, application, []).filter(({ host }) => !leaving.spareHosts.some((one) => one.host === host))];
    const wanted = { application, applicationName, containers: [], refusals, without, ...(spare.length > 0 && { spareHosts: spare }) };
    return this.#plan(wanted, { again: async () => this.#planDeletion(application, without) });
  }

  async #plan(whole: Wanted, origin: Pick<Origin, 'planned' | 'again'>): Promise<Plan> {
    const pinned = await origin.planned?.pins.of(whole.application, whole.containers);
    const wanted: Wanted = pinned === undefined ? whole : { ...whole, refusals: [...whole.refusals, ...pinned.refusals], retagged: pinned.retagged, notes: pinned.notes };
    const observed = counting(this.#fleet.observed, wanted.application, wanted.without);
    const draft = diff(wanted, observed);
    const needed = draft.actions.flatMap((action) => (makes(action) ? [action.container] : []));
    const { containers, missing } = await this.#caught.plan(needed, this.#fleet.signal);
    const installed = new Map(needed.map((container, index) => [container, containers[index]]));
    const toBuild = await this.#builds.plan(containers, expectedWith(wanted.newHosts ?? [], observed));
    const plan = diff({ ...wanted, containers: wanted.containers.map((container) => installed.get(container) ?? container) }, observed, [...toBuild, ...(pinned?.lacking(containers, missing) ?? missing)], await this.#following(wanted));
    this.#origins.set(plan, { ...origin, wanted, isOperation: false });
    return plan;
  }

  /** What running containers say that follow others. */
  async #following(wanted: Wanted): Promise<Following> {
    const followers = wanted.containers.filter(({ spec }) => spec.lifecycle?.course?.follow !== undefined);
    const found = await Promise.all(
      followers.map(async ({ host, entity }): Promise<readonly (readonly [string, string])[]> => {
        const container = this.#fleet.observed.hosts.find((one) => one.host === host && one.state.kind === 'up' && one.isReadOnly !== true)?.containers.find(({ owner }) => owner?.application === wanted.application && owner.entity === entity);
        return container === undefined ? [] : [[container.containerId, (await this.#fleet.port(host)?.read(container.containerId, followFile)) ?? '']];
      }),
    );
    return new Map(found.flat());
  }

  #pins(): ImagePins {
    return new ImagePins({ observed: () => this.#fleet.observed, port: (host) => this.#fleet.port(host), signal: this.#fleet.signal });
  }

  #readings(application: string): Readings {
    return new Readings(application, { observed: () => this.#fleet.observed, port: (host) => this.#fleet.port(host) });
  }
}
