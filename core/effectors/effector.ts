// What an entity can be told to do: started, stopped, resized ..., and the commands that its blueprint gives names to.
// Described here as data; the engine carries it out.

import { coerceDuration } from '#core/coerce/duration.ts';
import { asData, asText, isList, isMap, type Value } from '#core/dsl/value.ts';
import { isA, type Adjunct } from '#core/resolve/adjuncts.ts';

export interface EffectorParameter {
  readonly name: string;
  readonly type?: string;
  readonly description?: string;
  /** Taken where nothing is given; without it a value must be. */
  readonly default?: string;
}

/** What is sent, but for where to. The values may be secret. */
export interface EffectorRequest {
  /** `GET`, `POST` ... */
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly user?: { readonly name: string; readonly password: string };
  readonly body?: string;
  /** The part of a JSON answer that is the result; absent is all of the answer. */
  readonly jsonPath?: string;
}

interface Common {
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly EffectorParameter[];
}

/** Closed: a new kind shows every place that must learn it. */
export type Effector =
  | (Common & { readonly kind: 'start' | 'stop' | 'restart' | 'reload' })
  /** `isRelative`: the number is added to the present size. */
  | (Common & { readonly kind: 'resize'; readonly isRelative: boolean })
  | (Common & { readonly kind: 'replaceMember' })
  /** `command` is absent where it waits for a value. */
  | (Common & {
      readonly kind: 'command';
      readonly command?: string;
      readonly directory?: string;
      /** Besides the container's own. The values may be secret. */
      readonly env: Readonly<Record<string, string>>;
      readonly target: 'entity' | 'members' | 'children';
    })
  /** An HTTP request; `uri` is absent where it waits for a value. */
  | (Common & { readonly kind: 'request'; readonly uri?: string; readonly request: EffectorRequest })
  /** Calls others of the entity by their names: see composite.ts. `isInstead`: the one whose name it takes is not called with them. */
  | (Common & { readonly kind: 'composite'; readonly calls: readonly string[]; readonly isInstead: boolean; readonly original?: Effector })
  /** Declared, and nothing here carries it out. */
  | (Common & { readonly kind: 'unsupported'; readonly reason: string });

const none: readonly EffectorParameter[] = [];

export const startEffector: Effector = { kind: 'start', name: 'start', description: 'Starts what is stopped.', parameters: none };
export const stopEffector: Effector = { kind: 'stop', name: 'stop', description: 'Stops the containers and keeps them; the next deployment starts them again.', parameters: none };
export const restartEffector: Effector = { kind: 'restart', name: 'restart', description: 'Stops the containers and starts them again.', parameters: none };
export const reloadEffector: Effector = { kind: 'reload', name: 'reload', description: 'Makes it read its configuration again, written anew from the members that run.', parameters: none };
export const clusterEffectors: readonly Effector[] = [
  { kind: 'resize', isRelative: false, name: 'resize', description: 'Starts or removes members until there are so many.', parameters: [{ name: 'desiredSize', type: 'integer', description: 'How many members there should be.' }] },
  { kind: 'resize', isRelative: true, name: 'resizeByDelta', description: 'Grows or shrinks the cluster.', parameters: [{ name: 'delta', type: 'integer', description: 'How many members to add, or to take away where negative.' }] },
  { kind: 'replaceMember', name: 'replaceMember', description: 'Makes a member anew.', parameters: [{ name: 'memberId', type: 'string', description: 'The member to replace.' }] },
];

/** The effector that an initializer gives; undefined for other initializers. `config` gives the values of its config that are known now. */
export function effectorOf(adjunct: Adjunct, config: (key: string) => Value | undefined): Effector | undefined {
  if (!isA(adjunct, 'add-effector')) return undefined;
  const text = (key: string): string | undefined => {
    const value = config(key);
    return value === undefined || value === null ? undefined : asText(value);
  };
  const name = text('name');
  if (name === undefined) return undefined;
  const common = { name, description: text('description') ?? '', parameters: parametersOf(config('parameters')) };
  if (isA(adjunct, 'http-effector')) return requestEffector(common, text, adjunct.config.has('httpPayload') && config('httpPayload') === undefined, config('headers'));
  const list = isA(adjunct, 'composite-effector') ? 'effectors' : isA(adjunct, 'composed-effector') ? ['sequence', 'compose'].find((key) => adjunct.config.has(key)) : undefined;
  if (list !== undefined) {
    const calls = namesIn(name, config(list));
    return typeof calls === 'string' ? { ...common, kind: 'unsupported', reason: calls } : { ...common, kind: 'composite', calls, isInstead: list !== 'effectors' || text('override') === 'true' };
  }
  if (!isA(adjunct, 'command-effector')) return { ...common, kind: 'unsupported', reason: `effectors of the type ${adjunct.lineage[0] ?? ''} are not carried out by Clocker; use a command-effector, an http-effector or a composite-effector` };
  const env = config('shell.env');
  const command = adjunct.config.has('shell.env') && env === undefined ? undefined : text('command');
  const directory = text('executionDir');
  const target = text('executionTarget')?.toLowerCase();
  return {
    ...common,
    kind: 'command',
    env: textsOf(env),
    target: target === 'members' || target === 'children' ? target : 'entity',
    ...(command !== undefined && { command }),
    ...(directory !== undefined && directory !== '' && { directory }),
  };
}

