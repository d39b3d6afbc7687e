// The image of the program that looks around inside containers: nothing but that program, 8 kB, put on an engine the first time
// it is needed there. So no registry is asked and no image has to bring tools.

import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { unless } from '../calls.ts';
import { field } from '../field.ts';
import { drain, jsonObject, LineSplitter } from '../streams.ts';
import { programs, sourceHash } from './programs.ts';

export const programPath = '/insider';
const repository = 'clocker/insider';

export function isInsiderImage(image: string): boolean {
  return image.startsWith(`${repository}:`);
}

/** Makes the image where it is missing; gives its name. Throws an Error with a sentence for processors that have no such program. */
export async function ensureInsiderImage(docker: Docker): Promise<string> {
  const tag = createHash('sha256').update(sourceHash).digest('hex').slice(0, 12);
  const name = `${repository}:${tag}`;
  if ((await docker.getImage(name).inspect().catch(unless(404))) !== undefined) return name;
  const processor = String(field(await docker.info(), 'Architecture'));
  const program = programs[processor];
  if (program === undefined) throw new Error(`nothing can look around inside containers on a host with the processor ${processor}; there are programs for ${Object.keys(programs).join(' and ')}`);
  const { pack } = await import('tar-stream');
  const archive = pack();
  archive.entry({ name: programPath.slice(1), mode: 0o755 }, Buffer.from(program, 'base64'));
  archive.finalize();
  const stream = await docker.importImage(archive.pipe(new PassThrough()), { repo: repository, tag, changes: [`ENTRYPOINT ["${programPath}"]`] });
  let problem: unknown;
  const lines = new LineSplitter((line) => (problem ??= jsonObject(line)?.['error']));
  const broken = await drain(stream, (bytes) => lines.write(bytes));
  lines.end();
  if (problem !== undefined || broken !== undefined) throw problem ?? broken;
  return name;
}
