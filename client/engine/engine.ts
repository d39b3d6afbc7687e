// The engine: plans made from what is seen and carried out, one deployment of an application at a time, each remembered by the
// hosts. It knows hosts only through their ports; `client/controller.ts` joins it with Docker.

import { maskBlueprint } from '#core/blueprint/mask.ts';
import type { Application } from '#core/blueprint/application.ts';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { findEntity, type FoundEntity } from '#core/cluster/find.ts';
import type { Facts } from '#core/doctor/facts.ts';
import { withDescribed } from '#core/cloud/described.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { BuildNews } from '#core/image/buildNews.ts';
import type { Keep } from '#core/image/caught.ts';
import type { KnownImage } from '#core/image/known.ts';
import type { Explained } from '#core/placement/place.ts';
import type { NetworkChange } from '#core/plan/networkChange.ts';
import type { Operation } from '#core/plan/operate.ts';
import { changesNothing, type Plan } from '#core/plan/plan.ts';
import { summary } from '#core/plan/render.ts';
import type { ObservedLock, Undertaking } from '#core/record/lock.ts';
import { keepFiles } from '#core/record/files.ts';
import { hostsToLock } from '#core/record/home.ts';
import { historyOf } from '#core/record/record.ts';
import type { Revision } from '#core/record/revision.ts';
import type { Content } from '#core/resolve/course.ts';
import { apply, untouched } from './apply.ts';
import type { Planned } from './awaiting.ts';
import type { Built, BuildRequest } from './builderPort.ts';
import type { SourceReader } from './sourceReader.ts';
import { BuiltImages } from './builds.ts';
import { CaughtImages } from './caught.ts';
import type { ApplyOptions, Asked, Cloud, CommandEffector, HostImages, InvokeOptions, Invoked, Outcome, PlanOptions, RequestEffector, Sensed, Understand } from './cloud.ts';
import type { HostConfig } from '#core/host/config.ts';
import type { LogLine, Connect, HostPort } from './ports.ts';
import type { CloudProgress, MadeCloud } from './cloudHosts.ts';
import type { Deployer } from './deployer.ts';
import { factsOf } from './diagnose.ts';
import { Fleet, type MakeProvisioner } from './fleet.ts';
import { Growth } from './growth.ts';
import { ImageCommands } from './imageCommands.ts';
import { ImageStores, type Stored } from './imageStores.ts';
import { invoke } from './invoke.ts';
import { Ledger } from './ledger.ts';
import { Locks, type LockWorld } from './locks.ts';
import { type Origin, Planning, type ReadSource } from './planning.ts';
import { WayIn, type Forward, type Forwarding } from './openPort.ts';
import { recall } from './recall.ts';
import { RegistryLogins } from './registryLogins.ts';
import { Readings } from './sensors.ts';
import type { Shipping } from './shippingPort.ts';
import type { Sent, Transferring } from './transfer.ts';
import { strikeLost } from './sdn/strikeLost.ts';
import { workbenchOf } from './workbench.ts';

export interface EngineOptions {
  readonly deployer: Deployer;
  /** At least 0, less than 1: spreads the attempts to reach hosts again. */
  readonly random?: () => number;
  /** Reads what entities are given as files, by the source in the blueprint and the folder where relative paths start. Fails with an Error whose message is a sentence. */
  readonly readSource?: ReadSource;
  /** Reads what images are built from. */
  readonly sourceReader?: SourceReader;
  /** How a cloud's hosts are made. */
  readonly provisioner?: MakeProvisioner;
  /** How ports of this machine are opened. */
  readonly forward?: Forward;
  /** Where log-ins go that blueprints bring. */
  readonly logins?: RegistryLogins;
}

export class Engine implements Cloud {
  readonly #fleet: Fleet;
  readonly #planning: Planning;
  readonly #growth: Growth;
  readonly #deployer: Deployer;
  readonly #locks: Locks;
  readonly #ledger: Ledger;
  readonly #stores: ImageStores;
  readonly #caught: CaughtImages;
  readonly #images: ImageCommands;
  readonly #builds: BuiltImages;
  readonly #sourceReader: SourceReader | undefined;
  readonly #world: LockWorld;
  readonly #forward: Forward;
  readonly #logins: RegistryLogins;
  /** What was read of applications, for whoever looks at them. */
  readonly #sensed = new Map<string, Readings>();

