// Runs a command effector in the containers of entities, side by side.

import { runOf } from '#core/effectors/script.ts';
import type { CommandEffector, InvokeOptions, Invoked } from './cloud.ts';
import { messageOf } from './failure.ts';
import { placeOf, type Site } from './sensors.ts';

export interface Call {
  readonly application: string;
  readonly effector: CommandEffector;
  /** Its arguments. */
  readonly env: Readonly<Record<string, string>>;
  readonly entities: readonly string[];
}

export async function invoke({ application, effector, env, entities }: Call, { observed, port }: Site, { onLine = () => {}, signal = new AbortController().signal }: InvokeOptions): Promise<readonly Invoked[]> {
  const { name, command, directory } = effector;
  return Promise.all(
    entities.map(async (entity): Promise<Invoked> => {
      const failed = (problem: string): Invoked => ({ entity, end: { kind: 'failed', problem } });
      const place = placeOf(observed(), application, entity);
      const there = place && port(place.host.host);
      if (!place || there === undefined) return failed(`${entity} does not run, so ${name} cannot be run in it`);
      if (place.host.isReadOnly === true) return failed(`host ${place.host.host} is read-only, so ${name} is not run there`);
      if (command === undefined) return failed(`${name} cannot be run in ${entity} yet: its command needs values that are not there`);
      try {
        const run = runOf(command, directory, { ...effector.env, ...env });
        const code = await there.exec(place.container.containerId, run.command, (text, stream) => onLine(entity, { stream, text }), signal, run.env);
        return { entity, end: { kind: 'ended', code } };
      } catch (error) {
        return failed(`${name} in ${entity}: ${signal.aborted ? 'cancelled; what it began goes on inside' : messageOf(error)}`);
      }
    }),
  );
}
