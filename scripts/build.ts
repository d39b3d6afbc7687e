// Bundles the three programs into dist/: the extension, the language server and the command line. Run directly it always builds;
// `npm start` and `npm test` build only when a source has changed.

import { createHash } from 'node:crypto';
import { chmodSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as esbuild, type Plugin } from 'esbuild';
import { Failure, step } from './progress.mjs';
import { afterSetup } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const stamp = join(dist, '.built');

/** Largest size of each bundle, in bytes: what loads when VS Code starts must stay small. */
const bundles = [
  { entry: 'client/extension.ts', output: 'extension.cjs', maxBytes: 1_600_000 },
  // Loaded when a host is first reached over SSH.
  { entry: 'ssh2', output: 'ssh2.cjs', maxBytes: 500_000 },
  // Loaded when an archive is first made or unpacked.
  { entry: 'tar-stream', output: 'tar-stream.cjs', maxBytes: 60_000 },
  { entry: 'yauzl', output: 'yauzl.cjs', maxBytes: 60_000 },
  { entry: 'server/main.ts', output: 'server.cjs', maxBytes: 730_000 },
  { entry: 'client/cli.ts', output: 'cli.cjs', maxBytes: 1_500_000 },
];

/**
 * Parts of dockerode that nothing here calls, and that are most of its size: BuildKit sessions and progress (gRPC, protobuf), which only
 * `version: '2'` builds use, and a connection over SSH, which only `protocol: 'ssh'` uses. Each is a function; calling it says what is missing.
 */
const leftOut: Plugin = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: /^\.\/(session|buildkit|ssh)$/ }, (args) =>
      /node_modules[\\/](dockerode|docker-modem)[\\/]lib$/.test(args.resolveDir) ? { path: args.path, namespace: 'left-out' } : undefined);
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, (args) => ({
      contents: `module.exports = () => { throw new Error('this build has no ${basename(args.path)} support'); };`,
    }));
  },
};

/** Libraries that few need are files of their own, beside the programs that load them; the native helpers of SSH, which few machines have, are left out. */
const librariesBeside: Plugin = {
  name: 'libraries-beside',
  setup(build) {
    build.onResolve({ filter: /^(?:ssh2|tar-stream|yauzl)$/ }, ({ kind, path }) => (kind === 'entry-point' ? undefined : { path: `./${path}.cjs`, external: true }));
    build.onResolve({ filter: /\.node$|^cpu-features$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** The built-in catalog is one file for all programs, read where they need it: it ships in schemas/, beside dist/. */
function catalogBeside(outfile: string): Plugin {
  const path = relative(dirname(outfile), join(root, 'schemas/catalog.json')).replaceAll('\\', '/');
  return {
    name: 'catalog-beside',
    setup(build) {
      build.onResolve({ filter: /\/schemas\/catalog\.json$/ }, () => ({ path, external: true }));
    },
  };
}

/** One program as one file. Throws a Failure that says what esbuild says. */
export async function bundle(entry: string, outfile: string): Promise<void> {
  await esbuild({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    minify: true,
    legalComments: 'linked',
    sourcemap: 'linked',
    sourcesContent: false,
    external: ['vscode'],
    // The bundles are CommonJS: what they load late they load as such.
    supported: { 'dynamic-import': false },
    plugins: [leftOut, librariesBeside, catalogBeside(outfile)],
    logLevel: 'silent',
  }).catch((error: Error) => { throw new Failure(error.message); });
}

export async function build(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  await Promise.all(bundles.map(async ({ entry, output, maxBytes }) => {
    const outfile = join(dist, output);
    await bundle(entry, outfile);
    if (output === 'cli.cjs') chmodSync(outfile, 0o755);
    const bytes = statSync(outfile).size;
    if (bytes > maxBytes) throw new Failure(`${output} has ${bytes} bytes, more than its ${maxBytes}: see what it bundles with esbuild --metafile --analyze`);
  }));
  writeFileSync(stamp, sourcesKey());
}

/** True when something was built. */
export async function buildWhenChanged(): Promise<boolean> {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesKey()) return false;
  await step('Building', build);
  return true;
}

/** What the bundles are made from, as one hash. */
function sourcesKey(): string {
  const hash = createHash('sha256');
  const sources = globSync(['{core,client,server}/**/*.{ts,json}', 'schemas/**', 'package.json', 'package-lock.json', 'scripts/build.ts'], { cwd: root });
  for (const file of sources.toSorted()) {
    if (statSync(join(root, file)).isFile()) hash.update(file).update('\0').update(readFileSync(join(root, file))).update('\0');
  }
  return hash.digest('hex');
}

if (import.meta.main) {
  await afterSetup(import.meta.filename, async () => {
    await step('Building', build);
    return 0;
  });
}