function requestEffector(common: Common, text: (key: string) => string | undefined, isWaiting: boolean, headers: Value | undefined): Effector {
  const [uri, name, body, jsonPath] = [text('uri'), text('httpUsername'), text('httpPayload'), text('jsonPath')];
  const request = {
    method: (text('httpVerb') ?? 'GET').toUpperCase(),
    headers: textsOf(headers),
    ...(name !== undefined && { user: { name, password: text('httpPassword') ?? '' } }),
    ...(body !== undefined && { body }),
    ...(jsonPath !== undefined && { jsonPath }),
  };
  return { ...common, kind: 'request', request, ...(uri !== undefined && !isWaiting && { uri }) };
}

/** An argument that is named like a key of the effector takes its place, as in Brooklyn. */
export function requestWith({ uri, request }: Extract<Effector, { readonly kind: 'request' }>, given: Readonly<Record<string, string>>): { readonly uri: string | undefined; readonly request: EffectorRequest } {
  const { uri: address = uri, httpVerb = request.method, httpPayload: body = request.body, httpUsername: name = request.user?.name, httpPassword: password = request.user?.password ?? '' } = given;
  const { user: _, body: __, ...rest } = request;
  return { uri: address, request: { ...rest, method: httpVerb.toUpperCase(), ...(name !== undefined && { user: { name, password } }), ...(body !== undefined && { body }) } };
}

function textsOf(value: Value | undefined): Readonly<Record<string, string>> {
  return value !== undefined && value !== null && isMap(value) ? Object.fromEntries([...value].map(([key, one]) => [asText(key), one === null ? '' : asText(one)])) : {};
}

/** The environment of an invocation: a variable for each parameter. A sentence where the arguments do not fit. */
export function argumentsFor({ name, parameters }: Effector, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> | string {
  const known = parameters.map((parameter) => parameter.name);
  const stranger = Object.keys(given).find((one) => !known.includes(one));
  if (stranger !== undefined) return `${name} has no parameter ${stranger}; ${known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`}`;
  const missing = parameters.find((parameter) => given[parameter.name] === undefined && parameter.default === undefined);
  if (missing) return `${name} needs a value for ${missing.name}: write ${missing.name}=VALUE`;
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, given[parameter.name] ?? parameter.default ?? '']));
}

/** Milliseconds; undefined for what is no duration. */
export function durationMs(value: Value | undefined): number | undefined {
  const data = value === undefined ? undefined : asData(value);
  const duration = data === undefined ? undefined : coerceDuration(data);
  return duration?.ok === true ? duration.value?.ms : undefined;
}

function parametersOf(value: Value | undefined): readonly EffectorParameter[] {
  if (value === undefined || value === null || !isMap(value)) return [];
  return [...value].map(([name, described]): EffectorParameter => {
    const part = (...keys: readonly string[]): string | undefined => {
      const found = described !== null && isMap(described) ? keys.map((key) => described.get(key)).find((one) => one !== undefined && one !== null) : undefined;
      return found === undefined || found === null ? undefined : asText(found);
    };
    const [type, description, fallback] = [part('type'), part('description'), part('defaultValue', 'default')];
    return Object.assign({ name: asText(name) }, type !== undefined && { type }, description !== undefined && { description }, fallback !== undefined && { default: fallback });
  });
}

/** The effectors that are named; a sentence where the list asks for more than names. */
function namesIn(name: string, value: Value | undefined): readonly string[] | string {
  const items = value !== undefined && value !== null && isList(value) ? value : [];
  const names = items.map((item) => {
    if (typeof item === 'string') return item;
    const named = item !== null && isMap(item) && item.size === 1 ? item.get('effector') : undefined;
    return named === undefined || named === null ? undefined : asText(named);
  });
  if (names.length === 0) return `${name} names no effectors to call`;
  const known = names.flatMap((one) => one ?? []);
  return known.length === names.length ? known : `${name} hands results on or calls effectors of other entities, which Clocker does not carry out; list the names of effectors alone`;
}
