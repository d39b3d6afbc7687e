// The part of JsonPath that sensors use: `$`, `$.a.b`, `$['a b']`, `$.list[0]`, `$.list[-1]`, `$.list[*].x`, `$..x`,
// `$.list.length()`. Filters and slices are refused by name.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

type Step = { readonly kind: 'key'; readonly key: string } | { readonly kind: 'index'; readonly index: number } | { readonly kind: 'all' | 'deep' | 'length' };

export type JsonAnswer = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

const stepText = /\.\.|\.length\(\)|\.?\*|\.?\[\s*\*\s*\]|\.?\[\s*(-?\d+)\s*\]|\.?\[\s*(?:'([^']*)'|"([^"]*)")\s*\]|\.?([^.[\]*()'"]+)/y;

/** A path with `*` or `..` gives a list. */
export function partOf(document: Json, path: string): JsonAnswer {
  const steps = stepsOf(path.trim());
  if (typeof steps === 'string') return { ok: false, problem: steps };
  let found: readonly Json[] = [document];
  let isMany = false;
  for (const step of steps) {
    isMany ||= step.kind === 'all' || step.kind === 'deep';
    found = found.flatMap((json) => taken(json, step));
  }
  if (isMany) return { ok: true, value: found };
  const [only] = found;
  return only === undefined ? { ok: false, problem: `the answer has nothing at ${path}` } : { ok: true, value: only };
}

/** A sentence for a path that cannot be read. */
function stepsOf(path: string): readonly Step[] | string {
  if (!path.startsWith('$')) return `a JsonPath begins with $: ${path}`;
  const steps: Step[] = [];
  stepText.lastIndex = 1;
  while (stepText.lastIndex < path.length) {
    const at = stepText.lastIndex;
    const match = stepText.exec(path);
    if (!match) return `the JsonPath ${path} cannot be read from ${path.slice(at)} on: filters and slices are not known here`;
    const [text, index, single, double, plain] = match;
    const key = single ?? double ?? plain;
    if (text === '..') steps.push({ kind: 'deep' });
    else if (text === '.length()') steps.push({ kind: 'length' });
    else if (index !== undefined) steps.push({ kind: 'index', index: Number(index) });
    else if (key !== undefined) steps.push({ kind: 'key', key });
    else steps.push({ kind: 'all' });
  }
  return steps;
}

function taken(json: Json, step: Step): readonly Json[] {
  switch (step.kind) {
    case 'key': {
      const value = isObject(json) && Object.hasOwn(json, step.key) ? json[step.key] : undefined;
      return value === undefined ? [] : [value];
    }
    case 'index': {
      const value = isList(json) ? json.at(step.index) : undefined;
      return value === undefined ? [] : [value];
    }
    case 'all':
      return valuesOf(json);
    case 'deep':
      return [json, ...valuesOf(json).flatMap((inner) => taken(inner, step))];
    case 'length':
      return typeof json === 'string' ? [json.length] : [valuesOf(json).length];
  }
}

function valuesOf(json: Json): readonly Json[] {
  return isList(json) ? json : isObject(json) ? Object.values(json) : [];
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function isObject(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
