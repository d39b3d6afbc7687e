// What `npm start` does once the dependencies are there: builds and packages the extension, makes sure of an engine, finds a VS Code,
// installs the extension in it and opens examples/. A served VS Code runs until Ctrl-C and leaves nothing behind.

import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Docker from 'dockerode';
import { buildWhenChanged } from './build.ts';
import { debianImage, ensureDebianImage } from './debianImage.ts';
import { desktopCommand, hasDisplay, openInDesktop } from './desktop.ts';
import { ensureEngine } from './engine.ts';
import { ensureHelloImage, helloImage } from './helloImage.ts';
import { packageWhenChanged } from './package.ts';
import { step } from './progress.mjs';
import { root } from './setup.mjs';
import { installWorkbench, serveWorkbench, type WorkbenchServer } from './workbench.ts';

/** As the examples name it in their `location`. */
const cloudName = 'my-docker-cloud';

const usage = `usage: npm start -- [--no-open] [--cloud N] [--deploy FILE]
  --no-open      open nothing: print the address of the workbench and serve it until Ctrl-C
  --cloud N      make a docker cloud of N hosts on this machine, named ${cloudName}, unless it is there
  --deploy FILE  deploy this blueprint too, and print what runs where`;

/** The exit code: 0 done, 1 failed, 2 wrong usage. */
export async function start(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options === undefined) {
    console.error(usage);
    return 2;
  }
  await buildWhenChanged();
  const extension = await packageWhenChanged();
  const socketPath = await step('Docker Engine', () => ensureEngine(join(root, '.cache')));
  // Everything started from here finds the engine that answered, also when it listens elsewhere than usual.
  process.env['DOCKER_HOST'] = `unix://${socketPath}`;
  await step(`Image of the examples (${helloImage})`, () => helloImageIfPossible(socketPath));

  const served = await openEditor(extension, options.open);
  const stopped = stopAsked();
  if (options.cloud !== undefined || options.deploy !== undefined) await step(`Image in which programs are installed (${debianImage})`, () => debianImageIfPossible(socketPath));
  const made = options.cloud === undefined ? 0 : await clocker('cloud', 'create', cloudName, '--hosts', options.cloud);
  const code = options.deploy === undefined || made !== 0 ? made : await deploy(options.deploy);
  if (served === undefined) return code;
  console.log('\nPress Ctrl-C to stop.');
  await stopped;
  await served.stop();
  return code;
}

/** Without it the examples that need no registry cannot be deployed; everything else works, so this is said and gone on from. */
async function helloImageIfPossible(socketPath: string): Promise<void> {
  try {
    await ensureHelloImage(socketPath);
  } catch (error) {
    console.log(`\n  It cannot be made here (${error instanceof Error ? error.message : String(error)}); the examples hello and shop need it.`);
  }
}

/** The same of the other image: what is deployed may do without it. */
async function debianImageIfPossible(socketPath: string): Promise<void> {
  try {
    await ensureDebianImage(new Docker({ socketPath, host: undefined }));
  } catch (error) {
    console.log(`\n  It cannot be had here (${error instanceof Error ? error.message : String(error)}); entities that commands install need it.`);
  }
}

interface Options {
  readonly open: boolean;
  /** How many hosts. */
  readonly cloud: string | undefined;
  readonly deploy: string | undefined;
}

function readOptions(args: readonly string[]): Options | undefined {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'no-open': { type: 'boolean' }, cloud: { type: 'string' }, deploy: { type: 'string' } } });
    return { open: values['no-open'] !== true, cloud: values.cloud, deploy: values.deploy };
  } catch {
    return undefined;
  }
}

/** Opens examples/ in a VS Code that has the extension. A desktop VS Code is left to the person; a served one is given back, to be stopped. */
async function openEditor(extension: string, open: boolean): Promise<WorkbenchServer | undefined> {
  const examples = join(root, 'examples');
  const code = open ? await step('Looking for a desktop VS Code', desktopCommand) : undefined;
  if (code !== undefined) {
    await step('Opening VS Code', () => openInDesktop(code, extension, examples));
    return undefined;
  }
  await installWorkbench();
  const server = await step('Starting VS Code', () => serveWorkbench({ dataFolder: join(root, '.vscode-test/person'), extension }));
  const address = `${server.url}/?folder=${encodeURI(examples)}`;
  console.log(`\nClocker runs in VS Code at ${address}`);
  if (open && hasDisplay()) browse(address);
  return server;
}

function browse(address: string): void {
  const command = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const browser = spawn(command, [address], { detached: true, stdio: 'ignore' });
  browser.on('error', () => console.log('Open this address in a browser.'));
  browser.unref();
}

async function deploy(file: string): Promise<number> {
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
  console.log(`\nDeploying ${path}`);
  return clocker('deploy', path, '--yes');
}

/** The command line that people use, which prints what it does; its exit code. */
async function clocker(...args: readonly string[]): Promise<number> {
  const cli = join(root, 'dist/cli.cjs');
  return await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => { resolve(code ?? 1); });
  });
}

/** Resolves when a person or the system asks us to stop; asked again meanwhile, we are stopping already. */
function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { resolve(); });
  });
}
