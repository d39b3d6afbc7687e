// An entity's installation and launch, phase by phase, in its running container. What is done already is known from the
// container, so that a deployment that was cut short is gone on with where it was.

import { stagesLeft } from '#core/lifecycle/ahead.ts';
import { stages, type Course, type Phase, type PlacedFile, type StageName } from '#core/lifecycle/lifecycle.ts';
import type { Moment } from '#core/lifecycle/moments.ts';
import { checkCommand, doneCommand, donePhases, donePhasesCommand, launchCommand, launchFile, phaseCommand, reloadCommand, scriptsOf, settleCommand, tidyCommand } from '#core/lifecycle/scripts.ts';
import { Failure, messageOf } from './failure.ts';
import type { HostPort } from './ports.ts';

const lastLines = 20;
const untilItRuns = 'waiting until it runs';
const checkEveryMs = { first: 200, most: 2000 };

export interface Site {
  readonly host: string;
  readonly containerId: string;
  readonly containerName: string;
  readonly port: HostPort;
  readonly signal: AbortSignal;
  readonly onDetail: (detail: string) => void;
  /** Holds it at a moment of its start; absent where nothing does. */
  readonly before?: (moment: Moment) => Promise<void>;
  /** The container's last words, and the code with which it has ended, if it has. */
  readonly ended: () => Promise<{ readonly exitCode: number | undefined; readonly logTail: readonly string[] }>;
}

/** Where latches hold: before the files of a stage, and before a phase. */
const beforeFiles: Readonly<Record<StageName, readonly Moment[]>> = {
  preinstall: ['copying pre-install files'],
  install: ['set-up', 'copying install files'],
  customize: ['copying customize files'],
  runtime: ['copying launch files'],
};
const beforePhase: ReadonlyMap<string, Moment> = new Map([['install', 'install'], ['customize', 'customize']]);

/** Before the container starts. With `launching`, the files that are left, it launches as soon as it starts. */
export async function putScripts({ containerId, port }: Pick<Site, 'containerId' | 'port'>, course: Course, launching?: readonly PlacedFile[]): Promise<void> {
  const scripts = scriptsOf(course).map(({ path, text }) => ({ path, content: { text } }));
  const files = launching === undefined ? [] : [...launching.map(({ path, base64 }) => ({ path, content: { base64 } })), { path: launchFile, content: { text: '' } }];
  await port.put(containerId, [...scripts, ...files]);
}

/** What is there to install, once; until it is launched. `known` are the phases that are done where that need not be asked. */
export async function carryOutPhases(site: Site, course: Course, known?: ReadonlySet<string>): Promise<void> {
  const done = known ?? donePhases((await run(site, 'what is done', donePhasesCommand)).lines);
  for (const { name, files, phases: left } of stagesLeft(course, done)) {
    await hold(site, beforeFiles[name]);
    if (files.length > 0) {
      site.onDetail('copying files');
      await doing(site, 'copying files', () => site.port.put(site.containerId, files.map(({ path, base64 }) => ({ path, content: { base64 } }))));
    }
    // What has no commands is held all the same.
    for (const phase of stages.find((stage) => stage.name === name)?.phases ?? []) {
      const moment = beforePhase.get(phase);
      if (moment !== undefined && !done.has(phase)) await hold(site, [moment]);
      for (const one of left) if (one.name === phase) await carryOut(site, one);
    }
  }
}

async function hold({ before }: Site, moments: readonly Moment[]): Promise<void> {
  for (const moment of moments) await before?.(moment);
}

/** Takes away all of ours but what says which phases are done. */
export async function leaveNoTrace(site: Site): Promise<void> {
  await run(site, 'tidying up', tidyCommand);
}

export interface Installing {
  /** See `carryOutPhases`. */
  readonly known?: ReadonlySet<string>;
  /** It launches by itself: nothing is left to do before. Resolves to whether its check was content then. */
  readonly settles?: () => Promise<boolean>;
  /** Done when everything but the launch is. */
  readonly beforeLaunch: () => Promise<void>;
}

