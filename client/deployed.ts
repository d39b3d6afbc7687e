// An application that runs, understood again: from the blueprint kept with its containers, or from the one that a person gives.

import { withSizes, type Application } from '#core/blueprint/application.ts';
import { stars } from '#core/blueprint/mask.ts';
import { blueprintOf, sizesOf } from '#core/cluster/deployed.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { isOfMachine } from '#core/record/files.ts';
import type { Deployed } from './engine/effects.ts';
import { understand } from './understand.ts';

/** `given` is the text of its blueprint, with what is secret in it. Fails with an Error whose message is a sentence. */
export function deployedApplication(observed: Observed, id: string, given?: string): Deployed {
  const kept = blueprintOf(observed, id);
  const text = given ?? kept;
  if (text === undefined || text === '') throw new Error(`no blueprint is kept with ${id}; give it with --blueprint FILE`);
  const { application, diagnostics } = understand(text);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (application === undefined || (given !== undefined && error)) throw new Error(`the blueprint of ${id} cannot be understood${error ? `: ${error.message}` : ''}`);
  if (application.id !== id) throw new Error(`the blueprint is that of ${application.id}, not of ${id}`);
  const sizes = sizesOf(observed, id, (application.clusters ?? []).map(({ entity }) => entity));
  const sized = (one: Application): Application => (sizes.size > 0 ? withSizes(one, sizes) : undefined) ?? one;
  const isMasked = given === undefined && text.includes(stars);
  const hasFiles = given === undefined && application.sources?.some(isOfMachine) === true;
  return {
    application: sized(application),
    whole: async (cloud) => {
      if (!isMasked && !hasFiles) return sized(application);
      const revision = (await cloud.history(id))[0]?.revision;
      if (revision === undefined && !isMasked) return sized(application);
      if (revision === undefined) throw new Error(`the blueprint kept with ${id} has its secrets left out, and no deployment is remembered that has them; give the blueprint itself (on the command line: --blueprint FILE)`);
      return sized(await cloud.recall(id, revision, async (one) => understand(one)));
    },
  };
}
