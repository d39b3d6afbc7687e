// An application that runs, understood again: from the blueprint kept with its containers, or from the one that a person gives.

import type { Application } from '#core/blueprint/application.ts';
import { maskBlueprint, stars } from '#core/blueprint/mask.ts';
import { blueprintOf, sizesOf } from '#core/cluster/deployed.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { understand } from './understand.ts';

export interface Deployed {
  readonly application: Application;
  /** Its secrets are stars: what is made of it would not be what runs. */
  readonly isMasked: boolean;
}

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
  const isMasked = given === undefined && text.includes(stars);
  return { application: (sizes.size > 0 ? application.resized?.(sizes) : undefined) ?? application, isMasked };
}

/** Whether a text is the blueprint that the application was deployed from. */
export function isBlueprintOf(observed: Observed, id: string, text: string): boolean {
  return blueprintOf(observed, id) === maskBlueprint(text);
}
