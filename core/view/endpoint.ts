// Is a text an endpoint of a Docker Engine, as a person types it into "Add Host"?

/** What is wrong with it, in one sentence; undefined when it can be tried. */
export function endpointProblem(text: string, hosts: readonly { readonly name: string; readonly endpoint: string }[]): string | undefined {
  const same = hosts.find(({ endpoint }) => endpoint === text);
  if (same) return `${same.name} is already this endpoint.`;
  if (/^(?:unix:\/\/)?\/./.test(text)) return undefined;
  if (/^(?:tcp|https?|ssh|npipe):/.test(text)) return 'Only engines on a Unix socket can be reached yet: unix:///PATH/OF/SOCKET.';
  return 'Write it like unix:///var/run/docker.sock.';
}
