// The deployments that the hosts remember: written when one has ended, at the application's home, with what is missing there. What
// cannot be written now is written by the next deployment.

import type { Application } from '#core/blueprint/application.ts';
import { withDescribed } from '#core/cloud/described.ts';
import { cloudsNow } from '#core/record/clouds.ts';
import { homeOf } from '#core/record/home.ts';
import { imagesNow } from '#core/record/images.ts';
import { hostRepairs, keepersOf, swarmRepair, type Repair } from '#core/record/keepers.ts';
import type { ObservedLock, Undertaking } from '#core/record/lock.ts';
import { addressesNow, lastAddresses, lastAssignments } from '#core/record/assignments.ts';
import type { Assignment, DeploymentRecord, RecordedOutcome, Revision, Store } from '#core/record/revision.ts';
import { placesNow } from '#core/record/places.ts';
import { historyOf, isWritable, keptRevisions } from '#core/record/record.ts';
import type { LockWorld } from './locks.ts';
import { answerWithinMs } from './patience.ts';
import type { HostPort } from './ports.ts';

export class Ledger {
  readonly #world: LockWorld;

  constructor(world: LockWorld) {
    this.#world = world;
  }

  /** The next revision. Expects a fresh observation. `lost` are hosts that count as gone; `planned` is what the blueprint says, and `assignments` what people changed, where that is known. */
  async write(undertaking: Undertaking, outcome: RecordedOutcome, { lost = [], planned, assignments }: { readonly lost?: readonly string[]; readonly planned?: Application; readonly assignments?: readonly Assignment[] } = {}): Promise<void> {
    const { application, applicationName, atMs, by, what, blueprint, files } = undertaking;
    const { observed } = withDescribed(planned?.clouds ?? [], this.#world.observed());
    const history = historyOf(observed, application);
    const clouds = cloudsNow(observed, application, planned);
    const assigned = assignments ?? lastAssignments(observed, application);
    const images = imagesNow(observed, application);
    const record: DeploymentRecord = {
      application, applicationName, atMs, by, what, blueprint, ...(files && { files }), outcome, revision: (history[0]?.revision ?? 0) + 1,
      places: placesNow(observed, application, lost),
      addresses: addressesNow(observed, application, planned?.entities.map(({ key }) => key) ?? Object.keys(lastAddresses(observed, application))),
      ...(images && { images }),
      ...(assigned && { assignments: assigned }),
      ...(clouds && { clouds }),
    };
    const kept = [record, ...history].slice(0, keptRevisions);
    const find = this.#finder(record);
    const home = homeOf(observed, application, planned);
    const held = new Map<string, ReadonlySet<number>>();
    for (const keeper of keepersOf(observed, home)) {
      const { manager, hosts } = keeper;
      await this.#repair('swarm', application, swarmRepair(keeper, observed.hosts.find(({ host }) => host === manager)?.records ?? [], application, kept), find);
      // What is not there for certain stays on the hosts.
      const there = (await this.#world.port(manager)?.records.list(AbortSignal.timeout(answerWithinMs)).catch(() => undefined)) ?? [];
      const numbers = new Set(there.flatMap((one) => (one.application === application && one.store === 'swarm' ? [one.revision] : [])));
      for (const host of hosts) held.set(host, numbers);
    }
    const repairs = hostRepairs(observed, application, home, kept, held);
    // What one host gives up another may be about to get from it.
    await Promise.all(repairs.flatMap(({ write }) => write.map(({ revision }) => find(revision))));
    await Promise.all(repairs.map((one) => this.#repair('host', application, one, find)));
  }

  /** The next revision of an application that is otherwise as it was. Expects a fresh observation. */
  async writeAssignments(undertaking: Undertaking, assignments: readonly Assignment[]): Promise<void> {
    const { application } = undertaking;
    const observed = this.#world.observed();
    const [last] = historyOf(observed, application);
    const owners = observed.hosts.flatMap(({ containers }) => containers).flatMap(({ owner }) => (owner?.application === application ? [owner] : []));
    const before = last && (await this.read(application, last.revision));
    const blueprint = before?.blueprint ?? owners.find((owner) => owner.blueprint !== undefined)?.blueprint ?? '';
    await this.write({ ...undertaking, blueprint, ...(before?.files && { files: before.files }) }, 'done', { assignments });
  }

  /** What was begun by those who are gone. An undertaking without a blueprint leaves nothing to go back to. */
  async writeCutShort(locks: readonly ObservedLock[]): Promise<void> {
    const each = new Map(locks.filter(({ blueprint }) => blueprint !== '').map((lock) => [`${lock.session} ${lock.atMs}`, lock]));
    for (const lock of each.values()) await this.write(lock, 'cut short');
  }

  async read(application: string, revision: number): Promise<DeploymentRecord | undefined> {
    for (const { host, state, records = [] } of this.#world.observed().hosts) {
      if (state.kind !== 'up' || !records.some((record) => record.application === application && record.revision === revision)) continue;
      const found = await this.#world.port(host)?.records.read(application, revision).catch(() => undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What a deployment that was deleted has left on the hosts that are up. */
  async forget(application: string): Promise<void> {
    const { hosts } = this.#world.observed();
    await this.#on(hosts.filter(isWritable), async (port, { records = [] }) => {
      for (const record of records) if (record.application === application) await port.records.remove(application, record.revision);
    });
  }

  /** Each record is read once, and only where a store lacks it. */
  #finder(written: DeploymentRecord): (revision: number) => Promise<DeploymentRecord | undefined> {
    const found = new Map([[written.revision, Promise.resolve<DeploymentRecord | undefined>(written)]]);
    return (revision) => {
      const known = found.get(revision) ?? this.read(written.application, revision);
      found.set(revision, known);
      return known;
    };
  }

  async #repair(store: Store, application: string, repair: Repair | undefined, find: (revision: number) => Promise<DeploymentRecord | undefined>): Promise<void> {
    if (repair === undefined) return;
    await this.#on([repair], async (port, { write, remove }) => {
      const records = await Promise.all(write.map(({ revision }: Revision) => find(revision)));
      for (const record of records) if (record !== undefined) await port.records.write(record, store);
      for (const revision of remove) await port.records.remove(application, revision, store);
    });
  }

  /** A host where it fails has less history, which is no reason to fail. */
  async #on<T extends { readonly host: string }>(all: readonly T[], work: (port: HostPort, one: T) => Promise<void>): Promise<void> {
    const each = async (one: T): Promise<void> => {
      const port = this.#world.port(one.host);
      if (port !== undefined) await work(port, one).catch(() => undefined);
    };
    await Promise.all(all.map(each));
  }
}
