// Is a text an endpoint of a Docker Engine, as a person types it into "Add Host"?

/** What is wrong with it, in one sentence; undefined when it can be tried. */
export function endpointProblem(text: string, hosts: readonly { readonly name: string; readonly endpoint: string }[]): string | undefined {
  const same = hosts.find(({ endpoint }) => endpoint === text);
  if (same) return `${same.name} is already this endpoint.`;
  if (/^unix:\/\/\/./.test(text) || /^tcp:\/\/[^\s/:]+:\d{1,5}$/.test(text) || /^tcp:\/\/\[[0-9a-fA-F:]+\]:\d{1,5}$/.test(text)) return undefined;
  if (text.startsWith('/')) return `Write unix://${text} for a socket.`;
  if (/^tcp:\/\/[^\s/:]+\/?$/.test(text)) return 'Add the port: tcp://HOST:2375.';
  return 'Write unix:///PATH/OF/SOCKET, or tcp://HOST:PORT.';
}
