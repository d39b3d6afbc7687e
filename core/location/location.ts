// Where entities go: the value of `location`, or an element of `locations`, in every form Brooklyn and Clocker have. Plain
// data with what is wrong; whether the place exists is for those who know the catalog and the clouds.

import { coerceHostAndPort } from '#core/coerce/addresses.ts';
import { expandBraces } from '#core/coerce/glob.ts';
import { unwrapStrings } from '#core/coerce/jsonish.ts';
import { describe, isList, isMap, type Value } from '#core/coerce/value.ts';
import { parseArguments, type Argument } from '#core/location/arguments.ts';
import { isCloudProvider, isAwsRegion, locationForms } from '#core/location/forms.ts';
import type { Span } from '#core/text/span.ts';

export interface Machine {
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
}

/** What the text of a location names. Its settings are apart, in `Location`. */
export type Place =
  | { readonly kind: 'localhost' }
  /** Machines that one brings oneself. */
  | { readonly kind: 'byon'; readonly machines: readonly Machine[] }
  /** A docker cloud, by name or id, and one of its hosts. */
  | { readonly kind: 'docker'; readonly cloud: string; readonly host?: string }
  /** A cloud provider, with its region or endpoint. */
  | { readonly kind: 'jclouds'; readonly provider: string; readonly region?: string }
  | { readonly kind: 'pool'; readonly pool: string }
  | { readonly kind: 'multi'; readonly targets: readonly Location[] }
  /** A location of the catalog or one that was given a name. */
  | { readonly kind: 'named'; readonly name: string };

export interface Location {
  readonly place: Place;
  /** As written, without settings: `byon`, `docker:my-cloud`. */
  readonly spec: string;
  /** The settings, whether in the text or in a map below it. */
  readonly config: ReadonlyMap<string, Value>;
}

export interface LocationProblem {
  /** The wrong part of the location's text; absent where the value as a whole, or its settings, are wrong. */
  readonly span?: Span;
  readonly problem: string;
  /** What to write in place of the part. */
  readonly replacement?: string;
}

export interface ReadLocation {
  /** Absent for nothing and for a blank text, which mean no location, and where nothing can be made of it. */
  readonly location?: Location;
  readonly problems: readonly LocationProblem[];
}

/** Nothing is nested deeper than a few levels. */
const deepest = 20;

/** Reads a text, or a map of one entry whose key is the text and whose value holds the settings. */
export function parseLocation(value: Value): ReadLocation {
  return read(value, 0);
}

/** Names of the hosts and clouds that a location asks for, for placement; `CLOUD:HOST` is a host of a cloud. A provider of virtual machines names none. */
export function placeNames({ place }: Location): readonly string[] {
  switch (place.kind) {
    case 'localhost':
      return ['localhost'];
    case 'byon':
      return place.machines.map(({ host }) => host);
    case 'docker':
      return [place.host === undefined ? place.cloud : `${place.cloud}:${place.host}`];
    case 'pool':
      return [place.pool];
    case 'multi':
      return place.targets.flatMap(placeNames);
    case 'named':
      return [place.name];
    case 'jclouds':
      return [];
  }
}

function read(value: Value, depth: number): ReadLocation {
  if (depth > deepest) return { problems: [{ problem: 'Locations are nested too deeply.' }] };
  if (value === null) return { problems: [] };
  if (typeof value === 'string') return value.trim() === '' ? { problems: [] } : new Reader(value, new Map(), depth).read();
  if (!isMap(value)) {
    const hint = isList(value) ? 'write the list under locations' : 'write for example localhost';
    return { problems: [{ problem: `A location is a text, or a map of one entry; this is ${describe(value)}: ${hint}.` }] };
  }
  const [entry] = value;
  if (!entry || value.size !== 1) return { problems: [{ problem: `A location written as a map has one entry, its kind with its settings below; this one has ${value.size}. Indent the settings under the kind.` }] };
  const [spec, settings] = entry;
  if (typeof spec !== 'string') return { problems: [{ problem: `A location is named by a text; this is ${describe(spec)}.` }] };
  if (!isMap(settings)) return { problems: [{ problem: `Below ${spec} its settings are expected as a map; this is ${describe(settings)}. Write ${spec} alone if there are none.` }] };
  const config = new Map([...settings].map(([key, of]) => [typeof key === 'string' ? key : describe(key), of]));
  return new Reader(spec, config, depth).read();
}

/** Reads one text; collects what is wrong. */
class Reader {
  readonly #text: string;
  readonly #config: Map<string, Value>;
  readonly #depth: number;
  readonly #problems: LocationProblem[] = [];

