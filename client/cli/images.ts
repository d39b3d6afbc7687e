// `clocker images`: images that deployments caught or built, on all hosts, and those that go again. Moving images is in shipImages.ts.

import { coerceDuration } from '#core/coerce/duration.ts';
import { coerceSize } from '#core/coerce/size.ts';
import { usualKeep, type KeptImage, type Keep, type Prunable } from '#core/image/caught.ts';
import { nearest } from '#core/text/nearest.ts';
import type { HostImages } from '../engine/cloud.ts';
import { messageOf } from '../engine/failure.ts';
import { needsConsent } from './carryOut.ts';
import { hostOptions, UsageError, type Command, type ExitCode, type Invocation } from './command.ts';
import { withCloud } from './hosts.ts';
import { pull, push, transfer } from './shipImages.ts';
import { table } from './table.ts';

export const imagesCommand: Command = {
  name: 'images',
  operands: 'ls|prune|push IMAGE [NAME]|pull IMAGE|transfer IMAGE',
  operandCount: { least: 1, most: 3 },
  sentence: 'images that deployments caught or built: show them, or take those away that nobody needs; any image: push it to its registry, pull it, or bring it from host to host',
  options: [...hostOptions, 'keep', 'older-than', 'max-size', 'on', 'from', 'to', 'json', 'yes'],
  run: async (invocation) => {
    const { operands: [verb = '', ...operands] } = invocation;
    const found = verbs[verb];
    if (found === undefined) throw new UsageError(`clocker images ${verb}: ${nearest(verb, Object.keys(verbs)) === undefined ? `the commands are ${Object.keys(verbs).join(', ')}` : `did you mean ${nearest(verb, Object.keys(verbs)) ?? ''}?`}`);
    const { run, operandCount: [least, most] } = found;
    if (operands.length < least) throw new UsageError(`clocker images ${verb} needs the name of an image`);
    if (operands.length > most) throw new UsageError(`clocker images ${verb}: "${operands[most] ?? ''}" is too much`);
    return run(invocation, operands);
  },
};

const verbs: Readonly<Record<string, { readonly run: (invocation: Invocation, operands: readonly string[]) => Promise<ExitCode>; readonly operandCount: readonly [least: number, most: number] }>> = {
  ls: { run: ls, operandCount: [0, 0] },
  prune: { run: prune, operandCount: [0, 0] },
  push: { run: push, operandCount: [1, 2] },
  pull: { run: pull, operandCount: [1, 1] },
  transfer: { run: transfer, operandCount: [1, 1] },
};

async function ls(invocation: Invocation): Promise<ExitCode> {
  const { terminal, isJson } = invocation;
  const keep = keepOf(invocation);
  return withCloud<ExitCode>(invocation, async (cloud) => {
    const hosts = await cloud.caughtImages(keep);
    const rows = hosts.flatMap(({ host, images }) => images.map((image) => [host, image.image, `${image.kind} for ${image.type}`, image.base === '' ? '-' : image.base, megabytes(image), new Date(image.createdAtMs).toISOString(), image.usedBy.join(', ') || '-']));
    if (isJson) terminal.print(JSON.stringify(hosts.flatMap(({ host, images }) => images.map((image) => Object.assign({ host }, image))), undefined, 2));
    else for (const line of rows.length === 0 ? ['No image that a deployment caught or built is on these hosts.'] : table([['HOST', 'IMAGE', 'WHAT', 'BASE', 'SIZE', 'CREATED', 'USED BY'], ...rows])) terminal.print(line);
    return complainOf(hosts, invocation);
  });
}

async function prune(invocation: Invocation): Promise<ExitCode> {
  needsConsent(invocation);
  const { terminal, isJson, isYes } = invocation;
  const keep = keepOf(invocation);
  return withCloud<ExitCode>(invocation, async (cloud) => {
    const hosts = await cloud.caughtImages(keep);
    const going = hosts.flatMap(({ host, prunable }) => prunable.map((one) => ({ host, ...one })));
    const stored = (await cloud.storedImages(keep, false)).flatMap(({ registry, images }) => images.map((image) => ({ registry, image })));
    const count = going.length + stored.length;
    if (!isJson) for (const line of [...going.map(goingLine), ...stored.map(({ registry, image }) => `- ${image} in the registry ${registry}`)]) terminal.print(line);
    if (count > 0 && !isYes && !(await terminal.confirm(`Take ${count === 1 ? 'this image' : `these ${count} images`} away?`))) {
      terminal.complain('nothing was done');
      return 1;
    }
    const failed: string[] = [];
    for (const { host, image: { image } } of going) await cloud.removeImage(host, image).catch((error: unknown) => failed.push(`${image} stays on ${host}: ${messageOf(error)}`));
    if (stored.length > 0) await cloud.storedImages(keep, true);
    for (const sentence of failed) terminal.complain(sentence);
    if (isJson) terminal.print(JSON.stringify([...going.map(({ host, image: { image }, reason }) => ({ host, image, reason })), ...stored], undefined, 2));
    else if (count === 0) terminal.print('Nothing to take away.');
    return failed.length > 0 ? 1 : complainOf(hosts, invocation);
  });
}

function goingLine({ host, image, reason }: Prunable & { readonly host: string }): string {
  return `- ${image.image} on ${host} (${megabytes(image)}): ${reason}`;
}

function complainOf(hosts: readonly HostImages[], { terminal }: Invocation): ExitCode {
  const down = hosts.filter(({ problem }) => problem !== undefined);
  for (const { host, problem = '' } of down) terminal.complain(`host ${host}: ${problem}`);
  return down.length === 0 ? 0 : 1;
}

function keepOf({ keep, olderThan, maxSize }: Invocation): Keep {
  if (keep !== undefined && !/^\d{1,6}$/.test(keep)) throw new UsageError(`--keep takes a number of images, not ${keep}`);
  const age = olderThan === undefined ? undefined : coerceDuration(olderThan);
  if (age?.ok === false) throw new UsageError(`--older-than: ${age.problem}`);
  const size = maxSize === undefined ? undefined : coerceSize(maxSize);
  if (size?.ok === false) throw new UsageError(`--max-size: ${size.problem}`);
  return { count: keep === undefined ? usualKeep.count : Number(keep), ageMs: age?.value?.ms ?? usualKeep.ageMs, sizeBytes: size?.value ?? usualKeep.sizeBytes };
}

function megabytes({ sizeBytes }: KeptImage): string {
  return `${(sizeBytes / 1e6).toFixed(1)} MB`;
}
