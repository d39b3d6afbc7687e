// Help, written from the tables of commands and options.

import { hostOptions, options, type Command, type OptionName } from './command.ts';
import { table } from './table.ts';

/** Of one command, or of all. */
export function help(commands: readonly Command[], command: Command | undefined): string {
  if (command !== undefined) {
    return [`clocker ${command.name} ${command.operands}`, '', command.sentence, '', 'Options', ...optionLines([...command.options, 'help'])].join('\n');
  }
  return [
    'clocker COMMAND [OPTIONS]: deploys blueprints on Docker hosts',
    '',
    'Commands',
    ...indented(commands.map(({ name, operands, sentence }) => [`${name} ${operands}`, sentence])),
    '',
    'Options',
    ...optionLines([...hostOptions, 'blueprint', 'json', 'yes', 'help', 'version']),
    '',
    'Without any host the engine at DOCKER_HOST or at /var/run/docker.sock is used, as host localhost (or default, where it is elsewhere).',
    'Exit codes: 0 done, 1 the blueprint or the deployment failed, 2 wrong usage.',
  ].join('\n');
}

function optionLines(names: readonly OptionName[]): string[] {
  return indented(
    names.map((name) => {
      const option: { readonly short?: string; readonly value?: string; readonly sentence: string } = options[name];
      const spelling = `${option.short === undefined ? '' : `-${option.short}, `}--${name}${option.value === undefined ? '' : ` ${option.value}`}`;
      return [spelling, option.sentence];
    }),
  );
}

function indented(rows: readonly (readonly string[])[]): string[] {
  return table(rows).map((line) => `  ${line}`);
}
