// A git repository at a ref, fetched with the `git` of this machine: its newest state alone, without history, and without asking
// anybody anything. Submodules come along, the folder .git does not.

import { spawn } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildPlace, shownPlace } from '#core/image/buildSource.ts';

const withinMs = 10 * 60_000;
const lastCharacters = 2000;

/** `folder` is there and empty. Fails with an Error whose message is a clause. */
export async function fetchRepository({ repository, ref }: Extract<BuildPlace, { kind: 'git' }>, folder: string): Promise<void> {
  const git = (...args: readonly string[]): Promise<void> => run(args, folder, repository);
  await git('init', '--quiet');
  const wanted = ref ?? 'HEAD';
  await git('fetch', '--quiet', '--depth', '1', '--no-tags', '--', repository, wanted).catch(async (error: unknown) => {
    // Not every server gives a commit by itself.
    if (ref === undefined || !/^[0-9a-f]{7,64}$/.test(ref)) throw error;
    await git('fetch', '--quiet', '--tags', '--', repository, '+refs/heads/*:refs/remotes/origin/*').catch(() => {
      throw error;
    });
    await git('update-ref', 'FETCH_HEAD', `${ref}^{commit}`);
  });
  await git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
  if (await access(join(folder, '.gitmodules')).then(() => true, () => false)) await git('submodule', '--quiet', 'update', '--init', '--recursive', '--depth', '1');
  await rm(join(folder, '.git'), { recursive: true, force: true });
}

async function run(args: readonly string[], folder: string, repository: string): Promise<void> {
  const isLocal = /^file:/i.test(repository);
  const env = {
    ...process.env,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    SSH_ASKPASS: '',
    GIT_SSH_COMMAND: `${process.env.GIT_SSH_COMMAND ?? 'ssh'} -o BatchMode=yes`,
    // Nothing that a repository names may run programs or read folders of this machine.
    GIT_ALLOW_PROTOCOL: isLocal ? 'file' : 'https:http:ssh:git',
    GIT_LFS_SKIP_SMUDGE: '1',
  };
  const child = spawn('git', ['-c', 'core.hooksPath=/dev/null', '-c', 'credential.interactive=false', '-c', 'advice.detachedHead=false', ...args], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'], signal: AbortSignal.timeout(withinMs) });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-lastCharacters)));
  const exitCode = await new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done)).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new Error('the program git is needed for that, and is not installed here', { cause: error });
    throw new Error(`git took longer than ${withinMs / 60_000} minutes`, { cause: error });
  });
  if (exitCode !== 0) throw new Error(`git cannot fetch it (${wordOf(said)})`);
}

/** The line that says why. */
function wordOf(said: string): string {
  const lines = said.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const line = lines.find((one) => /^(?:fatal|error):/.test(one)) ?? lines[0] ?? 'it does not say why';
  return shownPlace(line.replace(/^(?:fatal|error):\s*/, '')).replace(/\.$/, '');
}
