// Streams to an engine that lives in a container: a program runs there for each and joins its standard input and output with
// the engine's socket. So the engine listens nowhere else, and it is reached wherever its parent is.

import { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { statusCode } from '../problems.ts';
import { Unreachable } from '../transport/problems.ts';
import { ExecSocket } from './execSocket.ts';

const program = ['docker', 'system', 'dial-stdio'];

/** Throws an Unreachable; what it throws besides is the parent's. */
export async function dialNested(docker: Docker, containerName: string, parent: string): Promise<Duplex> {
  const where = `container ${containerName} on ${parent}, in which this host lives,`;
  const stream = await openExec(docker, containerName).catch((error: unknown) => {
    if (statusCode(error) === 404) throw new Unreachable(`${where} is not there any more`, { cause: error });
    if (statusCode(error) === 409) throw new Unreachable(`${where} does not run; start it there, or create the cloud again, which starts it`, { cause: error });
    throw error;
  });
  return new ExecSocket(stream, (stderr) => {
    if (/not found|no such file/i.test(stderr) && /docker/.test(stderr) && !/docker\.sock/.test(stderr)) return new Unreachable(`${where} has no docker command; use an image that has it`);
    return new Unreachable(`the Docker Engine in ${where} does not answer yet${stderr.trim() === '' ? '' : ` (${stderr.trim().split('\n').at(-1) ?? ''})`}`);
  });
}

async function openExec(docker: Docker, containerName: string): Promise<Duplex> {
  const exec = await docker.getContainer(containerName).exec({ Cmd: program, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream: unknown = await exec.start({ hijack: true, stdin: true });
  if (stream instanceof Duplex) return stream;
  throw new Error('the Docker Engine gave no stream');
}
