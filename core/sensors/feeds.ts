// Sensors that are read from outside: what a command prints in the entity's container, and what a web address answers. What is
// to be read, and what an answer is worth, stands here; reading is the engine's.

import { coerce } from '#core/coerce/coerce.ts';
import { coerceDuration } from '#core/coerce/duration.ts';
import { yamlIn } from '#core/coerce/jsonish.ts';
import { parseType } from '#core/coerce/types.ts';
import { isList as isDataList, isMap as isDataMap, type Coerced, type Value as Data } from '#core/coerce/value.ts';
import { asData, asText, isMap, type Value } from '#core/dsl/value.ts';
import { isA, type Adjunct } from '#core/resolve/adjuncts.ts';
import { partOf, type Json } from '#core/sensors/jsonPath.ts';

interface Common {
  /** The entity that has the sensor, by key. */
  readonly entity: string;
  readonly sensor: string;
  readonly periodMs: number;
  /** As written: `integer`, `java.lang.Boolean`. */
  readonly type: string;
}

export interface CommandFeed extends Common {
  readonly kind: 'command';
  readonly command: string;
  /** Where it runs; the container's own directory if absent. */
  readonly directory?: string;
  /** Environment besides the container's. The values may be secret. */
  readonly env: Readonly<Record<string, string>>;
  readonly format: 'auto' | 'yaml' | 'text';
  readonly takesLastDocument: boolean;
  /** The value when the command fails; nothing then if absent. */
  readonly onError?: Data;
}

export interface HttpFeed extends Common {
  readonly kind: 'http';
  readonly uri: string;
  readonly jsonPath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly user?: { readonly name: string; readonly password: string };
}

export type Feed = CommandFeed | HttpFeed;

export type FeedReading = { readonly ok: true; readonly value: Data } | { readonly ok: false; readonly problem: string };

const defaultPeriodMs = 5 * 60_000;

/** Initializers whose sensor is read from outside. */
export function isFeed(adjunct: Adjunct): boolean {
  return isA(adjunct, 'command-sensor') || isA(adjunct, 'http-sensor');
}

/** Undefined where something that it needs is not known (yet). `config` gives the values of the adjunct's config. */
export function feedOf(adjunct: Adjunct, config: (key: string) => Value | undefined): Feed | undefined {
  const text = (key: string): string | undefined => {
    const value = config(key);
    return value === undefined || value === null ? undefined : asText(value);
  };
  const texts = (key: string): Readonly<Record<string, string>> | undefined => {
    if (!adjunct.config.has(key)) return {};
    const value = config(key);
    return value !== undefined && value !== null && isMap(value) ? Object.fromEntries([...value].map(([name, one]) => [asText(name), one === null ? '' : asText(one)])) : undefined;
  };
  const sensor = text('name');
  const period = coerceDuration(asData(config('period') ?? null) ?? null);
  if (sensor === undefined) return undefined;
  const common = { entity: adjunct.at.key, sensor, periodMs: period.ok && period.value && period.value.ms > 0 ? period.value.ms : defaultPeriodMs, type: text('targetType') ?? 'string' };
  if (isA(adjunct, 'http-sensor')) {
    const uri = text('uri');
    const headers = texts('headers');
    const [name, password] = [text('username'), text('password')];
    if (uri === undefined || headers === undefined) return undefined;
    return { kind: 'http', ...common, uri, headers, jsonPath: text('jsonPath') ?? '$', ...(name !== undefined && { user: { name, password: password ?? '' } }) };
  }
  const command = text('command');
  const env = texts('shell.env');
  if (command === undefined || env === undefined) return undefined;
  const directory = text('executionDir');
  const onError = config('value.on.error');
  const data = onError === undefined ? undefined : asData(onError);
  const format = text('format')?.toLowerCase();
  return {
    kind: 'command',
    ...common,
    command,
    env,
    format: format === 'yaml' || format === 'text' ? format : 'auto',
    takesLastDocument: text('useLastYaml') !== 'false',
    ...(directory !== undefined && directory !== '' && { directory }),
    ...(data !== undefined && { onError: data }),
  };
}

/** What a command's end and its standard output come to. */
export function readOutput(feed: CommandFeed, code: number, output: string): FeedReading {
  if (code !== 0) return feed.onError === undefined ? { ok: false, problem: `its command failed with exit code ${code}` } : { ok: true, value: feed.onError };
  const text = output.trim();
  const asYaml = feed.format === 'yaml' || (feed.format === 'auto' && !isText(feed.type));
  const document = feed.takesLastDocument ? (text.split(/^---(?:[ \t].*)?$/m).at(-1) ?? text) : text;
  const value = asYaml ? (yamlIn(document) ?? text) : text;
  return typed(value, feed.type);
}

/** What an answer of a server comes to. */
export function readAnswer(feed: HttpFeed, status: number, body: string): FeedReading {
  if (status < 200 || status >= 300) return { ok: false, problem: `the server answers ${status}` };
  const document = jsonIn(body);
  if (document === undefined) return { ok: false, problem: 'the answer is not JSON' };
  const part = partOf(document, feed.jsonPath);
  return part.ok ? typed(dataOf(part.value), feed.type) : part;
}

function isText(type: string): boolean {
  const parsed = parseType(type);
  return parsed.ok && parsed.value.name === 'string';
}

function typed(value: Data, type: string): FeedReading {
  const parsed = parseType(type);
  if (!parsed.ok) return { ok: true, value };
  const coerced = coerce(isText(type) && (isDataList(value) || isDataMap(value)) ? jsonText(value) : value, parsed.value);
  if (!coerced.ok) return { ok: false, problem: coerced.problem };
  // What is no plain value of YAML (a range of ports, a duration) stays as it was given.
  return { ok: true, value: plain(coerced.value) ?? value };
}

function plain(value: Coerced): Data | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(plain);
    return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined);
  }
  return undefined;
}

function jsonText(value: Data): string {
  return JSON.stringify(value, (_, one: unknown) => (one instanceof Map ? Object.fromEntries(one) : typeof one === 'bigint' ? Number(one) : one));
}

function jsonIn(text: string): Json | undefined {
  try {
    const json: Json = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}

function dataOf(json: Json): Data {
  if (Array.isArray(json)) return json.map(dataOf);
  return typeof json === 'object' && json !== null ? new Map(Object.entries(json).map(([key, value]) => [key, dataOf(value)])) : json;
}
