// The shape of a command, and the one table of options from which arguments are read and help is written.

import type { Terminal } from './terminal.ts';

/** 0 done, 1 the blueprint or the deployment failed, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

/** What the user typed makes no sense; the message is a sentence. */
export class UsageError extends Error {}

export const options = {
  host: { type: 'string', multiple: true, value: 'NAME=ENDPOINT', sentence: 'a Docker host, like a=unix:///var/run/docker.sock or b=ssh://me@box; may be repeated' },
  hosts: { type: 'string', multiple: true, value: 'FILE', sentence: 'a YAML file with a list of hosts: {name: a, endpoint: ssh://me@box}, or with hosts: and clouds:; see README; for cloud create, a number is how many hosts' },
  context: { type: 'string', multiple: true, value: 'NAME', sentence: 'a Docker context of this machine as a host; may be repeated' },
  'trust-host-key': { type: 'string', multiple: true, value: 'FINGERPRINT', sentence: 'the key of an SSH server that is not known yet: SHA256:...; it is added to known_hosts' },
  without: { type: 'string', multiple: true, value: 'HOST', sentence: 'a host that is down and counts as lost: what was on it is made on others; may be repeated' },
  out: { type: 'string', value: 'FILE', sentence: 'save the plan for: clocker apply FILE' },
  blueprint: { type: 'string', value: 'FILE', sentence: 'the blueprint of the application, where the one kept on the hosts will not do because its secrets are left out' },
  on: { type: 'string', value: 'HOST', sentence: 'the host on which it is done: where a cloud lives, a network is made, an image is built, pushed from or pulled to' },
  from: { type: 'string', value: 'HOST', sentence: 'the host that an image comes from; any that has it without one' },
  to: { type: 'string', multiple: true, value: 'HOST', sentence: 'the host that an entity moves to; a host that an image goes to, may be repeated, all of them without one' },
  cidr: { type: 'string', value: 'BLOCK', sentence: 'the addresses of the network: 10.1.0.0/24; the next free ones without it' },
  gateway: { type: 'string', value: 'ADDRESS', sentence: 'the address of the way out; the first one without it' },
  reserved: { type: 'string', multiple: true, value: 'RANGE', sentence: 'addresses that no container gets: 10.1.0.10-10.1.0.20; may be repeated' },
  ipv6: { type: 'string', value: 'BLOCK', sentence: 'IPv6 addresses besides: fd00:1::/64' },
  internal: { type: 'boolean', sentence: 'no way leads out of the network' },
  encrypted: { type: 'boolean', sentence: 'what goes from host to host is encrypted' },
  driver: { type: 'string', value: 'NAME', sentence: 'who provides the network: overlay, bridge or macvlan; what fits the hosts without it' },
  parent: { type: 'string', value: 'DEVICE', sentence: 'the device of the hosts that a macvlan is on: eth0' },
  address: { type: 'string', value: 'ADDRESS', sentence: 'the address that the entity gets on the network; its own or the next free one without it' },
  alias: { type: 'string', multiple: true, value: 'NAME', sentence: 'a name by which others on the network find it, besides its own; may be repeated' },
  image: { type: 'string', value: 'IMAGE', sentence: 'the image of the cloud\'s hosts, with a Docker Engine and its command; docker:dind without one' },
  force: { type: 'boolean', sentence: 'delete the cloud with the applications that run there' },
  tag: { type: 'string', multiple: true, short: 't', value: 'NAME', sentence: 'a name for the image: shop/web:2; may be repeated' },
  file: { type: 'string', short: 'f', value: 'FILE', sentence: 'the Dockerfile in the folder, where it has another name' },
  target: { type: 'string', value: 'STAGE', sentence: 'the stage of the Dockerfile to build; the last one without it' },
  'build-arg': { type: 'string', multiple: true, value: 'NAME=VALUE', sentence: 'a value for an ARG of the Dockerfile, or NAME alone for that of the environment; may be repeated' },
  platform: { type: 'string', value: 'PLATFORM', sentence: 'what the image is for: linux/arm64' },
  'no-cache': { type: 'boolean', sentence: 'build every step again' },
  output: { type: 'string', short: 'o', value: 'FILE', sentence: 'the archive to write; FOLDER.tgz without it' },
  port: { type: 'string', value: 'PORT', sentence: 'a TCP port of the second entity; those that it declares without one' },
  keep: { type: 'string', value: 'COUNT', sentence: 'how many caught images of a type stay on a host; 3 without it' },
  'older-than': { type: 'string', value: 'TIME', sentence: 'caught images that are older go: 7d, 12h; 30d without it' },
  'max-size': { type: 'string', value: 'SIZE', sentence: 'the room that caught images take on a host: 5GB; 10GB without it' },
  json: { type: 'boolean', sentence: 'print JSON for machines' },
  yes: { type: 'boolean', short: 'y', sentence: 'do not ask before changing anything' },
  stdio: { type: 'boolean', sentence: 'speak over standard input and output' },
  help: { type: 'boolean', short: 'h', sentence: 'print this help' },
  version: { type: 'boolean', sentence: 'print the version' },
} as const satisfies Record<string, { readonly type: 'string' | 'boolean'; readonly multiple?: boolean; readonly short?: string; readonly value?: string; readonly sentence: string }>;

