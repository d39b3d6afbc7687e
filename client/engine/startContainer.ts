// Makes and starts containers. One that exits with an error moments after its start has not been started: that is the last check,
// which is waited for outside the host's queue.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import { specHash, specParts } from '#core/cluster/specHash.ts';
import { caughtPhases, filesOfLaunch } from '#core/lifecycle/ahead.ts';
import { followFile } from '#core/lifecycle/follow.ts';
import { settlesWithinMs } from '#core/lifecycle/scripts.ts';
import type { Action } from '#core/plan/plan.ts';
import { canonical } from '#core/text/canonical.ts';
import { doing, nothingMore, type LastCheck, type Running, type Subject, type Workbench } from './acting.ts';
import { Failure, messageOf } from './failure.ts';
import { install, putScripts, untilRunning, type Site } from './lifecycle.ts';
import type { HostPort } from './ports.ts';
import { madeWithTries } from './quarantine.ts';
import { startWithOwn, takenAddresses } from './sdn/addressing.ts';

/** How long a container must stay up to count as started. */
const momentsMs = 1000;
const lastLines = 20;
/** So often another address is tried. */
const mostAddresses = 8;

/** Its network got another subnet than the plan says, and so has it another address. */
class Moved extends Error {}

/**
 * Its network is made meanwhile: an engine wants that only when the container starts. Where another container turns out to have its
 * address, it gets the next one, if it has not had its own before.
 */
export async function create({ host, container: wanted }: Extract<Action, { kind: 'create' }>, port: HostPort, workbench: Workbench, running: Running): Promise<LastCheck> {
  const { containerName, quarantine } = wanted;
  const what = `create container ${containerName} on ${host}`;
  return madeWithTries(quarantine, containerName, port, running, async (onMade) => {
    const image = await workbench.installedImage(wanted, running);
    const preparing = doing(what, () => workbench.addressing.prepare(wanted, port));
    preparing.catch(() => {});
    let made = await port.create(wanted, image).catch(() => undefined);
    let container = made === undefined ? await preparing : wanted;
    for (let tries = mostAddresses; ; tries--) {
      const isEarly = made !== undefined;
      const containerId = made ?? (await doing(what, () => port.create(container, image)));
      made = undefined;
      onMade(containerId);
      running.onDetail('starting');
      const prepared = async (): Promise<void> => {
        if (isEarly && canonical((await preparing).networks) !== canonical(wanted.networks)) throw new Moved();
      };
      const subject = { host, containerName, containerId, container, isFinished: false, done: doneBy(image, container), prepared };
      try {
        const staysUp = await start(subject, port, workbench, running);
        if (quarantine === undefined) return staysUp;
        await staysUp();
        return nothingMore;
      } catch (error) {
        const addresses = takenAddresses(error);
        const isMoved = error instanceof Failure && error.cause instanceof Moved;
        const isPrepared = await preparing.then(() => true, () => false);
        const other = isMoved ? await preparing : addresses.length === 0 || tries === 0 || !isPrepared ? undefined : await workbench.addressing.readdress(container, addresses);
        if (other === undefined && isPrepared) throw error;
        if (!isMoved && isPrepared) running.onDetail(`address ${addresses.join(' or ')} is taken, trying the next`);
        await doing(`remove container ${containerName} on ${host}`, () => port.remove(containerId));
        if (other === undefined) throw error;
        container = other;
      }
    }
  });
}

export interface Startable extends Subject {
  readonly container: DesiredContainer;
  readonly isFinished: boolean;
  /** The phases that its image has behind it, where it was made just now. */
  readonly done?: ReadonlySet<string>;
  /** Resolves when its networks are there. */
  readonly prepared?: () => Promise<void>;
}

/** `image` is the one that was caught, from which the container was made; undefined without one. */
export function doneBy(image: string | undefined, { spec }: DesiredContainer): ReadonlySet<string> {
  const course = spec.lifecycle?.course;
  return image === undefined || course === undefined ? new Set() : caughtPhases(course);
}

