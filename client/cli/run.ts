// Reads the arguments, finds the command, runs it; every failure ends in one sentence and an exit code.

import { parseArgs } from 'node:util';
import { nearest } from '#core/text/nearest.ts';
import { messageOf } from '../engine/failure.ts';
import manifest from '../../package.json' with { type: 'json' };
import { apply } from './apply.ts';
import { build } from './build.ts';
import { check } from './check.ts';
import { cloudCommand } from './cloud.ts';
import { options, UsageError, type Command, type ExitCode, type Invocation, type OptionName } from './command.ts';
import { deleteCommand } from './delete.ts';
import { deploy } from './deploy.ts';
import { doctor } from './doctor.ts';
import { effectors, invoke } from './effectors.ts';
import { explain } from './explain.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { imagesCommand } from './images.ts';
import { languageServer } from './languageServer.ts';
import { move } from './move.ts';
import { networkCommand } from './network.ts';
import { open } from './open.ts';
import { packageCommand } from './package.ts';
import { plan } from './plan.ts';
import { resolve } from './resolve.ts';
import { rollback, undo } from './rollback.ts';
import { sensors } from './sensors.ts';
import { status } from './status.ts';
import type { Terminal } from './terminal.ts';
import { unlock } from './unlock.ts';
import { watch } from './watch.ts';

export const commands: readonly Command[] = [check, resolve, plan, explain, apply, deploy, status, sensors, effectors, invoke, move, doctor, open, watch, history, rollback, undo, unlock, deleteCommand, networkCommand, cloudCommand, build, packageCommand, imagesCommand, languageServer];

export async function run(args: readonly string[], terminal: Terminal, env: Readonly<Record<string, string | undefined>>): Promise<ExitCode> {
  try {
    return await runCommand(args, terminal, env);
  } catch (error) {
    terminal.complain(messageOf(error));
    if (!(error instanceof UsageError)) return 1;
    terminal.complain('try: clocker --help');
    return 2;
  }
}

async function runCommand(args: readonly string[], terminal: Terminal, env: Readonly<Record<string, string | undefined>>): Promise<ExitCode> {
  const { values, positionals } = parse(args);
  const [name, ...operands] = positionals;
  if (values.version) {
    terminal.print(manifest.version);
    return 0;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (values.help || (name === 'help' && operands.length === 0)) {
    terminal.print(help(commands, command));
    return 0;
  }
  if (name === undefined) throw new UsageError(`which command? ${commands.map((candidate) => candidate.name).join(', ')}`);
  if (command === undefined) {
    const names = commands.map((candidate) => candidate.name);
    const meant = nearest(name, names);
    throw new UsageError(`there is no command ${name}; ${meant === undefined ? `the commands are ${names.join(', ')}` : `did you mean ${meant}?`}`);
  }
  for (const option of optionNames) {
    if (values[option] !== undefined && option !== 'help' && !command.options.includes(option)) throw new UsageError(`clocker ${command.name} has no option --${option}`);
  }
  const { least, most } = command.operandCount;
  if (operands.length < least) throw new UsageError(`clocker ${command.name} needs ${command.operands}`);
  if (operands.length > most) throw new UsageError(`clocker ${command.name} takes ${command.operands === '' ? 'nothing' : command.operands} only; "${operands[most] ?? ''}" is too much`);
  const { host = [], hosts: given = [], on, from, to = [], image, force = false, context = [], 'trust-host-key': trustHostKey = [], without = [], out, blueprint, tag = [], file, target, 'build-arg': buildArg = [], platform, 'no-cache': isFresh = false, output, port, keep, 'older-than': olderThan, 'max-size': maxSize, json = false, yes = false, stdio = false } = values;
  const { cidr, gateway, reserved = [], ipv6, internal = false, encrypted = false, driver, parent, address, alias = [] } = values;
  const asked = { cidr, gateway, reserved, ipv6, isInternal: internal, isEncrypted: encrypted, driver, parent, address, alias };
  const { hosts, hostCount } = hostsAsked(given, command.name);
  return command.run({ operands, host, hosts, hostCount, on, from, to, image, isForced: force, context, trustHostKey, without, out, blueprint, tag, file, target, buildArg, platform, isFresh, output, port, keep, olderThan, maxSize, asked, isJson: json, isYes: yes, isStdio: stdio, terminal, env });
}

/** `--hosts` is a file everywhere; a cloud that is made takes a number, too. */
function hostsAsked(given: readonly string[], command: string): Pick<Invocation, 'hosts' | 'hostCount'> {
  const isCount = (text: string): boolean => command === 'cloud' && /^\d+$/.test(text);
  const count = given.findLast(isCount);
  return { hosts: given.findLast((text) => !isCount(text)), hostCount: count === undefined ? undefined : Number(count) };
}

const optionNames: readonly OptionName[] = ['host', 'hosts', 'on', 'from', 'to', 'image', 'force', 'context', 'trust-host-key', 'without', 'out', 'blueprint', 'tag', 'file', 'target', 'build-arg', 'platform', 'no-cache', 'output', 'port', 'keep', 'cidr', 'gateway', 'reserved', 'ipv6', 'internal', 'encrypted', 'driver', 'parent', 'address', 'alias', 'older-than', 'max-size', 'json', 'yes', 'stdio', 'help', 'version'];

function parse(args: readonly string[]): ReturnType<typeof parseStrictly> {
  try {
    return parseStrictly(args);
  } catch (error) {
    const [, option] = /Unknown option '([^']+)'/.exec(messageOf(error)) ?? [];
    if (option === undefined) throw new UsageError(messageOf(error).split('. ')[0] ?? '');
    const meant = nearest(option.replace(/^-+/, ''), optionNames);
    throw new UsageError(`there is no option ${option}${meant === undefined ? '' : `; did you mean --${meant}?`}`);
  }
}

function parseStrictly(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true });
}
