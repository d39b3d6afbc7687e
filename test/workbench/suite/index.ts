// The suite that runs inside VS Code's extension host. VS Code calls `run()`; mocha is what it expects there.

import { format } from 'node:util';
import Mocha from 'mocha';
import { fillFolder } from './support.ts';

/** Generous: the machine may be slow and have two cores only. */
const timeoutMs = 120_000;

/** Rejects when a test failed, with how many. */
export async function run(): Promise<void> {
  await fillFolder();
  const mocha = new Mocha({ ui: 'bdd', timeout: timeoutMs, color: false, reporter: 'spec' });
  // Not every window applies the placeholders of what it prints.
  Mocha.reporters.Base.consoleLog = (...all: readonly unknown[]) => console.log(format(...all));
  mocha.suite.emit('pre-require', globalThis, 'suite', mocha);
  await import('./extension.ts');
  await import('./language.ts');
  await import('./appearance.ts');
  await import('./navigation.ts');
  await import('./deployment.ts');
  await import('./building.ts');
  await import('./clouds.ts');
  await new Promise<void>((resolve, reject) => {
    mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} of the tests in the extension host failed`))));
  });
}