export async function install(site: Site, course: Course, { known, settles, beforeLaunch }: Installing): Promise<void> {
  if (settles !== undefined) {
    site.onDetail('launch');
    if (course.check !== undefined && !course.phases.some(({ name }) => name === 'post-launch')) {
      site.onDetail(untilItRuns);
      if (await settles()) return;
    }
  } else {
    await carryOutPhases(site, course, known);
    await hold(site, ['launch']);
    await doing(site, 'copying files', beforeLaunch);
    site.onDetail('launch');
    await run(site, 'launch', launchCommand);
  }
  for (const phase of course.phases) if (phase.name === 'post-launch') await carryOut(site, phase);
  if (course.check !== undefined) return untilRunning(site, course, settleCommand);
  await untilRunning(site, course);
  await staysUp(site);
  await run(site, 'finish', doneCommand);
}

/** Makes a running program read its files again. */
export async function reload({ host, containerId, containerName, port, signal }: Omit<Site, 'onDetail' | 'ended' | 'before'>): Promise<void> {
  const lines: string[] = [];
  const code = await port.exec(containerId, reloadCommand, (line) => lines.push(line), signal);
  if (code !== 0) throw new Failure(`container ${containerName} on ${host} did not take its new configuration (exit code ${code}) and goes on with the old one`, { logTail: lines.slice(-lastLines) });
}

/** Without a check of its own a program has started when its container lasts for moments. */
async function staysUp({ containerName, host, ended }: Site): Promise<void> {
  const { exitCode, logTail } = await ended();
  if (exitCode !== undefined) throw new Failure(`launch of container ${containerName} on ${host}: the container ended with code ${exitCode}`, { logTail });
}

/** Resolves when the check is content. */
export async function untilRunning(site: Site, { startTimeoutMs }: Course, command = checkCommand): Promise<void> {
  const { signal, containerName, host } = site;
  const limit = AbortSignal.timeout(Math.min(startTimeoutMs, 2 ** 31 - 1));
  site.onDetail(untilItRuns);
  for (let pauseMs = checkEveryMs.first; ; pauseMs = Math.min(pauseMs * 2, checkEveryMs.most)) {
    const { code, lines } = await run(site, 'check', command, 'any');
    if (code === 0) return;
    if (signal.aborted) throw cancelled(site, 'until it runs');
    if (limit.aborted) {
      const { logTail } = await site.ended();
      throw new Failure(`start container ${containerName} on ${host}: it was launched, but its check still fails after ${Math.round(startTimeoutMs / 1000)} s (exit code ${code})`, { logTail: [...logTail, ...lines].slice(-lastLines) });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

async function carryOut(site: Site, { name, directory }: Phase): Promise<void> {
  if (site.signal.aborted) throw cancelled(site, `before ${name}`);
  site.onDetail(name);
  const { code, lines } = await run(site, name, phaseCommand(name, directory), 'any');
  if (code !== 0) throw new Failure(`${name} of container ${site.containerName} on ${site.host}: its commands failed with exit code ${code}`, { logTail: lines });
}

interface Ran {
  readonly code: number;
  /** The last of what was printed. */
  readonly lines: readonly string[];
}

async function run(site: Site, what: string, command: readonly string[], allowed: 'any' | 'success' = 'success'): Promise<Ran> {
  const lines: string[] = [];
  const onLine = (line: string): void => {
    lines.push(line);
    if (what !== 'what is done' && lines.length > lastLines) lines.shift();
  };
  const code = await doing(site, what, () => site.port.exec(site.containerId, command, onLine, site.signal));
  if (code !== 0 && allowed === 'success') throw new Failure(`${what} of container ${site.containerName} on ${site.host}: exit code ${code}`, { logTail: lines });
  return { code, lines };
}

async function doing<T>(site: Site, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (site.signal.aborted) throw cancelled(site, `in ${what}`, error);
    const { exitCode, logTail } = await site.ended();
    if (exitCode !== undefined) throw new Failure(`${what} of container ${site.containerName} on ${site.host}: the container ended with code ${exitCode}`, { logTail, cause: error });
    throw new Failure(`${what} of container ${site.containerName} on ${site.host}: ${messageOf(error)}`, { cause: error });
  }
}

function cancelled({ containerName, host }: Site, where: string, cause?: unknown): Failure {
  return new Failure(`container ${containerName} on ${host}: cancelled ${where}; deploy again to go on from there`, { cause });
}
