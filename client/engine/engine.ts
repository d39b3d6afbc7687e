// The engine: several hosts in view, plans made from what is seen, plans carried out. It knows hosts only through their
// ports; `client/controller.ts` joins it with Docker.

import { maskBlueprint } from '#core/blueprint/mask.ts';
import type { Application } from '#core/blueprint/application.ts';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { deletionOf } from '#core/cloud/localCloud.ts';
import { inClouds } from '#core/cloud/membership.ts';
import { foundClouds, type FoundHost, foundHosts, isNested, nestedEndpoint, withAddresses } from '#core/cloud/nested.ts';
import { withDescribed } from '#core/cloud/described.ts';
import { expectedWith, placeGrowing, spareHosts } from '#core/cloud/grow.ts';
import type { CloudProblem, Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { makes } from '#core/plan/dependencies.ts';
import { counting, lostRefusals, unseenRefusals } from '#core/plan/lost.ts';
import { followFile } from '#core/lifecycle/follow.ts';
import { hostsToMeasure } from '#core/placement/measure.ts';
import { explainAll, type Explained } from '#core/placement/place.ts';
import { misfits } from '#core/placement/confirm.ts';
import { diff, type Following, type Wanted } from '#core/plan/diff.ts';
import { operate, type Operation } from '#core/plan/operate.ts';
import type { Plan, Refusal } from '#core/plan/plan.ts';
import { summary } from '#core/plan/render.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import type { ObservedLock, Undertaking } from '#core/record/lock.ts';
import { historyOf, type Revision } from '#core/record/record.ts';
import type { Content } from '#core/resolve/course.ts';
import type { BuildNews } from '#core/image/buildLog.ts';
import type { Keep } from '#core/image/caught.ts';
import type { KnownImage } from '#core/image/known.ts';
import { canonical } from '#core/text/canonical.ts';
import type { Workbench } from './actions.ts';
import { apply, untouched } from './apply.ts';
import { following, settled, type Planned } from './awaiting.ts';
import { Bell } from './bell.ts';
import type { ApplyOptions, Cloud, CommandEffector, HostConfig, HostImages, InvokeOptions, Invoked, LogLine, Outcome, PlanOptions, Sensed, Understand } from './cloud.ts';
import type { Built, BuildRequest } from './builderPort.ts';
import { CaughtImages } from './caught.ts';
import { type CloudGround, type CloudProgress, type MadeCloud, makeCloud, removeHosts } from './cloudHosts.ts';
import type { Deployer } from './deployer.ts';
import { Failure, messageOf } from './failure.ts';
import { bringImage } from './images.ts';
import { invoke } from './invoke.ts';
import { addHost, removeHost, type HostGround } from './newHosts.ts';
import { Ledger } from './ledger.ts';
import { Locks, type LockWorld } from './locks.ts';
import { recall } from './recall.ts';
import { joinHosts } from './sdn/joinHosts.ts';
import { HostObserver } from './observe.ts';
import { Addressing } from './sdn/addressing.ts';
import type { Connect, HostPort } from './ports.ts';
import { sample } from './sample.ts';
import { Readings, type Site } from './sensors.ts';
import type { Provisioner } from '../provision/provisioner.ts';

export interface EngineOptions {
  readonly deployer: Deployer;
  /** At least 0, less than 1: spreads the attempts to reach hosts again. */
  readonly random?: () => number;
  /** Reads what entities are given as files, by the source in the blueprint and the folder where relative paths start. Fails with an Error whose message is a sentence. */
  readonly readSource?: (source: string, folder: string | undefined) => Promise<Content>;
  /** How a cloud's hosts are made. */
  readonly provisioner?: MakeProvisioner;
}

/** What was read while planning still counts when the plan is looked at again before it is carried out. */
const stillFreshMs = 30_000;

/** Throws where the cloud has none. `port` gives the hosts there are. */
export type MakeProvisioner = (cloud: CloudConfig, port: (host: string) => HostPort | undefined) => Provisioner;

/** An engine of a new host that has not answered by then is shown as it is. */
const answerWithinMs = 30_000;

/** A new host that is to carry something is given up after that. */
const joinsWithinMs = 120_000;

export class Engine implements Cloud {
  readonly #connect: Connect;
  readonly #random: () => number;
  readonly #readSource: (source: string, folder: string | undefined) => Promise<Content>;
  readonly #provisioner: MakeProvisioner;
  readonly #planned = new WeakMap<Plan, Planned>();
  readonly #wanted = new WeakMap<Plan, Wanted>();
  /** How plans that only start and stop are made again. */
  readonly #operations = new WeakMap<Plan, { readonly make: () => Plan; readonly of: Planned }>();
  readonly #deployer: Deployer;
  readonly #locks: Locks;
  readonly #ledger: Ledger;
  readonly #caught: CaughtImages;
  readonly #listeners = new Set<(observed: Observed) => void>();
  readonly #stop = new AbortController();
  /** What was read of applications, for whoever looks at them. */
  readonly #sensed = new Map<string, Readings>();
  readonly #site: Site = { observed: () => this.#observed, port: (host) => this.#port(host) };
  /** Those that are configured, then those that were found in containers of theirs. */
  #hosts: HostObserver[] = [];
  #configured: readonly HostConfig[] = [];
  /** Hosts that plans have added since, of which nothing else tells. */
  #made: readonly HostConfig[] = [];
  /** Under way: asking the provisioners of the clouds which hosts they made. */
  #finding: Promise<unknown> = Promise.resolve();
  /** Clouds whose provisioners could not say, and why. */
  #cloudProblems: readonly CloudProblem[] = [];
  #clouds: readonly CloudConfig[] = [];
  #observed: Observed = { hosts: [] };
  #isTold = true;
  /** One after the other: two who join hosts at once would make two Swarms. */
  #spanning: Promise<void> = Promise.resolve();
  /** Endpoints of hosts that live in containers that run. */
  #running: ReadonlySet<string> = new Set();

  constructor(connect: Connect, { deployer, random = Math.random, readSource = noSource, provisioner = noProvisioner }: EngineOptions) {
    this.#connect = connect;
    this.#random = random;
    this.#readSource = readSource;
    this.#provisioner = provisioner;
    this.#deployer = deployer;
    const world: LockWorld = { observed: () => this.#observed, port: (host) => this.#port(host), deployer };
    this.#locks = new Locks(world);
    this.#ledger = new Ledger(world);
    this.#caught = new CaughtImages({ ...world, nowMs: () => deployer.nowMs() });
  }

  get observed(): Observed {
    return this.#observed;
  }

  onChange(listener: (observed: Observed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setHosts(hosts: readonly HostConfig[], clouds: readonly CloudConfig[] = []): void {
    const isNew = canonical(clouds) !== canonical(this.#clouds);
    this.#clouds = clouds;
    this.#configured = hosts;
    if (isNew) this.#finding = this.#find(clouds);
    const left = this.#hosts.filter(({ config }) => isNested(config.endpoint) || this.#known().some((host) => isSame(host, config)));
    this.#arrange(foundHosts({ hosts: left.map(({ current }) => current) }, this.#known()));
    this.#changed();
  }

  async createCloud(cloud: CloudConfig, progress?: CloudProgress): Promise<MadeCloud> {
    await this.#lookAgain();
    return makeCloud(cloud, this.#ground(cloud), progress);
  }

  async deleteCloud(name: string, progress?: CloudProgress): Promise<void> {
    await this.#lookAgain();
    const deletion = deletionOf(name, this.#observed);
    if (typeof deletion === 'string') throw new Error(deletion);
    const { cloud: { definition, hosts } } = deletion;
    const places = hosts.map(({ host, parent, container }) => ({ name: host, endpoint: nestedEndpoint(parent, container.containerName) }));
    await removeHosts(definition, places, this.#ground(definition), progress);
    await this.refresh();
  }

  #ground({ name }: CloudConfig): CloudGround {
    return {
      observed: () => this.#observed,
      provisioner: (cloud) => this.#provisioner(cloud, (host) => this.#port(host)),
      settle: async (signal) => {
        await this.refresh();
        const stop = AbortSignal.any([signal, this.#stop.signal]);
        await this.#until(({ hosts }) => hosts.every(({ cloud, state }) => cloud !== name || state.kind === 'up'), AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]));
      },
      span: (onDetail, signal) => this.#span(name, onDetail, signal),
    };
  }

  /** Lets networks span a cloud whose hosts were all made for it in containers: nobody else's machine is brought into a Swarm unasked. Throws an Error with a sentence. */
  async #span(name: string, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void> {
    const join = async (): Promise<void> => {
      const hosts = this.#observed.hosts.filter(({ cloud }) => cloud === name);
      if (hosts.length < 2 || !hosts.every(({ endpoint, state }) => isNested(endpoint) && state.kind === 'up')) return;
      const members = hosts.flatMap(({ host }) => {
        const port = this.#port(host);
        return port === undefined ? [] : [{ host, port }];
      });
      if (await joinHosts(members, { cloud: name, onDetail, signal })) await this.refresh();
    };
    const mine = this.#spanning.then(join);
    this.#spanning = mine.catch(() => undefined);
    await mine;
  }

  /** Observes the hosts that are configured, and these that were found. */
  #arrange(found: readonly FoundHost[]): void {
    const wanted = [...this.#known(), ...found];
    const kept = this.#hosts.filter((observer) => wanted.some((host) => isSame(host, observer.config)));
    for (const observer of this.#hosts) if (!kept.includes(observer)) observer.dispose();
    this.#hosts = wanted.map((host) => kept.find((observer) => isSame(host, observer.config)) ?? this.#observe(host));
    this.#observed = this.#current();
  }

  #known(): readonly HostConfig[] {
    return [...this.#configured, ...this.#made.filter(({ name }) => !this.#configured.some((host) => host.name === name))];
  }

  /** Hosts in containers are found by observation; those that others made are known to who made them. */
  async #find(clouds: readonly CloudConfig[]): Promise<void> {
    const makers = clouds.filter(({ provisioner }) => provisioner !== undefined && provisioner.kind !== 'nested');
    const found = await Promise.all(
      makers.map(async (cloud) => {
        try {
          const hosts = await this.#provisioner(cloud, (host) => this.#port(host)).find(this.#stop.signal);
          return { hosts: hosts.map((host) => Object.assign({ ...host }, { cloud: cloud.name })), problems: [] };
        } catch (error) {
          return { hosts: [], problems: [{ cloud: cloud.name, problem: messageOf(error) }] };
        }
      }),
    );
    if (this.#stop.signal.aborted || this.#clouds !== clouds) return;
    this.#cloudProblems = found.flatMap(({ problems }) => problems);
    this.#made = found.flatMap(({ hosts }) => hosts);
    this.#arrange(foundHosts(this.#observed, this.#known()));
    this.#changed();
  }

  async settled(signal: AbortSignal = this.#stop.signal): Promise<Observed> {
    await this.#finding;
    await this.#until((observed) => observed.hosts.every((host) => host.state.kind !== 'connecting'), signal);
    return this.#observed;
  }

  async refresh(): Promise<Observed> {
    await Promise.all(this.#hosts.map((observer) => observer.refresh()));
    return this.#observed;
  }

  async plan(application: Application, { without = [], anew }: PlanOptions & { readonly anew?: readonly string[] } = {}): Promise<Plan> {
    for (const { port } of this.#hosts) port.attend(application.id);
    await this.#lookAgain();
    await this.#measure(application);
    const files = new Map<string, Content>();
    const unread: Refusal[] = [];
    for (const source of application.sources ?? []) {
      await this.#readSource(source, application.folder).then(
        (content) => files.set(source, content),
        (error: unknown) => unread.push({ entity: application.id, reason: `${source} cannot be read: ${messageOf(error)}` }),
      );
    }
    return this.#planOf({ application, file: (source) => files.get(source), unread, readings: this.#readings(application.id), ...(anew && { anew }) }, without);
  }

  async explain(application: Application): Promise<readonly Explained[]> {
    await this.#lookAgain();
    await this.#measure(application);
    const { observed } = withDescribed(application.clouds ?? [], counting(this.#observed, application.id));
    return explainAll(application, placeGrowing(application, observed).ground);
  }

  async planDelete(application: string, { without = [] }: PlanOptions = {}): Promise<Plan> {
    await this.#lookAgain();
    return this.#planDeletion(application, without);
  }

  /** A plan is carried out by the engine that made it. */
  async apply(plan: Plan, options: ApplyOptions = {}): Promise<Outcome> {
    const readOnly = plan.actions.find((action) => this.#hosts.some(({ config }) => config.name === action.host && config.readOnly === true));
    if (readOnly !== undefined) throw new Error(`host ${readOnly.host} is read-only, so the plan is not carried out; plan again`);
    if (plan.refusals.length > 0) throw new Error('a plan with refusals is not applied');
    const planned = this.#planned.get(plan);
    if (plan.actions.length === 0) {
      const left = await this.#locks.breakDead(plan.application);
      if (planned !== undefined) await this.#ledger.writeCutShort(left);
      return { kind: 'done', steps: [] };
    }
    const undertaking = this.#undertaking(plan, planned, options.note);
    const taking = await this.#locks.take(undertaking);
    if (taking.kind === 'taken') return { kind: 'locked', steps: untouched(plan), locks: taking.locks };
    try {
      if (options.signal?.aborted === true) return { kind: 'cancelled', steps: untouched(plan) };
      await this.#lookAgain();
      if (planned !== undefined) await this.#ledger.writeCutShort(taking.broken);
      const operation = this.#operations.get(plan);
      const now = operation !== undefined ? operation.make() : planned === undefined ? await this.#planDeletion(plan.application, plan.without) : await this.#planOf(planned, plan.without);
      if (now.hash !== plan.hash) return { kind: 'outdated', steps: untouched(plan), plan: now };
      const outcome = await apply(plan, this.#workbench(plan, operation?.of ?? planned), options);
      await this.#lookAgain();
      if (operation !== undefined) return outcome;
      if (planned !== undefined && outcome.kind !== 'outdated' && outcome.kind !== 'locked') await this.#ledger.write(undertaking, outcome.kind, plan.without);
      else if (outcome.kind === 'done') await this.#ledger.forget(plan.application);
      return outcome;
    } finally {
      await taking.release();
    }
  }

  async history(application: string): Promise<readonly Revision[]> {
    await this.#lookAgain();
    return historyOf(this.#observed, application);
  }

  async recall(application: string, revision: number, understand: Understand): Promise<Application> {
    const record = await this.#ledger.read(application, revision);
    if (record === undefined) throw new Error(`no host that is up remembers revision ${revision} of ${application}`);
    return recall(record, { observed: this.#observed, port: (host) => this.#port(host), understand });
  }

  async locks(application?: string): Promise<readonly ObservedLock[]> {
    return this.#locks.list(application);
  }

  async unlock(application: string): Promise<readonly ObservedLock[]> {
    const locks = await this.#locks.list(application);
    await this.#locks.break(locks);
    await this.#lookAgain();
    await this.#ledger.writeCutShort(locks);
    return locks;
  }

  async planOperation(operation: Operation, application: Application, entities: readonly string[]): Promise<Plan> {
    await this.#lookAgain();
    const make = (): Plan => operate(operation, application, entities, this.#observed);
    const plan = make();
    this.#operations.set(plan, { make, of: { application, file: () => undefined, unread: [], readings: this.#readings(application.id) } });
    return plan;
  }

  async sense(application: Application, { maxAgeMs = 0, signal = this.#stop.signal }: { readonly maxAgeMs?: number; readonly signal?: AbortSignal } = {}): Promise<Sensed> {
    await this.settled();
    const readings = this.#sensed.get(application.id) ?? this.#readings(application.id);
    this.#sensed.set(application.id, readings);
    await readings.refresh(application.feeds, { maxAgeMs, signal });
    const entities = application.live?.(readings.world) ?? [];
    const problems = entities.flatMap(({ feeds }) => feeds.flatMap(({ entity, sensor }) => ({ entity, sensor, problem: readings.problem(entity, sensor) })));
    return { entities, problems: problems.flatMap(({ problem, ...rest }) => (problem === undefined ? [] : [{ ...rest, problem }])) };
  }

  async invoke(application: string, effector: CommandEffector, env: Readonly<Record<string, string>>, entities: readonly string[], options: InvokeOptions): Promise<readonly Invoked[]> {
    return invoke({ application, effector, env, entities }, this.#site, options);
  }

  async logs(
    host: string,
    containerId: string,
    options: { readonly tail: number; readonly follow: boolean; readonly signal: AbortSignal },
    sink: (line: LogLine) => void,
  ): Promise<void> {
    const port = this.#port(host);
    if (port === undefined) throw new Error(`there is no host ${host}`);
    await port.logs(containerId, options, sink);
  }

  async build(host: string, request: BuildRequest, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Built> {
    const port = this.#port(host);
    if (port === undefined) throw new Error(`there is no host ${host}`);
    return port.builder.build(request, onNews, signal);
  }

  async caughtImages(keep?: Keep): Promise<readonly HostImages[]> {
    await this.settled();
    return this.#caught.list(keep, this.#stop.signal);
  }

  async removeImage(host: string, image: string): Promise<void> {
    const port = this.#port(host);
    if (port === undefined) throw new Error(`there is no host ${host}`);
    await port.caught.remove(image);
  }

  async images(signal: AbortSignal): Promise<readonly KnownImage[]> {
    const up = this.#hosts.filter((observer) => observer.current.state.kind === 'up');
    const found = await Promise.all(up.map(async ({ config, port }) => (await port.images(signal).catch(() => [])).map((image) => ({ image, where: `on host ${config.name}` }))));
    return found.flat();
  }

  dispose(): void {
    this.#stop.abort();
    for (const observer of this.#hosts) observer.dispose();
    this.#hosts = [];
    this.#listeners.clear();
  }

  /** How busy processors are is measured where the application's placement asks for it, of all hosts or of one. */
  async #measure(application: Application, only?: string): Promise<void> {
    const { observed } = withDescribed(application.clouds ?? [], this.#observed);
    const names = hostsToMeasure(application, observed);
    await sample(this.#hosts.filter(({ config: { name }, current: { state } }) => names.has(name) && state.kind === 'up' && (only === undefined || only === name)), this.#stop.signal);
  }

  #observe(host: HostConfig): HostObserver {
    return new HostObserver(host, this.#connect(host), { onChange: () => this.#changed(), random: this.#random });
  }

  #port(host: string): HostPort | undefined {
    return this.#hosts.find((observer) => observer.config.name === host)?.port;
  }

  /** Several changes in one turn are told once. */
  #changed(): void {
    this.#observed = this.#current();
    const found = foundHosts(this.#observed, this.#known());
    if (canonical(found) !== canonical(this.#hosts.slice(this.#known().length).map(({ config }) => config))) this.#arrange(found);
    this.#wakeStarted();
    this.#locks.tidy();
    if (!this.#isTold) return;
    this.#isTold = false;
    queueMicrotask(() => {
      this.#isTold = true;
      for (const listener of this.#listeners) listener(this.#observed);
    });
  }

  /** A cloud that is configured is what its configuration says; one that was found, what its hosts say. */
  #current(): Observed {
    const hosts = this.#hosts.map((observer) => observer.current);
    const found = foundClouds({ hosts }).flatMap(({ name, definition }) => (this.#clouds.some((cloud) => cloud.name === name) ? [] : [definition]));
    const observed = inClouds(withAddresses(hosts), [...this.#clouds, ...found]);
    return this.#cloudProblems.length === 0 ? observed : { ...observed, cloudProblems: this.#cloudProblems };
  }

  /** A host whose container was started is not to wait for the next attempt. */
  #wakeStarted(): void {
    const running = new Set(this.#observed.hosts.flatMap(({ host, containers }) => containers.flatMap(({ nested, state, containerName }) => (nested !== undefined && state === 'running' ? [nestedEndpoint(host, containerName)] : []))));
    const started = this.#hosts.filter(({ config, current }) => running.has(config.endpoint) && !this.#running.has(config.endpoint) && current.state.kind === 'down');
    this.#running = running;
    for (const observer of started) void observer.refresh();
  }

  /** What is planned is planned from what is, not from what was a moment ago. Hosts that are down are not waited for. */
  async #lookAgain(): Promise<void> {
    await this.settled();
    await Promise.all(this.#hosts.filter((observer) => observer.current.state.kind === 'up').map((observer) => observer.refresh()));
  }

  async #planOf(planned: Planned, without: readonly string[] = []): Promise<Plan> {
    const { application, file, unread, readings, anew } = planned;
    await readings.refresh(application.feeds, { maxAgeMs: stillFreshMs, signal: this.#stop.signal });
    const wanted = wantedOf(application, counting(this.#observed, application.id, without), { file, read: readings.value }, maskBlueprint(application.blueprint));
    const plan = await this.#plan({ ...wanted, refusals: [...unread, ...lostRefusals(this.#observed, application.id, without), ...wanted.refusals], without, ...(anew && { anew }) });
    this.#planned.set(plan, planned);
    return plan;
  }

  async #planDeletion(application: string, without: readonly string[] = []): Promise<Plan> {
    const names = this.#observed.hosts.flatMap(({ containers, records = [] }) => [...containers.flatMap(({ owner }) => owner ?? []), ...records]);
    const applicationName = names.find((one) => one.application === application)?.applicationName ?? application;
    const refusals = [...lostRefusals(this.#observed, application, without), ...unseenRefusals(counting(this.#observed, application, without), application)];
    const spare = spareHosts(counting(this.#observed, application, without), application, []);
    return this.#plan({ application, applicationName, containers: [], refusals, without, ...(spare.length > 0 && { spareHosts: spare }) });
  }

  #undertaking(plan: Plan, planned: Planned | undefined, note: string | undefined): Undertaking {
    const { application, applicationName } = plan;
    const what = `${note === undefined ? '' : `${note}: `}${summary(plan)}`;
    return { application, applicationName, atMs: this.#deployer.nowMs(), by: this.#deployer.by, what, blueprint: planned === undefined ? '' : maskBlueprint(planned.application.blueprint) };
  }

  async #plan(wanted: Wanted): Promise<Plan> {
    const observed = counting(this.#observed, wanted.application, wanted.without);
    const draft = diff(wanted, observed);
    const needed = draft.actions.flatMap((action) => (makes(action) ? [action.container] : []));
    const { containers, missing } = await this.#caught.plan(needed, this.#stop.signal);
    const installed = new Map(needed.map((container, index) => [container, containers[index]]));
    const plan = diff({ ...wanted, containers: wanted.containers.map((container) => installed.get(container) ?? container) }, observed, missing, await this.#following(wanted));
    this.#wanted.set(plan, wanted);
    return plan;
  }

  /** What running containers say that follow others. */
  async #following(wanted: Wanted): Promise<Following> {
    const followers = wanted.containers.filter(({ spec }) => spec.lifecycle?.course?.follow !== undefined);
    const found = await Promise.all(
      followers.map(async ({ host, entity }): Promise<readonly (readonly [string, string])[]> => {
        const container = this.#observed.hosts.find((one) => one.host === host && one.state.kind === 'up' && one.isReadOnly !== true)?.containers.find(({ owner }) => owner?.application === wanted.application && owner.entity === entity);
        return container === undefined ? [] : [[container.containerId, (await this.#port(host)?.read(container.containerId, followFile)) ?? '']];
      }),
    );
    return new Map(found.flat());
  }

  #workbench(plan: Plan, planned: Planned | undefined): Workbench {
    const ground = this.#hostGround(planned, this.#wanted.get(plan));
    const find = (host: string, containerId: string): ObservedContainer | undefined =>
      this.#observed.hosts.find((observed) => observed.host === host)?.containers.find((container) => container.containerId === containerId);
    return {
      application: plan.application,
      addHost: (action, running) => addHost(action, ground, running),
      removeHost: (action) => removeHost(action, ground),
      addressing: new Addressing(plan, () => this.#lookAgain().then(() => this.#observed)),
      port: (host) => this.#port(host),
      bringImage: (image, host, onDetail, signal) => bringImage(image, host, { observed: this.#observed, port: (near) => this.#port(near) }, onDetail, signal),
      installedImage: (container, running) => this.#caught.imageFor(container, running),
      isRunning: (host, containerId) => find(host, containerId)?.state === 'running',
      hasRun: (host, containerId) => find(host, containerId)?.state !== 'created',
      isFinished: (host, containerId) => find(host, containerId)?.isUnfinished !== true,
      specHashOf: (host, containerId) => find(host, containerId)?.owner?.specHash,
      settle: async (container, signal) => {
        if (planned === undefined) throw new Failure(`${container.containerName} needs values that only running entities have; plan again`);
        await Promise.all(this.#hosts.map((observer) => observer.refresh()));
        return settled(container, planned, { observed: () => this.#observed, changed: (until, withinMs) => this.#change(until, withinMs), signal: AbortSignal.any([signal, this.#stop.signal]) });
      },
      following: async (container) => {
        if (planned === undefined || container.spec.lifecycle?.course?.follow === undefined) return undefined;
        await Promise.all(this.#hosts.map((observer) => observer.refresh()));
        return following(container, planned, this.#observed);
      },
      exitOf: async (host, containerId, withinMs, signal) => {
        const exitCode = (): number | undefined => {
          const container = find(host, containerId);
          return container?.state === 'exited' ? container.exitCode : undefined;
        };
        // An exit from before this start must not count.
        if (exitCode() !== undefined) await this.#hosts.find((observer) => observer.config.name === host)?.refresh(containerId);
        const isDown = (): boolean => this.#observed.hosts.find((observed) => observed.host === host)?.state.kind !== 'up';
        await this.#until(() => exitCode() !== undefined || isDown(), AbortSignal.any([signal, this.#stop.signal, AbortSignal.timeout(withinMs)]));
        // An engine under load tells of an end late: it is asked once more.
        if (exitCode() === undefined && !isDown()) await this.#hosts.find((observer) => observer.config.name === host)?.refresh(containerId);
        if (isDown()) throw new Error(`host ${host} went down, so nobody knows whether it stays up`);
        if (find(host, containerId)?.state === 'created') throw new Error('the engine does not list it as running, as if it could not write that down; see whether its disk is full');
        return exitCode();
      },
    };
  }

  #readings(application: string): Readings {
    return new Readings(application, this.#site);
  }

  /** Resolves at the next change, after `withinMs`, or when `signal` aborts. */
  async #change(signal: AbortSignal, withinMs: number): Promise<void> {
    const bell = new Bell();
    const forget = this.onChange(() => bell.ring());
    await bell.heard(signal, withinMs);
    forget();
  }

  #hostGround(planned: Planned | undefined, wanted: Wanted | undefined): HostGround {
    const seen = (): Observed => withDescribed(planned?.application.clouds ?? [], this.#observed).observed;
    const observer = (name: string): HostObserver | undefined => this.#hosts.find(({ config }) => config.name === name);
    const rearrange = async (made: readonly HostConfig[]): Promise<void> => {
      this.#made = made;
      this.#arrange(foundHosts(this.#observed, this.#known()));
      this.#changed();
      await this.#lookAgain();
    };
    return {
      cloud: (name) => seen().clouds?.find((cloud) => cloud.name === name),
      maker: (cloud) => this.#provisioner(cloud, (host) => this.#port(host)),
      join: async (host, signal) => {
        // A host in a container is found by what that says of itself.
        await rearrange(isNested(host.endpoint) ? this.#made : [...this.#made.filter(({ name }) => name !== host.name), host]);
        const state = (): ObservedHost['state'] | undefined => this.#observed.hosts.find((one) => one.host === host.name)?.state;
        await this.#until(() => state()?.kind === 'up', AbortSignal.any([signal, this.#stop.signal, AbortSignal.timeout(joinsWithinMs)]));
        const now = state();
        signal.throwIfAborted();
        if (now?.kind !== 'up') throw new Error(now?.kind === 'down' ? `it is down: ${now.problem}` : `its engine did not answer within ${joinsWithinMs / 1000} s`);
      },
      span: (cloud, onDetail, signal) => this.#span(cloud, onDetail, signal),
      leave: async (name) => rearrange(this.#made.filter((host) => host.name !== name)),
      misfits: async (host) => {
        if (planned === undefined || wanted === undefined) return [];
        await this.#measure(planned.application, host);
        return misfits(planned.application, expectedWith(wanted.newHosts ?? [], seen()), wanted.containers, host);
      },
      look: async (name) => {
        const found = observer(name);
        await found?.refresh();
        return found && { config: found.config, observed: found.current };
      },
    };
  }

  /** Resolves when `isSo`, or when `signal` aborts. */
  async #until(isSo: (observed: Observed) => boolean, signal: AbortSignal): Promise<void> {
    const bell = new Bell();
    const forget = this.onChange(() => bell.ring());
    while (!isSo(this.#observed) && !signal.aborted) await bell.heard(signal);
    forget();
  }
}

function isSame(a: HostConfig, b: HostConfig): boolean {
  return canonical(a) === canonical(b);
}

function noProvisioner({ name }: CloudConfig): never {
  throw new Error(`nobody here can make hosts for ${name}`);
}

function noSource(source: string): Promise<Content> {
  return Promise.reject(new Error(`nobody here can read ${source}`));
}
