// An application as it was in a revision, with its files and the images that were built for it. Its blueprint was kept without its secrets; what runs now still has them, in
// environments and commands, and there they are taken from. What is found nowhere is named, and nothing is deployed without it.

import type { Application, Entity } from '#core/blueprint/application.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { runningContainer } from '#core/plan/wanted.ts';
import type { DeploymentRecord } from '#core/record/revision.ts';
import { filled, gapsOf, valuesOf, type Gap, type Holdings } from '#core/record/unmask.ts';
import { sightsOf } from '#core/sdn/sight.ts';
import { canonical } from '#core/text/canonical.ts';
import type { Understand } from './cloud.ts';
import type { HostPort } from './ports.ts';

export interface RecallWorld {
  readonly observed: Observed;
  readonly port: (host: string) => HostPort | undefined;
  readonly understand: Understand;
}

export async function recall(record: DeploymentRecord, world: RecallWorld): Promise<Application> {
  const application = await recalled(record, world);
  const { files, images } = record;
  return { ...application, ...(files && { files }), ...(images && { built: images }) };
}

async function recalled({ application: id, blueprint, revision }: DeploymentRecord, world: RecallWorld): Promise<Application> {
  if (blueprint === '') throw new Error(`revision ${revision} of ${id} was kept without its blueprint`);
  const gaps = gapsOf(blueprint);
  if (gaps.length === 0) return understood(blueprint, revision, world);
  const values = valuesOf(gaps, await entitiesOf(filled(blueprint, new Map(gaps.map(({ mark }) => [mark, mark]))), world), await holdingsOf(id, world));
  const missing = gaps.filter(({ mark }) => !values.has(mark));
  const keys = [...new Set(missing.map(({ key }) => key))];
  if (missing.length > 0 && (await matters(blueprint, missing, values, world))) {
    throw new Error(`revision ${revision} cannot be deployed as it was: its secrets are kept nowhere, and no container that runs has ${keys.join(', ')}; deploy a blueprint that has ${keys.length === 1 ? 'it' : 'them'}`);
  }
  return understood(filled(blueprint, values), revision, world);
}

async function understood(text: string, revision: number, { understand }: RecallWorld): Promise<Application> {
  const { application, diagnostics } = await understand(text);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (application === undefined || error !== undefined) throw new Error(`the blueprint of revision ${revision} is not understood any more: ${error?.message ?? 'it has no services'}`);
  return application;
}

/** With what running entities tell. */
async function entitiesOf(text: string, { understand, observed }: RecallWorld): Promise<readonly Entity[]> {
  const { application } = await understand(text);
  const world = { container: (entity: string) => runningContainer(observed, application?.id ?? '', entity), networks: sightsOf(observed), file: () => undefined };
  return application?.settle?.(world) ?? application?.entities ?? [];
}

/** Whether the application would be another one with other values in these gaps. */
async function matters(blueprint: string, missing: readonly Gap[], values: ReadonlyMap<string, string>, world: RecallWorld): Promise<boolean> {
  const entitiesWith = async (value: string): Promise<string> =>
    canonical(await entitiesOf(filled(blueprint, new Map([...values, ...missing.map(({ mark }, index): [string, string] => [mark, `${value}${index}`])])), world));
  return (await entitiesWith('one')) !== (await entitiesWith('another'));
}

async function holdingsOf(application: string, { observed, port }: RecallWorld): Promise<readonly Holdings[]> {
  const mine = observed.hosts.flatMap(({ state, containers }) => (state.kind === 'up' ? containers : [])).filter(({ owner }) => owner?.application === application);
  const found = await Promise.all(
    mine.map(async ({ host, containerId, owner }) => {
      const held = await port(host)?.records.holdings(containerId).catch(() => undefined);
      return held === undefined || owner === undefined ? [] : [{ ...held, entity: owner.entity }];
    }),
  );
  return found.flat();
}
