// Runs a command effector in the containers of entities, or sends the request of one about them, side by side.

import { requestWith } from '#core/effectors/effector.ts';
import { runOf } from '#core/effectors/script.ts';
import { partOf, type Json } from '#core/sensors/jsonPath.ts';
import type { CommandEffector, InvokeOptions, Invoked, RequestEffector } from './cloud.ts';
import { messageOf } from './failure.ts';
import { exchange } from './exchange.ts';
import { exchangeWorld, placeOf, type Site } from './sensors.ts';

/** A server that has not answered by then hangs. */
const requestWithinMs = 60_000;

export interface Call {
  readonly application: string;
  readonly effector: CommandEffector | RequestEffector;
  /** Its arguments. */
  readonly env: Readonly<Record<string, string>>;
  readonly entities: readonly string[];
}

export async function invoke(call: Call, site: Site, { onLine = () => {}, signal = new AbortController().signal }: InvokeOptions): Promise<readonly Invoked[]> {
  const { application, effector, env, entities } = call;
  if (effector.kind === 'request') return Promise.all(entities.map((entity) => request(effector, env, { application, entity }, site, { onLine, signal })));
  const { observed, port } = site;
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

/** An answer that is no success fails it. */
async function request(effector: RequestEffector, given: Readonly<Record<string, string>>, { application, entity }: { readonly application: string; readonly entity: string }, site: Site, { onLine, signal }: Required<InvokeOptions>): Promise<Invoked> {
  const { uri, request: { method, headers, user, body, jsonPath } } = requestWith(effector, given);
  const failed = (problem: string): Invoked => ({ entity, end: { kind: 'failed', problem: `${effector.name} of ${entity}: ${problem}` } });
  if (uri === undefined) return failed('its request needs values that are not there yet');
  try {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(requestWithinMs)]);
    const answer = await exchange({ uri, entity, method, headers, ...(user && { user }), ...(body !== undefined && { body }) }, exchangeWorld(site, application), limited);
    if ('problem' in answer) return failed(answer.problem);
    const result = resultOf(answer.body, jsonPath);
    if (answer.status < 200 || answer.status >= 300) return failed(`the server answers ${answer.status}`);
    if (!result.ok) return failed(result.problem);
    for (const text of result.text.split('\n')) if (text !== '') onLine(entity, { stream: 'stdout', text });
    return { entity, end: { kind: 'ended', code: 0 } };
  } catch (error) {
    return failed(signal.aborted ? 'cancelled' : messageOf(error));
  }
}

function resultOf(body: string, jsonPath: string | undefined): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string } {
  if (jsonPath === undefined) return { ok: true, text: body };
  let document: Json;
  try {
    document = JSON.parse(body);
  } catch {
    return { ok: false, problem: 'the answer is not JSON' };
  }
  const part = partOf(document, jsonPath);
  if (!part.ok) return part;
  return { ok: true, text: typeof part.value === 'string' ? part.value : JSON.stringify(part.value) };
}
