// The deployments that the hosts remember: written when one has ended, on every host that is up, with what these have missed.
// What cannot be written now is written by the next deployment.

import type { Observed } from '#core/cluster/observed.ts';
import type { ObservedLock, Undertaking } from '#core/record/lock.ts';
import { addressesNow, type Assignment, lastAddresses, lastAssignments } from '#core/record/assignments.ts';
import { placesNow } from '#core/record/places.ts';
import { historyOf, isWritable, keptRevisions, repairs, type DeploymentRecord, type RecordedOutcome } from '#core/record/record.ts';
import type { LockWorld } from './locks.ts';
import type { HostPort } from './ports.ts';

export class Ledger {
  readonly #world: LockWorld;

  constructor(world: LockWorld) {
    this.#world = world;
  }

  /** The next revision. Expects a fresh observation. `lost` are hosts that count as gone; `entities` those that the application has now, and `assignments` what people changed, where that is known. */
  async write(undertaking: Undertaking, outcome: RecordedOutcome, { lost = [], entities, assignments }: { readonly lost?: readonly string[]; readonly entities?: readonly string[]; readonly assignments?: readonly Assignment[] } = {}): Promise<void> {
    const { application, applicationName, atMs, by, what, blueprint } = undertaking;
    const observed = this.#world.observed();
    const [last] = historyOf(observed, application);
    const kept = assignments ?? lastAssignments(observed, application);
    const record: DeploymentRecord = {
      application, applicationName, atMs, by, what, blueprint, outcome, revision: (last?.revision ?? 0) + 1,
      places: placesNow(observed, application, lost),
      addresses: addressesNow(observed, application, entities ?? Object.keys(lastAddresses(observed, application))),
      ...(kept && { assignments: kept }),
    };
    await this.#on(observed.hosts.filter(isWritable), (port) => port.records.write(record));
    await this.#repair(observed, record);
  }

  /** The next revision of an application that is otherwise as it was. Expects a fresh observation. */
  async writeAssignments(undertaking: Undertaking, assignments: readonly Assignment[]): Promise<void> {
    const { application } = undertaking;
    const observed = this.#world.observed();
    const [last] = historyOf(observed, application);
    const owners = observed.hosts.flatMap(({ containers }) => containers).flatMap(({ owner }) => (owner?.application === application ? [owner] : []));
    const before = last && (await this.read(application, last.revision));
    const blueprint = before?.blueprint ?? owners.find((owner) => owner.blueprint !== undefined)?.blueprint ?? '';
    await this.write({ ...undertaking, blueprint }, 'done', { assignments });
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

  async #repair(observed: Observed, written: DeploymentRecord): Promise<void> {
    const { application } = written;
    const wanted = repairs(observed, written);
    if (wanted.length === 0) return;
    const records = new Map<number, DeploymentRecord>();
    for (const { revision } of historyOf(observed, application).slice(0, keptRevisions)) {
      if (!wanted.some(({ write }) => write.some((one) => one.revision === revision))) continue;
      const record = await this.read(application, revision);
      if (record !== undefined) records.set(revision, record);
    }
    await this.#on(wanted, async (port, { write, remove }) => {
      for (const { revision } of write) {
        const record = records.get(revision);
        if (record !== undefined) await port.records.write(record);
      }
      for (const revision of remove) await port.records.remove(application, revision);
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