export async function start(subject: Startable, port: HostPort, workbench: Workbench, { signal, onDetail, onThere, atMoment }: Running): Promise<LastCheck> {
  const { host, containerId, containerName, container, isFinished, done, prepared } = subject;
  const what = `start container ${containerName} on ${host}`;
  const course = container.spec.lifecycle?.course;
  const launching = course !== undefined && done !== undefined ? filesOfLaunch(course, done, container.gates) : undefined;
  try {
    if (course !== undefined && !isFinished) await doing(`put files into container ${containerName} on ${host}`, () => putScripts({ containerId, port }, course, launching));
    if (isFinished) await doing(`put files into container ${containerName} on ${host}`, () => putAllFollowing({ containerId, port }, container, workbench));
    await prepared?.();
    await doing(what, () => (container.networks.some(({ isNewAddress }) => isNewAddress === true) ? port.start(containerId) : startWithOwn(port, containerId)));
  } catch (error) {
    throw new Failure(messageOf(error), { logTail: await logTail(port, containerId), cause: error });
  }
  onDetail('started');
  onThere();
  if (course !== undefined) {
    const ended = async () => ({ exitCode: await workbench.exitOf(host, containerId, momentsMs, new AbortController().signal), logTail: await logTail(port, containerId) });
    const site = { host, containerId, containerName, port, signal, onDetail, ended, before: atMoment };
    // Who is followed may have gone on while it was installed.
    const beforeLaunch = (): Promise<void> => putAllFollowing(site, container, workbench);
    const settles = (): Promise<boolean> => workbench.settles(host, containerId, settlesWithinMs);
    await (isFinished ? untilRunning(site, course) : install(site, course, { beforeLaunch, ...(done && { known: done }), ...(launching && { settles }) }));
    return nothingMore;
  }
  return async () => {
    const exitCode = await doing(what, () => workbench.exitOf(host, containerId, momentsMs, signal));
    if (exitCode === undefined || exitCode === 0) return undefined;
    throw new Failure(`${what}: it exited at once with code ${exitCode}${meaningOf(exitCode)}`, { logTail: await logTail(port, containerId) });
  };
}

/** What was made and never ran may have been made by half, as on a full disk, or before its network: then it is made again, as nothing is in it. Where it cannot be made as it is, `error` stands. */
export async function startAnew(action: Extract<Action, { kind: 'start' }>, error: unknown, port: HostPort, workbench: Workbench, running: Running): Promise<LastCheck> {
  const { host, containerId, containerName } = action;
  if (workbench.hasRun(host, containerId) || running.signal.aborted) throw error;
  const container = action.container.pending === undefined ? action.container : await workbench.settle(action.container, running.signal);
  if (specHash(specParts(container.application, container.entity, container.spec)) !== workbench.specHashOf(host, containerId)) throw error;
  running.onDetail('creating');
  await doing(`remove container ${containerName} on ${host}`, () => port.remove(containerId));
  const prepared = await doing(`create container ${containerName} on ${host}`, () => workbench.addressing.prepare(container, port));
  const newId = await doing(`create container ${containerName} on ${host}`, () => port.create(prepared));
  running.onDetail('starting');
  return start({ host, containerId: newId, containerName, container, isFinished: false, done: doneBy(undefined, container) }, port, workbench, running);
}

/** Puts the files that follow others; gives how to note what they were made from. */
export async function putFollowing({ containerId, port }: Pick<Site, 'containerId' | 'port'>, container: DesiredContainer, workbench: Workbench): Promise<() => Promise<void>> {
  const following = await workbench.following(container);
  if (following === undefined) return async () => {};
  const { follow, state } = following;
  await port.put(containerId, follow.files.map(({ path, base64 }) => ({ path, content: { base64 } })));
  return () => port.put(containerId, [{ path: followFile, content: { text: state } }]);
}

/** The same before a launch, which takes them as they are. */
async function putAllFollowing(...args: Parameters<typeof putFollowing>): Promise<void> {
  const keepState = await putFollowing(...args);
  await keepState();
}

async function logTail(port: HostPort, containerId: string): Promise<string[]> {
  const lines: string[] = [];
  await port.logs(containerId, { tail: lastLines, follow: false, signal: AbortSignal.timeout(5000) }, (line) => lines.push(line.text)).catch(() => {});
  return lines.slice(-lastLines);
}

function meaningOf(exitCode: number): string {
  if (exitCode === 126) return ' (its program may not be executed)';
  if (exitCode === 127) return ' (its program was not found)';
  if (exitCode === 137) return ' (killed: out of memory, or by somebody)';
  return '';
}
