// Arguments against their parameters: what is written plainly can be judged, what an expression gives cannot.

import { scopeWord, scopeWords, functionNamed, type Parameter } from '#core/dsl/functions.ts';
import { format, valuesAskedFor } from '#core/dsl/formatString.ts';
import { objectKeys } from '#core/dsl/object.ts';
import { compile } from '#core/dsl/regex.ts';
import { parseTemplate, TemplateFault } from '#core/dsl/templateTree.ts';
import { whenReadyOption, whenReadyOptions } from '#core/dsl/whenReady.ts';
import { literalText } from '#core/dsl/checkReferences.ts';
import { nearest } from '#core/text/nearest.ts';
import type { Finding } from '#core/dsl/finding.ts';
import type { Call, Expression, MapValue, Suggestion } from '#core/dsl/tree.ts';
import type { Severity } from '#core/text/diagnostic.ts';

/** What is wrong with one argument by itself. */
export function checkArgument(given: Expression, parameter: Parameter | undefined, name: string): readonly Finding[] {
  if (parameter === undefined || given.kind === 'chain') return [];
  switch (parameter.kind) {
    case 'anything':
    case 'objectWithConfig':
      return [];
    case 'scope':
      return checkScope(given);
    case 'index':
      return checkIndex(given, name);
    case 'map':
      if (given.kind !== 'map') return [wrong(given, `${name} takes a map here, in the key form: $brooklyn:${name}: { ... }.`)];
      return name === 'entitySpec' ? checkSpec(given) : [];
    case 'list':
      return given.kind === 'list' ? [] : [wrong(given, `${name} takes a list here.`)];
    case 'whenReadyOptions':
      return given.kind === 'map' ? checkOptions(given) : [wrong(given, `The options of ${name} are a map, which only the key form takes.`)];
    case 'objectPlan':
      return given.kind === 'map' ? checkPlan(given) : [];
    case 'entityId':
    case 'configKey':
    case 'sensorName':
    case 'typeName':
    case 'text':
    case 'pattern':
      return checkText(given, parameter, name);
  }
}

/** What is wrong with the arguments of a call taken together. */
export function checkTogether(call: Call, name: string): readonly Finding[] {
  if (name === 'formatString') return checkFormat(call);
  if (name === 'regexReplacement' || name === 'function.regexReplacement') return checkPattern(call.args[name === 'regexReplacement' ? 1 : 0]);
  return name === 'template' ? checkTemplate(call.args[0]) : [];
}

function checkText(given: Expression, parameter: Parameter, name: string): Finding[] {
  if (given.kind === 'map' || given.kind === 'list') return [wrong(given, `${name} takes a text as ${parameter.name}, not a ${given.kind}.`)];
  if (given.kind !== 'word' || parameter.kind === 'pattern' || parameter.kind === 'text') return [];
  if (functionNamed(given.text) === undefined) return [];
  const message = `${given.text} is only the text "${given.text}" here; the function is ${given.text}().`;
  return [wrong(given, message, { title: 'Call the function', span: { start: given.span.end, end: given.span.end }, newText: '()' }, 'information')];
}

function checkScope(given: Expression): Finding[] {
  const word = literalText(given);
  if (word === undefined) return [wrong(given, 'A scope is one word.')];
  if (scopeWord(word) !== undefined) return [];
  const near = nearest(word, Object.keys(scopeWords));
  const quoted = given.kind === 'string' ? 1 : 0;
  const suggestion = near && { title: `Replace ${word} by ${near}`, span: { start: given.span.start + quoted, end: given.span.end - quoted }, newText: near };
  const message = `${word} is no scope; ${near === undefined ? `there are ${Object.keys(scopeWords).join(', ')}` : `did you mean ${near}?`}`;
  return [{ kind: 'unknown-scope', span: given.span, message: message.endsWith('?') ? message : `${message}.`, ...(suggestion && { suggestion }) }];
}

function checkIndex(given: Expression, name: string): Finding[] {
  const text = literalText(given);
  const isWhole = given.kind === 'scalar' ? typeof given.value === 'number' && given.value >= 0 : text !== undefined && /^\d+$/.test(text);
  return isWhole ? [] : [wrong(given, `${name} takes a number, counted from 0.`)];
}

