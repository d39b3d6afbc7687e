// `clocker delete APP`: stops and removes an application's containers and their anonymous volumes. Named volumes and
// directories hold what people want to keep; they stay.

import type { Observed } from '#core/cluster/observed.ts';
import { nearest } from '#core/text/nearest.ts';
import { carryOut, needsConsent } from './carryOut.ts';
import { hostOptions, type Command } from './command.ts';
import { withCloud } from './hosts.ts';

export const deleteCommand: Command = {
  name: 'delete',
  operands: 'APP',
  operandCount: { least: 1, most: 1 },
  sentence: 'stop and remove an application; its named volumes stay',
  options: [...hostOptions, 'without', 'json', 'yes'],
  run: async (invocation) => {
    needsConsent(invocation);
    const { operands, without } = invocation;
    return withCloud(invocation, async (cloud) => {
      const { application, applicationName } = findApplication(cloud.observed, operands[0] ?? '');
      return carryOut(await invocation.terminal.planning(() => cloud.planDelete(application, { without })), cloud, `Delete ${applicationName}`, invocation);
    });
  },
};

/** By id, or by its name where that is the name of one only. */
export function findApplication(observed: Observed, wanted: string): { readonly application: string; readonly applicationName: string } {
  const owners = observed.hosts.flatMap(({ containers, records = [] }) => [...containers.flatMap(({ owner }) => owner ?? []), ...records]);
  const byId = owners.find(({ application }) => application === wanted);
  const byName = owners.filter(({ applicationName }) => applicationName === wanted);
  const ids = [...new Set(byName.map(({ application }) => application))];
  if (byId !== undefined) return byId;
  if (byName[0] !== undefined && ids.length === 1) return byName[0];
  if (ids.length > 1) throw new Error(`${ids.length} applications are named ${wanted}; say which by its id: ${ids.join(', ')}`);
  const known = [...new Set(owners.map(({ application }) => application))].toSorted();
  const meant = nearest(wanted, known);
  const hint = meant === undefined ? (known.length === 0 ? 'nothing is deployed on these hosts' : `deployed are ${known.join(', ')}`) : `did you mean ${meant}?`;
  throw new Error(`there is no application ${wanted}; ${hint}`);
}
