// `clocker effectors APP [ENTITY]` and `clocker invoke APP ENTITY EFFECTOR [NAME=VALUE...]`: what entities can be told to do,
// and telling them.

import type { LiveEntity } from '#core/blueprint/application.ts';
import { signature } from '#core/view/effectors.ts';
import type { Cloud } from '../engine/cloud.ts';
import { effectorNamed, entityNamed, prepare, type Order, type Prepared } from '../engine/effects.ts';
import { carryOut, needsConsent } from './carryOut.ts';
import { hostOptions, UsageError, type Command, type ExitCode, type Invocation } from './command.ts';
import { withCloud } from './hosts.ts';
import { deployedNamed } from './operands.ts';
import { table } from './table.ts';

export const effectors: Command = {
  name: 'effectors',
  operands: 'APP [ENTITY]',
  operandCount: { least: 1, most: 2 },
  sentence: 'say what the entities of an application can be told to do',
  options: [...hostOptions, 'blueprint', 'json'],
  run: async (invocation) => {
    const { operands, isJson, terminal } = invocation;
    return withCloud<ExitCode>(invocation, async (cloud) => {
      const { application } = await deployedNamed(cloud, invocation);
      const { entities } = await cloud.sense(application);
      const wanted = operands[1] === undefined ? entities : [entityNamed(entities, operands[1])];
      if (isJson) terminal.print(JSON.stringify(wanted.map(effectorsJson), undefined, 2));
      else {
        const [heading = '', ...rows] = table([['ENTITY', 'EFFECTOR', 'WHAT IT DOES'], ...wanted.flatMap(({ key, effectors: all }) => all.map((effector) => [key, signature(effector), effector.description]))]);
        for (const line of [terminal.paint('bold', heading), ...rows]) terminal.print(line);
      }
      return 0;
    });
  },
};

export const invoke: Command = {
  name: 'invoke',
  operands: 'APP ENTITY EFFECTOR [NAME=VALUE...]',
  operandCount: { least: 3, most: 100 },
  sentence: 'tell an entity of a running application to do something: start, stop, restart, resize, or what its blueprint names',
  options: [...hostOptions, 'blueprint', 'json', 'yes'],
  run: async (invocation) => {
    needsConsent(invocation);
    const [, entityName = '', effectorName = '', ...pairs] = invocation.operands;
    const given = Object.fromEntries(pairs.map(pairOf));
    return withCloud(invocation, async (cloud) => {
      const { application, whole } = await deployedNamed(cloud, invocation);
      const { entities } = await cloud.sense(application);
      const entity = entityNamed(entities, entityName);
      const effector = effectorNamed(entity, effectorName);
      const order = async (one: Order): Promise<ExitCode> => {
        const prepared = await prepare(one, cloud, application, () => whole(cloud));
        if (prepared.kind === 'plan') return carryOut(prepared.plan, cloud, `Invoke ${one.effector.name} of ${entity.name}`, invocation);
        if (prepared.kind === 'command') return run(prepared, cloud, application.id, invocation);
        for (const step of prepared.steps) {
          const code = await order(step);
          if (code !== 0) return code;
        }
        return 0;
      };
      return order({ entity, effector, given });
    });
  },
};

/** The greatest exit code that is not 0 fails the command. */
async function run({ effector, env, entities }: Extract<Prepared, { kind: 'command' }>, cloud: Cloud, application: string, { terminal, isJson }: Invocation): Promise<ExitCode> {
  const lines = new Map<string, string[]>(entities.map((entity) => [entity, []]));
  const ends = await terminal.cancellable(
    () => terminal.complain('cancelling: what was begun inside goes on'),
    (signal) =>
      cloud.invoke(application, effector, env, entities, {
        signal,
        onLine: (entity, { stream, text }) => {
          lines.get(entity)?.push(text);
          if (isJson) return;
          const line = entities.length > 1 ? `${entity}: ${text}` : text;
          if (stream === 'stdout') terminal.print(line);
          else terminal.tell(line);
        },
      }),
  );
  if (isJson) terminal.print(JSON.stringify(ends.map(({ entity, end }) => ({ entity, ...end, output: lines.get(entity) ?? [] })), undefined, 2));
  for (const { entity, end } of ends) {
    if (end.kind === 'failed') terminal.complain(end.problem);
    else if (end.code !== 0) terminal.complain(`${effector.name} in ${entity}: exit code ${end.code}`);
  }
  return ends.every(({ end }) => end.kind === 'ended' && end.code === 0) ? 0 : 1;
}

function pairOf(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UsageError(`${text}: an argument is NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function effectorsJson({ key, name, effectors: all }: LiveEntity): object {
  return { entity: key, name, effectors: all.map((effector) => ({ name: effector.name, description: effector.description, parameters: effector.parameters })) };
}