  constructor(text: string, config: ReadonlyMap<string, Value>, depth: number) {
    this.#text = text;
    this.#config = new Map(config);
    this.#depth = depth;
  }

  read(): ReadLocation {
    const text = this.#text;
    const prefix = /^[^:(]*/.exec(text)?.[0] ?? '';
    const form = locationForms.find(({ name, aliases }) => [name, ...aliases].includes(prefix.toLowerCase()));
    if (!form) return this.#give(this.#elsewhere(prefix), text);
    const opened = form.takesArguments ? text.indexOf('(') : -1;
    const args = opened < 0 ? [] : this.#readArguments(opened);
    const bare = opened < 0 ? text : text.slice(0, opened);
    const words = bare.slice(prefix.length).replace(/^:/, '').replace(/:$/, '');
    const wordsAt = prefix.length + (bare[prefix.length] === ':' ? 1 : 0);
    for (const arg of args) this.#takeArgument(arg, form.name, form.onlyArguments);
    return this.#give(this.#placeOf(form.name, words, wordsAt, args), bare.replace(/:$/, ''));
  }

  #give(place: Place | undefined, spec: string): ReadLocation {
    return { ...(place ? { location: { place, spec, config: this.#config } } : {}), problems: this.#problems };
  }

  #complain(problem: string, start?: number, end?: number, replacement?: string): undefined {
    this.#problems.push({ ...(start === undefined || end === undefined ? {} : { span: { start, end } }), problem, ...(replacement === undefined ? {} : { replacement }) });
  }

  #placeOf(form: (typeof locationForms)[number]['name'], words: string, at: number, args: readonly Argument[]): Place | undefined {
    const end = at + words.length;
    switch (form) {
      case 'localhost':
        if (words !== '') this.#complain(`localhost takes nothing but settings in parentheses, not ${words}; write localhost.`, at, end, '');
        return { kind: 'localhost' };
      case 'byon':
      case 'host':
        if (words !== '') this.#complain(`The machines are written in parentheses: ${form}(hosts="${words}").`, at, end);
        return this.#byon(form, args);
      case 'named':
      case 'brooklyn.catalog':
        return words === '' ? this.#complain(`The name is missing after ${form}:.`, 0, this.#text.length) : { kind: 'named', name: words };
      case 'docker':
        return this.#docker(words, at);
      case 'pool':
        return words === '' ? this.#complain('The id of the server pool is missing, as in server-pool:my-pool.', 0, this.#text.length) : { kind: 'pool', pool: words };
      case 'jclouds':
        return words === '' ? this.#complain('The provider is missing, as in jclouds:aws-ec2:eu-west-1.', 0, this.#text.length) : this.#provider(words.replace(/^(?:jclouds:)+/i, ''));
      case 'multi':
      case 'single':
        return this.#multi(form, args);
    }
  }

  /** A provider of virtual machines without its prefix, or a name that others know. */
  #elsewhere(prefix: string): Place {
    if (isCloudProvider(prefix) || isAwsRegion(this.#text)) return this.#provider(this.#text);
    return { kind: 'named', name: this.#text };
  }

  #provider(words: string): Place {
    if (isAwsRegion(words)) return { kind: 'jclouds', provider: 'aws-ec2', region: words };
    const colon = words.indexOf(':');
    const region = colon < 0 ? this.#config.get('region') : words.slice(colon + 1);
    return { kind: 'jclouds', provider: colon < 0 ? words : words.slice(0, colon), ...(typeof region === 'string' && region !== '' ? { region } : {}) };
  }

  #docker(words: string, at: number): Place | undefined {
    const [cloud = '', host, ...more] = words.split(':');
    if (cloud === '') return this.#complain('The name of the docker cloud is missing, as in docker:my-cloud or docker:my-cloud:my-host.', 0, this.#text.length);
    if (more.length > 0) this.#complain('After the docker cloud comes at most one host, then settings in parentheses.', at + cloud.length + 1 + (host ?? '').length, at + words.length, '');
    return { kind: 'docker', cloud, ...(host === undefined || host === '' ? {} : { host }) };
  }

  #byon(form: 'byon' | 'host', args: readonly Argument[]): Place | undefined {
    const [first] = args;
    // host(1.2.3.4) names its machine without a key.
    if (form === 'host' && first && first.value === undefined && args.length === 1) {
      this.#config.delete(first.name);
      this.#config.set('hosts', first.name);
    }
    const hosts = this.#config.get('hosts') ?? (form === 'host' ? this.#config.get('host') : undefined);
    if (hosts === undefined || (typeof hosts !== 'string' && !isList(hosts))) {
      return this.#complain('The machines are missing: write byon(hosts="host-a,host-b"), or hosts: [host-a, host-b] below byon.', ...(args.length > 0 || this.#config.size === 0 ? [0, this.#text.length] : []));
    }
    if (typeof hosts === 'string' && hosts.startsWith('$brooklyn:')) return { kind: 'byon', machines: [] };
    const written = typeof hosts === 'string' ? (hosts === '' ? [] : expandBraces(`{${hosts}}`, { ranges: true })) : hosts;
    const arg = args.find(({ name }) => name === 'hosts' || name === 'host');
    const place: [number?, number?] = arg ? [arg.valueSpan.start, arg.valueSpan.end] : [];
    if (typeof written === 'string') return this.#complain(`The hosts cannot be read: ${written}`, ...place);
    if (written.length === 0) return this.#complain('At least one host is needed.', ...place);
    const machines: Machine[] = [];
    for (const machine of written) {
      const read = this.#machine(machine);
      if (typeof read === 'string') this.#complain(read, ...place);
      else if (read) machines.push(read);
    }
    return { kind: 'byon', machines };
  }

  /** What is wrong, as a sentence, where it is no machine; undefined for one that is not known yet. */
  #machine(value: Value): Machine | string | undefined {
    if (isMap(value)) {
      const ssh = value.get('ssh');
      const winrm = value.get('winrm');
      if ((ssh === undefined) === (winrm === undefined)) return 'A machine written as a map has either ssh or winrm, with its address.';
      const read = this.#machine(ssh ?? winrm ?? null);
      return typeof read === 'object' && value.has('user') && read.user !== undefined ? `The user of ${read.host} is given twice; keep one.` : read;
    }
    if (typeof value !== 'string') return `A machine is a text or a map; this is ${describe(value)}.`;
    if (value.startsWith('$brooklyn:')) return undefined;
    const at = value.indexOf('@');
    const address = coerceHostAndPort(value.slice(at + 1).trim());
    if (!address.ok) return address.problem;
    const { host, port = this.#number('port') } = address.value;
    const user = at < 0 ? this.#config.get('user') : value.slice(0, at).trim();
    return host === '' ? 'A host is empty: there is a comma too many.' : { host, ...(typeof user === 'string' ? { user } : {}), ...(port === undefined ? {} : { port }) };
  }

  #number(key: string): number | undefined {
    const value = this.#config.get(key);
    return (typeof value === 'number' || typeof value === 'string') && /^[0-9]+$/.test(String(value)) ? Number(value) : undefined;
  }

