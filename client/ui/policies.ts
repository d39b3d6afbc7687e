// Follows the policies of what is deployed as long as this window is open and wants it: what fails is restarted or made anew, as
// the blueprints say, and each time a person is told.

import { type Disposable, type LogOutputChannel, workspace } from 'vscode';
import type { Observed } from '#core/cluster/observed.ts';
import { blueprintOf } from '#core/cluster/deployed.ts';
import type { Cloud } from '../engine/cloud.ts';
import type { Connection } from './connection.ts';
import { offer } from './offer.ts';
import { settings } from './settings.ts';

export type FollowPolicies = (cloud: Cloud, application: string, options: { readonly onNews: (sentence: string, isProblem: boolean) => void; readonly signal: AbortSignal }) => Promise<void>;

/** Only blueprints that name one are understood for it. */
const mayHavePolicy = /service-?(?:restarter|replacer)/i;

export function watchPolicies(connection: Connection, followPolicies: FollowPolicies, log: LogOutputChannel): Disposable {
  const followed = new Map<string, AbortController>();
  const look = (observed: Observed | undefined): void => {
    const wanted = settings().followPolicies && observed !== undefined ? applicationsWithPolicies(observed) : new Map<string, string>();
    for (const [id, stop] of followed) if (!wanted.has(id)) stop.abort();
    for (const [id, name] of wanted) if (!followed.has(id)) void follow(id, name);
  };
  const follow = async (id: string, name: string): Promise<void> => {
    const stop = new AbortController();
    followed.set(id, stop);
    const onNews = (sentence: string, isProblem: boolean): void => {
      if (!isProblem) return log.info(`${name}: ${sentence}`);
      log.warn(`${name}: ${sentence}`);
      offer.warning(`${name}: ${sentence}.`, { 'Show Output': () => log.show(true) });
    };
    await followPolicies(await connection.open(), id, { onNews, signal: stop.signal }).catch((error: unknown) => log.error(`the policies of ${name} are not followed any more: ${String(error)}`));
    followed.delete(id);
  };
  const subscriptions = [
    connection.onChange(look),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('clocker.followPolicies')) look(connection.observed);
    }),
  ];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      for (const stop of followed.values()) stop.abort();
    },
  };
}

/** Ids and names. */
function applicationsWithPolicies(observed: Observed): ReadonlyMap<string, string> {
  const owners = observed.hosts.flatMap(({ containers }) => containers.flatMap(({ owner }) => owner ?? []));
  const names = new Map(owners.map(({ application, applicationName }) => [application, applicationName]));
  return new Map([...names].filter(([id]) => mayHavePolicy.test(blueprintOf(observed, id) ?? '')));
}
