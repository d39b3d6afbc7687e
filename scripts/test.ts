// What `npm test` does once the dependencies are there: the stages, in order, and what each needs. All stages run, whatever fails;
// with CI set nothing is skipped, elsewhere what this machine cannot run is skipped and said.

import { cpSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.ts';
import { ensureEngine } from './engine.ts';
import { seconds } from './progress.mjs';
import { root } from './setup.mjs';
import { type Counts, runProgram, runSuite, runTestFiles } from './testing.ts';
import { installWorkbench } from './workbench.ts';

interface Stage {
  readonly name: string;
  /** Test files, from the project's folder. */
  readonly files: readonly string[];
  /** One program instead of test files. */
  readonly isProgram?: true;
  /** Brings what the stage needs; throws a sentence where this machine cannot have it. */
  readonly prepare?: () => Promise<unknown>;
  readonly run: (files: readonly string[]) => Promise<Counts>;
}

/** Folders of test/ that need more than Node. Every other folder is a unit test, so that none is forgotten. */
const special = { house: ['house'], server: ['server'], docker: ['docker', 'engine', 'cli', 'chaos', 'examples'], clouds: ['lab', 'provision'], workbench: ['workbench'] };
const suite = join(root, 'test/workbench/suite/index.ts');

const engine = (): Promise<string> => ensureEngine(join(root, '.cache'));
const workbench = async (): Promise<void> => {
  await engine();
  await ensureChromium();
  await installWorkbench();
};

function stages(): readonly Stage[] {
  const files = globSync('test/**/*.test.ts', { cwd: root }).map((file) => file.replaceAll('\\', '/')).toSorted();
  const inFolders = (folders: readonly string[]): readonly string[] => files.filter((file) => folders.includes(file.split('/')[1] ?? ''));
  const unit = files.filter((file) => !Object.values(special).flat().includes(file.split('/')[1] ?? ''));
  const together = availableParallelism();
  return [
    { name: 'types', files: [], isProgram: true, run: () => runProgram('tsc', ['-b']) },
    { name: 'lint', files: [], isProgram: true, run: () => runProgram('oxlint', ['--type-aware', '--deny-warnings']) },
    { name: 'build', files: [], isProgram: true, run: () => runProgram('node', ['scripts/package.ts']) },
    { name: 'house', files: inFolders(special.house), run: (some) => runTestFiles(some, { together, timeoutMs: 120_000 }) },
    { name: 'unit', files: unit, run: (some) => runTestFiles(some, { together, timeoutMs: 300_000 }) },
    { name: 'language server', files: inFolders(special.server), run: (some) => runTestFiles(some, { together: 1, timeoutMs: 300_000 }) },
    { name: 'docker', files: inFolders(special.docker), prepare: engine, run: (some) => runTestFiles(some, { together: 1, timeoutMs: 600_000 }) },
    { name: 'clouds', files: inFolders(special.clouds), prepare: engine, run: (some) => runTestFiles(some, { together: 1, timeoutMs: 600_000 }) },
    { name: 'extension host', files: existsSync(suite) ? ['test/workbench/suite'] : [], prepare: workbench, run: () => inCopyOfExamples((folder) => runSuite(suite, folder)) },
    { name: 'workbench', files: inFolders(special.workbench), prepare: workbench, run: (some) => runTestFiles(some, { together: 1, timeoutMs: 600_000 }) },
  ];
}

/** The exit code: 0 when something ran and nothing failed. */
export async function test(filters: readonly string[]): Promise<number> {
  // The labs of all stages are one, and go when this process does.
  process.env['CLOCKER_LAB_OWNER'] = String(process.pid);
  const isStrict = !['', '0', 'false', undefined].includes(process.env['CI']);
  const wanted = (path: string): boolean => filters.length === 0 || filters.some((filter) => path.includes(filter));
  let total: Counts = { passed: 0, failed: 0, skipped: 0, report: '' };
  for (const stage of stages()) {
    const files = stage.files.filter(wanted);
    const isWanted = stage.isProgram === true ? stage.name === 'build' || wanted(stage.name) : files.length > 0 || filters.length === 0;
    if (!isWanted) continue;
    const counts = await runStage(stage, files, isStrict);
    total = add(total, counts);
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

async function runStage(stage: Stage, files: readonly string[], isStrict: boolean): Promise<Counts> {
  const started = performance.now();
  let counts: Counts;
  try {
    if (files.length === 0 && stage.isProgram !== true) throw new Error('no test file belongs to this stage');
    await stage.prepare?.();
    counts = await stage.run(files);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    counts = isStrict ? { passed: 0, failed: 1, skipped: 0, report: why } : { passed: 0, failed: 0, skipped: Math.max(1, files.length), report: `skipped: ${why}` };
  }
  const { passed, failed, skipped, report } = counts;
  console.log(`${failed > 0 ? '✖' : passed > 0 ? '✔' : '-'} ${stage.name}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds(performance.now() - started)})`);
  if (report !== '') console.log(report.replaceAll(/^(?=.)/gm, '  '));
  return counts;
}

function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped, report: '' };
}

/** The suite writes into the folder that is open; the examples stay as they are. */
async function inCopyOfExamples<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'clocker-examples-'));
  try {
    cpSync(join(root, 'examples'), folder, { recursive: true });
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
