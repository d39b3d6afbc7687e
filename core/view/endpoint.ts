// Is a text an endpoint of a Docker Engine, as a person types it into "Add Host"?

import { readEndpoint } from '#core/host/endpoint.ts';

/** What is wrong with it, in one sentence; undefined when it can be tried. */
export function endpointProblem(text: string, hosts: readonly { readonly name: string; readonly endpoint: string }[]): string | undefined {
  const same = hosts.find(({ endpoint }) => endpoint === text);
  if (same) return `${same.name} is already this endpoint.`;
  const read = readEndpoint(text);
  return 'problem' in read ? `${read.problem.replace(/^[a-z](?!\w*:)/, (letter) => letter.toUpperCase())}.` : undefined;
}
