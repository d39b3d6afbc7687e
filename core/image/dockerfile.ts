// Where the instructions of a Dockerfile stand. The classic builder counts them as steps, BuildKit counts in each stage those that
// make a layer; both tell of a step's failure by its number.

import { canonicalForm, parseReference } from '#core/image/reference.ts';

export interface Instruction {
  /** Counted from 1: the line on which it begins. */
  readonly line: number;
  /** As it is written, its lines joined. */
  readonly text: string;
}

export function instructionsOf(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/);
  const escape = escapeOf(lines);
  const found: Instruction[] = [];
  let open: Instruction | undefined;
  /** Of texts that follow their instruction, up to a line with this word. */
  let ends: string[] = [];
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim();
    if (ends.length > 0) {
      if (trimmed === ends[0]) ends = ends.slice(1);
      continue;
    }
    if (trimmed.startsWith('#') || trimmed === '') continue;
    const goesOn = trimmed.endsWith(escape);
    const text = goesOn ? trimmed.slice(0, -1).trimEnd() : trimmed;
    open = open === undefined ? { line: index + 1, text } : { ...open, text: `${open.text} ${text}`.trim() };
    if (goesOn) continue;
    found.push(open);
    ends = hereDocuments(open.text, lines.slice(index + 1));
    open = undefined;
  }
  return open === undefined ? found : [...found, open];
}

/** What BuildKit tells of a step: `[compile 2/4] RUN make` is number 2 of the stage `compile`. */
export interface StageStep {
  /** Empty where there is but one stage. */
  readonly stage: string;
  readonly number: number;
  readonly text: string;
}

/** The line of the step's instruction; undefined where there is none like it, as for what a base image brings along (ONBUILD). */
export function lineOfStep(dockerfile: string, { stage, number, text }: StageStep): number | undefined {
  const stages = stagesOf(dockerfile);
  const { steps } = stages.find(({ name }, index) => name === stage || `stage-${index}` === stage) ?? stages.at(-1) ?? { steps: [] };
  const counted = steps[number - 1];
  const word = wordOf(text);
  const found = counted !== undefined && wordOf(counted.text) === word ? counted : steps.find((one) => wordOf(one.text) === word && one.text.length >= text.length && one.text.endsWith(text.slice(word.length).trim()));
  return found?.line;
}

/** The line on which an image is first asked for; `image` is its whole name, as BuildKit tells it. */
export function lineOfImage(dockerfile: string, image: string): number | undefined {
  const whole = (name: string): string => {
    const parsed = parseReference(name);
    return parsed.ok ? canonicalForm(parsed.value) : name;
  };
  const asked = instructionsOf(dockerfile).find(({ text }) => {
    const [, name] = /^FROM\s+(?:--\S+\s+)*(\S+)/i.exec(text) ?? /\s--from=(\S+)/.exec(text) ?? /\bfrom=([^,\s]+)/.exec(text) ?? [];
    return name !== undefined && whole(name) === whole(image);
  });
  return asked?.line;
}

interface Stage {
  /** In small letters, as BuildKit has it. */
  readonly name: string | undefined;
  readonly steps: readonly Instruction[];
}

const layered = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

function stagesOf(dockerfile: string): readonly Stage[] {
  const stages: { name: string | undefined; steps: Instruction[] }[] = [];
  for (const instruction of instructionsOf(dockerfile)) {
    const word = wordOf(instruction.text);
    if (word === 'FROM') {
      const [, base = '', name] = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(instruction.text) ?? [];
      // What begins with nothing, or with a stage before it, has no step for that.
      const isStep = base.toLowerCase() !== 'scratch' && !stages.some((before) => before.name === base.toLowerCase());
      stages.push({ name: name?.toLowerCase(), steps: isStep ? [instruction] : [] });
    } else if (layered.has(word)) stages.at(-1)?.steps.push(instruction);
  }
  return stages;
}

function wordOf(text: string): string {
  return (/^\s*(\w+)/.exec(text)?.[1] ?? '').toUpperCase();
}

/** `RUN <<EOF` goes on to a line `EOF`. What has no such line is no text that follows. */
function hereDocuments(text: string, following: readonly string[]): string[] {
  if (!/^(?:RUN|COPY|ADD)\b/i.test(text)) return [];
  const words = [...text.matchAll(/(?<!<)<<-?(["']?)([A-Za-z_]\w*)\1(?=\s|$|[;&|>)])/g)].map(([, , word = '']) => word);
  return words.every((word) => following.some((line) => line.trim() === word)) ? words : [];
}

/** Directives stand before everything else. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const [, name, value] = /^\s*#\s*(\w+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined) return '\\';
    if (name.toLowerCase() === 'escape' && value === '`') return '`';
  }
  return '\\';
}
