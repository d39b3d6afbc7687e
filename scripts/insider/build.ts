// `npm run insider`: compiles insider.c for the processors that Docker hosts have, into client/docker/insider/programs.ts. Wants gcc
// for each; on Debian the packages gcc and gcc-aarch64-linux-gnu, on amd64. Only who changes the source needs to.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const source = join(import.meta.dirname, 'insider.c');
const target = join(import.meta.dirname, '../../client/docker/insider/programs.ts');
const compilers = { x86_64: ['gcc'], aarch64: ['aarch64-linux-gnu-gcc', '-mno-outline-atomics'] };
const flags = '-Os -static -nostdlib -ffreestanding -fno-builtin -fno-stack-protector -fno-asynchronous-unwind-tables -fno-pie -no-pie -Wall -Wextra -Werror -Wl,--build-id=none,-z,noseparate-code,-z,noexecstack,-s';
const lineLength = 150;

const folder = mkdtempSync(join(tmpdir(), 'clocker-insider-'));
const programs = Object.entries(compilers).map(([processor, [compiler = '', ...own]]) => {
  const program = join(folder, processor);
  execFileSync(compiler, [...flags.split(' '), ...own, source, '-o', program], { stdio: 'inherit' });
  const text = readFileSync(program).toString('base64');
  const lines = text.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `  ${processor}:\n${lines.map((line) => `    '${line}'`).join(' +\n')},\n`;
});
rmSync(folder, { recursive: true });
const hash = createHash('sha256').update(readFileSync(source)).digest('hex');
writeFileSync(target, `// Made by \`npm run insider\` from scripts/insider/insider.c: do not edit.

/** SHA-256 of the source. */
export const sourceHash = '${hash}';

/** By processor, as engines name them: a static Linux program, base64. */
export const programs: Readonly<Record<string, string>> = {
${programs.join('')}};
`);