  #multi(form: 'multi' | 'single', args: readonly Argument[]): Place | undefined {
    const key = form === 'multi' ? 'targets' : 'target';
    const value = this.#config.get(key);
    if (value === undefined || value === null) return this.#complain(`The ${key} of ${form} are missing, as in ${form}:(${key}=${form === 'multi' ? '"named:a,named:b"' : 'named:a'}).`, 0, this.#text.length);
    const arg = args.find(({ name }) => name === key);
    const targets: Location[] = [];
    for (const target of typeof value === 'string' ? (form === 'multi' ? unwrapStrings(value) : [value]) : isList(value) ? value : [value]) {
      const { location, problems } = read(target, this.#depth + 1);
      if (location) targets.push(location);
      for (const { problem } of problems) this.#complain(problem, arg?.valueSpan.start, arg?.valueSpan.end);
    }
    return { kind: 'multi', targets };
  }

  #readArguments(opened: number): readonly Argument[] {
    const text = this.#text.trimEnd();
    if (text.endsWith(')')) return parseArguments(text, opened + 1, text.length - 1);
    const closed = text.lastIndexOf(')');
    if (closed > opened) {
      this.#complain(`Nothing may follow ")": ${text.slice(closed + 1)} is too much.`, closed + 1, text.length, '');
      return parseArguments(text, opened + 1, closed);
    }
    this.#complain('The parenthesis is not closed; write ")" at the end.', opened, opened + 1);
    return parseArguments(text, opened + 1, text.length);
  }

  #takeArgument({ name, nameSpan, value, valueSpan }: Argument, form: string, only: readonly string[] | undefined): void {
    const { start, end } = nameSpan;
    if (/[:{}()]/.test(name) && form !== 'host') this.#complain(`${name} is not the name of a setting; write name=value, in quotes where the value has a comma.`, start, end);
    else if (only && !only.includes(name)) this.#complain(`${form} has no setting ${name}; it has ${only.join(' and ')}.`, start, end);
    else if ((name === 'name' || name === 'displayName') && !value) this.#complain(`The ${name} is empty; write ${name}="my place".`, start, Math.max(end, valueSpan.end));
    // What is written in the text goes before the map below it.
    this.#config.set(name, value ?? null);
  }
}