function checkSpec(given: MapValue): Finding[] {
  const hasType = ['type', 'serviceType', 'service_type'].some((key) => entry(given, key) !== undefined);
  return hasType ? [] : [wrong(given, 'entitySpec needs a type: the map has no key type.')];
}

function checkPlan(given: MapValue): Finding[] {
  const hasType = ['type', 'objectType', 'object_type'].some((key) => entry(given, key) !== undefined);
  const findings = hasType ? [] : [wrong(given, 'object needs a type: the map has no key type.')];
  return [...findings, ...unknownKeys(given, Object.keys(objectKeys), 'object')];
}

function checkOptions(given: MapValue): Finding[] {
  const names = whenReadyOptions.flatMap(({ name, alias }) => (alias === undefined ? [name] : [name, alias]));
  const wrongKinds = given.entries.flatMap(({ key, value }) => {
    const option = whenReadyOption(literalText(key) ?? '');
    const isWrong = option && (option.kind === 'boolean' ? !isBoolean(value) : value.kind === 'map' || value.kind === 'list');
    return isWrong === true ? [wrong(value, `${option?.name ?? ''} is ${option?.kind === 'boolean' ? 'true or false' : 'a duration, for example 5m'}.`)] : [];
  });
  return [...unknownKeys(given, names, 'attributeWhenReady'), ...wrongKinds];
}

function isBoolean(given: Expression): boolean {
  return given.kind === 'chain' || (given.kind === 'scalar' && typeof given.value === 'boolean') || /^(?:true|false)$/i.test(literalText(given) ?? '');
}

function unknownKeys(given: MapValue, known: readonly string[], name: string): Finding[] {
  return given.entries.flatMap(({ key }) => {
    const word = literalText(key);
    if (word === undefined || known.includes(word)) return [];
    const near = nearest(word, known);
    const suggestion = near && { title: `Replace ${word} by ${near}`, span: key.span, newText: near };
    return [wrong(key, `${name} has no option ${word}${near === undefined ? `; there are ${known.join(', ')}.` : `; did you mean ${near}?`}`, suggestion || undefined, 'warning')];
  });
}

function checkFormat({ args }: Call): Finding[] {
  const [first, ...values] = args;
  const pattern = first && literalText(first);
  if (first === undefined || pattern === undefined) return [];
  const asked = valuesAskedFor(pattern);
  if (typeof asked !== 'number') return [wrong(first, asked.problem, undefined, 'warning')];
  if (asked > values.length) return [wrong(first, `The pattern asks for ${count(asked, 'value')}, and ${values.length} ${values.length === 1 ? 'is' : 'are'} given.`, undefined, 'warning')];
  if (asked < values.length) return [wrong(first, `The pattern asks for ${count(asked, 'value')}; of the ${values.length} given the others are not used.`, undefined, 'information')];
  const texts = values.map((given) => (given.kind === 'string' || given.kind === 'word' ? literalText(given) : undefined));
  const known = texts.filter((text) => text !== undefined);
  const formatted = known.length === texts.length ? format(pattern, known) : undefined;
  return formatted?.ok === false ? [wrong(first, formatted.problem)] : [];
}

function checkPattern(given: Expression | undefined): Finding[] {
  const pattern = given && literalText(given);
  const compiled = pattern === undefined ? undefined : compile(pattern);
  return given !== undefined && compiled?.ok === false ? [wrong(given, compiled.problem, undefined, 'warning')] : [];
}

function checkTemplate(given: Expression | undefined): Finding[] {
  const text = given && literalText(given);
  if (given === undefined || text === undefined) return [];
  try {
    parseTemplate(text);
    return [];
  } catch (error) {
    if (error instanceof TemplateFault) return [wrong(given, `The template cannot be filled in: ${error.message}`, undefined, 'warning')];
    throw error;
  }
}

function entry({ entries }: MapValue, key: string): Expression | undefined {
  return entries.findLast((candidate) => literalText(candidate.key) === key)?.value;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function wrong({ span }: Expression, message: string, suggestion?: Suggestion, severity?: Severity): Finding {
  return { kind: 'wrong-arguments', span, message, ...(suggestion && { suggestion }), ...(severity && { severity }) };
}