export type OptionName = keyof typeof options;

/** The options of a command that works on hosts. */
export const hostOptions = ['host', 'hosts', 'context', 'trust-host-key'] as const satisfies readonly OptionName[];

export interface Invocation {
  /** What follows the command's name, options taken out. */
  readonly operands: readonly string[];
  readonly host: readonly string[];
  readonly hosts: string | undefined;
  /** How many hosts, where that was asked. */
  readonly hostCount: number | undefined;
  readonly context: readonly string[];
  /** Fingerprints. */
  readonly trustHostKey: readonly string[];
  /** Hosts that count as lost. */
  readonly without: readonly string[];
  /** Where to save a plan. */
  readonly out: string | undefined;
  /** A file. */
  readonly blueprint: string | undefined;
  /** A host's name. */
  readonly on: string | undefined;
  readonly image: string | undefined;
  /** Hosts' names. */
  readonly from: string | undefined;
  readonly to: readonly string[];
  /** Names. */
  readonly tag: readonly string[];
  readonly file: string | undefined;
  readonly target: string | undefined;
  /** `NAME=VALUE` or `NAME` each. */
  readonly buildArg: readonly string[];
  readonly platform: string | undefined;
  /** Nothing comes from the cache. */
  readonly isFresh: boolean;
  /** A file. */
  readonly output: string | undefined;
  readonly port: string | undefined;
  readonly keep: string | undefined;
  readonly olderThan: string | undefined;
  readonly maxSize: string | undefined;
  /** What is asked of a network. */
  readonly asked: NetworkAsked;
  readonly isForced: boolean;
  readonly isJson: boolean;
  readonly isYes: boolean;
  readonly isStdio: boolean;
  readonly terminal: Terminal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** As it was typed. */
export interface NetworkAsked {
  readonly cidr: string | undefined;
  readonly gateway: string | undefined;
  readonly reserved: readonly string[];
  readonly ipv6: string | undefined;
  readonly isInternal: boolean;
  readonly isEncrypted: boolean;
  readonly driver: string | undefined;
  readonly parent: string | undefined;
  readonly address: string | undefined;
  readonly alias: readonly string[];
}

export interface Command {
  readonly name: string;
  /** The operands as help shows them: `FILE...`, `[APP]`. */
  readonly operands: string;
  readonly operandCount: { readonly least: number; readonly most: number };
  readonly sentence: string;
  readonly options: readonly OptionName[];
  run(invocation: Invocation): Promise<ExitCode>;
}
