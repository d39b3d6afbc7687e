// What the commands for running applications share: which application, understood from its blueprint.

import { findEntity, type FoundEntity } from '#core/cluster/find.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { deployedApplication } from '../deployed.ts';
import type { Cloud } from '../engine/cloud.ts';
import type { Deployed } from '../engine/effects.ts';
import type { Invocation } from './command.ts';
import { findApplication } from './delete.ts';
import { readText } from './readText.ts';

/** The first operand's. Fails with an Error whose message is a sentence. */
export async function deployedNamed(cloud: Cloud, { operands, blueprint }: Invocation): Promise<Deployed> {
  const { application } = findApplication(cloud.observed, operands[0] ?? '');
  return deployedApplication(cloud.observed, application, blueprint === undefined ? undefined : await readText(blueprint));
}

/** `APP/ENTITY`, or `ENTITY` where there is only one. Fails with an Error whose message is a sentence. */
export function entityMeant(observed: Observed, text: string): FoundEntity {
  const found = findEntity(observed, text);
  if (typeof found === 'string') throw new Error(found);
  return found;
}
