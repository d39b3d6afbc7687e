// A blueprint from a file: read, understood, its problems printed as `file:line:column: severity: message (code)`.

import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Application } from '#core/blueprint/application.ts';
import type { Diagnostic, Severity } from '#core/text/diagnostic.ts';
import { Lines, type Range } from '#core/text/span.ts';
import { understand } from '../understand.ts';
import { readText } from './readText.ts';
import type { Style, Terminal } from './terminal.ts';

/** A diagnostic with its place in a file, positions as in LSP. */
export interface FileDiagnostic {
  readonly file: string;
  readonly range: Range;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
}

export interface BlueprintFile {
  /** Absent when the text has errors. */
  readonly application: Application | undefined;
  readonly diagnostics: readonly FileDiagnostic[];
}

export async function readBlueprint(file: string): Promise<BlueprintFile> {
  const text = await readText(file);
  const { application, diagnostics } = understand(text, await catalogsBeside(file));
  const lines = new Lines(text);
  const located = diagnostics.map((diagnostic) => locate(file, lines, diagnostic));
  const isWhole = application !== undefined && !located.some(isError);
  return { application: isWhole ? { ...application, folder: dirname(resolve(file)) } : undefined, diagnostics: located };
}

/** The catalog files (`*.bom`) in the folder of a blueprint: their items are types for it. */
async function catalogsBeside(file: string): Promise<Readonly<Record<string, string>>> {
  const folder = dirname(resolve(file));
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.bom') && name !== basename(file));
  return Object.fromEntries(await Promise.all(names.toSorted().map(async (name) => [name, await readText(join(folder, name))] as const)));
}

/** The application, or undefined after its problems have been printed to stderr. */
export async function readApplication(file: string, terminal: Terminal): Promise<Application | undefined> {
  const { application, diagnostics } = await readBlueprint(file);
  for (const diagnostic of diagnostics) terminal.tell(diagnosticLine(diagnostic, (style, text) => terminal.paint(style, text, 'stderr')));
  if (application === undefined) terminal.complain(`${file} ${diagnostics.some(isError) ? 'has errors; nothing was done' : 'is no blueprint: it has no services'}`);
  return application;
}

export function isError({ severity }: { readonly severity: Severity }): boolean {
  return severity === 'error';
}

export function diagnosticLine({ file, range, severity, code, message }: FileDiagnostic, paint: (style: Style, text: string) => string): string {
  return `${file}:${range.start.line + 1}:${range.start.character + 1}: ${paint(styles[severity], severity)}: ${message} (${code})`;
}

const styles = { error: 'red', warning: 'yellow', information: 'blue', hint: 'gray' } as const satisfies Record<Severity, Style>;

function locate(file: string, lines: Lines, { span, severity, code, message }: Diagnostic): FileDiagnostic {
  return { file, range: lines.rangeOf(span), severity, code, message };
}