  constructor(connect: Connect, { deployer, random = Math.random, readSource = noSource, sourceReader, provisioner = noProvisioner, forward = noForward, logins = new RegistryLogins() }: EngineOptions) {
    this.#forward = forward;
    this.#logins = logins;
    this.#fleet = new Fleet({ connect, random, provisioner });
    this.#deployer = deployer;
    this.#world = { observed: () => this.#fleet.observed, port: (host) => this.#fleet.port(host), deployer };
    this.#locks = new Locks(this.#world);
    this.#ledger = new Ledger(this.#world);
    this.#stores = new ImageStores({ ...this.#world, nowMs: () => deployer.nowMs() });
    logins.askFor((registry) => this.#stores.textsOf(registry));
    this.#caught = new CaughtImages({ ...this.#world, stores: this.#stores, nowMs: () => deployer.nowMs() });
    this.#images = new ImageCommands({ observed: () => this.#fleet.observed, reach: (host) => this.#reach(host) });
    this.#builds = new BuiltImages(this.#world, sourceReader);
    this.#sourceReader = sourceReader;
    this.#planning = new Planning(this.#fleet, { caught: this.#caught, builds: this.#builds }, readSource);
    this.#growth = new Growth(this.#fleet, this.#planning);
    this.#fleet.onChange(() => this.#locks.tidy());
  }

  get observed(): Observed {
    return this.#fleet.observed;
  }

  onChange(listener: (observed: Observed) => void): () => void {
    return this.#fleet.onChange(listener);
  }

  setHosts(hosts: readonly HostConfig[], clouds: readonly CloudConfig[] = []): void {
    this.#fleet.setHosts(hosts, clouds);
  }

  settled(signal?: AbortSignal): Promise<Observed> {
    return this.#fleet.settled(signal);
  }

  refresh(): Promise<Observed> {
    return this.#fleet.refresh();
  }

  createCloud(cloud: CloudConfig, progress?: CloudProgress): Promise<MadeCloud> {
    return this.#growth.createCloud(cloud, progress);
  }

  deleteCloud(name: string, progress?: CloudProgress): Promise<void> {
    return this.#growth.deleteCloud(name, progress);
  }

  plan(application: Application, options?: PlanOptions & Asked): Promise<Plan> {
    this.#logins.learn(application.logins ?? []);
    return this.#planning.plan(application, options);
  }

  explain(application: Application): Promise<readonly Explained[]> {
    return this.#planning.explain(application);
  }

  planDelete(application: string, options?: PlanOptions): Promise<Plan> {
    return this.#planning.planDelete(application, options);
  }

  planOperation(operation: Operation, application: Application, entities: readonly string[]): Promise<Plan> {
    return this.#planning.planOperation(operation, application, entities);
  }

  planNetwork(change: NetworkChange): Promise<Plan> {
    return this.#planning.planNetwork(change, this.#deployer.by);
  }

  async apply(plan: Plan, options: ApplyOptions = {}): Promise<Outcome> {
    const outcome = await this.#carryOut(plan, options);
    // What goes to registries besides is done with the deployment.
    const notes = await this.#stores.settled();
    return notes.length === 0 || outcome.kind === 'outdated' || outcome.kind === 'locked' ? outcome : { ...outcome, notes };
  }

  /** A plan is carried out by the engine that made it. */
  async #carryOut(plan: Plan, options: ApplyOptions): Promise<Outcome> {
    const readOnly = plan.actions.find((action) => this.#fleet.hosts.some(({ config }) => config.name === action.host && config.readOnly === true));
    if (readOnly !== undefined) throw new Error(`host ${readOnly.host} is read-only, so the plan is not carried out; plan again`);
    if (plan.refusals.length > 0) throw new Error('a plan with refusals is not applied');
    const origin = this.#planning.originOf(plan);
    if (origin === undefined) throw new Error('the plan was made elsewhere; plan again');
    const planned = origin.isOperation ? undefined : origin.planned;
    await this.#locks.sweep();
    if (changesNothing(plan)) {
      const left = await this.#locks.breakDead(plan.application);
      if (planned !== undefined) await this.#ledger.writeCutShort(left);
      return { kind: 'done', steps: [] };
    }
    const undertaking = this.#undertaking(plan, planned, options.note);
    const application = origin.planned?.application;
    const taking = await this.#locks.take(undertaking, hostsToLock(this.#seenBy(application), plan.application, application));
    if (taking.kind === 'taken') return { kind: 'locked', steps: untouched(plan), locks: taking.locks };
    try {
      if (options.signal?.aborted === true) return { kind: 'cancelled', steps: untouched(plan) };
      await this.#fleet.lookAgain();
      if (planned !== undefined) await this.#ledger.writeCutShort(taking.broken);
      const now = await origin.again();
      if (now.hash !== plan.hash) return { kind: 'outdated', steps: untouched(plan), plan: now };
      await strikeLost(this.#fleet.observed, plan.without ?? [], (host) => this.#fleet.port(host), options.signal);
      const bench = { fleet: this.#fleet, caught: this.#caught, builds: this.#builds, ground: this.#growth.hostGround(origin, taking.releaseOn) };
      const carryOut = (): Promise<Outcome> => apply(plan, workbenchOf(plan, origin.planned, bench), options);
      const outcome = await (isDeletion(origin) ? this.#fleet.steady(carryOut) : carryOut());
      await this.#fleet.lookAgain();
      if (origin.isOperation) {
        if (plan.assignments && outcome.kind === 'done') await this.#ledger.writeAssignments(undertaking, plan.assignments);
        return outcome;
      }
      if (planned !== undefined && outcome.kind !== 'outdated' && outcome.kind !== 'locked') await this.#ledger.write(undertaking, outcome.kind, { ...(plan.without && { lost: plan.without }), planned: planned.application, ...(plan.assignments && { assignments: plan.assignments }) });
      else if (outcome.kind === 'done') await this.#ledger.forget(plan.application);
      return outcome;
    } finally {
      await taking.release();
    }
  }

  async history(application: string): Promise<readonly Revision[]> {
    await this.#fleet.lookAgain();
    return historyOf(this.#fleet.observed, application);
  }

  async recall(application: string, revision: number, understand: Understand): Promise<Application> {
    const record = await this.#ledger.read(application, revision);
    if (record === undefined) throw new Error(`no host that is up remembers revision ${revision} of ${application}`);
    return recall(record, { observed: this.#fleet.observed, port: (host) => this.#fleet.port(host), understand });
  }

  async locks(application?: string): Promise<readonly ObservedLock[]> {
    return this.#locks.list(application);
  }

  async unlock(application: string): Promise<readonly ObservedLock[]> {
    const locks = await this.#locks.list(application);
    await this.#locks.break(locks);
    await this.#fleet.lookAgain();
    await this.#ledger.writeCutShort(locks);
    return locks;
  }

  async sense(application: Application, { maxAgeMs = 0, signal = this.#fleet.signal }: { readonly maxAgeMs?: number; readonly signal?: AbortSignal } = {}): Promise<Sensed> {
    await this.#fleet.settled();
    const readings = this.#sensed.get(application.id) ?? new Readings(application.id, this.#world);
    this.#sensed.set(application.id, readings);
    await readings.refresh(application.feeds, { maxAgeMs, signal });
    const entities = application.live?.(readings.world) ?? [];
    const problems = entities.flatMap(({ feeds }) => feeds.flatMap(({ entity, sensor }) => ({ entity, sensor, problem: readings.problem(entity, sensor) })));
    return { entities, problems: problems.flatMap(({ problem, ...rest }) => (problem === undefined ? [] : [{ ...rest, problem }])) };
  }

  async invoke(application: string, effector: CommandEffector | RequestEffector, env: Readonly<Record<string, string>>, entities: readonly string[], options: InvokeOptions): Promise<readonly Invoked[]> {
    return invoke({ application, effector, env, entities }, this.#world, options);
  }

  diagnose(a: FoundEntity, b: FoundEntity, port: number | undefined): Promise<Facts> {
    return factsOf(a, b, port, (host) => this.#fleet.port(host));
  }

  async openPort({ application, entity }: FoundEntity, port: number): Promise<Forwarding> {
    const way = new WayIn(() => findEntity(this.#fleet.observed, `${application}/${entity}`), port, (host) => this.#fleet.port(host));
    // Whether it leads anywhere shows now, and not with the first who needs it.
    const probe = await way.dial();
    if ('destroy' in probe && typeof probe.destroy === 'function') probe.destroy();
    const forwarding = await this.#forward(() => way.dial(), port);
    return { port: forwarding.port, close: async () => Promise.all([forwarding.close(), way.close()]).then(() => undefined) };
  }

  async logs(
    host: string,
    containerId: string,
    options: { readonly tail: number; readonly follow: boolean; readonly signal: AbortSignal },
    sink: (line: LogLine) => void,
  ): Promise<void> {
    await this.#reach(host).logs(containerId, options, sink);
  }

  async build(host: string, request: BuildRequest, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Built> {
    return this.#reach(host).builder.build(request, onNews, signal);
  }

  async caughtImages(keep?: Keep): Promise<readonly HostImages[]> {
    await this.#fleet.settled();
    return this.#caught.list(keep, this.#fleet.signal);
  }

  async storedImages(keep: Keep, isTakenAway: boolean): Promise<readonly Stored[]> {
    await this.#fleet.settled();
    return this.#stores.tidy(keep, isTakenAway ? 'collect' : 'show', this.#fleet.signal);
  }

  async removeImage(host: string, image: string): Promise<void> {
    await this.#reach(host).caught.remove(image);
  }

  pushImage(host: string, image: string, as: string, shipping: Shipping): Promise<void> {
    return this.#images.push(host, image, as, shipping);
  }

  hostWith(image: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#images.holder(image, signal);
  }

  pullImage(host: string, image: string, shipping: Shipping): Promise<void> {
    return this.#images.pull(host, image, shipping);
  }

  transferImage(image: string, from: string | undefined, to: readonly string[], transferring: Transferring): Promise<readonly Sent[]> {
    return this.#images.transfer(image, from, to, transferring);
  }

  async images(signal: AbortSignal): Promise<readonly KnownImage[]> {
    const up = this.#fleet.hosts.filter((observer) => observer.current.state.kind === 'up');
    const found = await Promise.all(up.map(async ({ config, port }) => (await port.images(signal).catch(() => [])).map((image) => ({ image, where: `on host ${config.name}` }))));
    return found.flat();
  }

  dispose(): void {
    this.#sourceReader?.close();
    this.#fleet.dispose();
  }

  /** With the docker clouds that the application describes. */
  #seenBy(application: Application | undefined): Observed {
    return withDescribed(application?.clouds ?? [], this.#fleet.observed).observed;
  }

  #undertaking(plan: Plan, planned: Planned | undefined, note: string | undefined): Undertaking {
    const { application, applicationName } = plan;
    const what = `${note === undefined ? '' : `${note}: `}${summary(plan)}`;
    const files = planned && keepFiles(planned.application.blueprint, planned.application.sources ?? [], planned.file);
    return { application, applicationName, atMs: this.#deployer.nowMs(), by: this.#deployer.by, what, blueprint: planned === undefined ? '' : maskBlueprint(planned.application.blueprint), ...(files && { files }) };
  }

  #reach(host: string): HostPort {
    const port = this.#fleet.port(host);
    if (port === undefined) throw new Error(`there is no host ${host}`);
    return port;
  }
}

function isDeletion({ isOperation, planned }: Origin): boolean {
  return !isOperation && planned === undefined;
}

function noProvisioner({ name }: CloudConfig): never {
  throw new Error(`nobody here can make hosts for ${name}`);
}

function noForward(): Promise<Forwarding> {
  return Promise.reject(new Error('nobody here can open ports'));
}

function noSource(source: string): Promise<Content> {
  return Promise.reject(new Error(`nobody here can read ${source}`));
}
