// Gives a recorded engine's answers as many engines, each on a socket of its own: FOLDER RECORDED HOSTS CONTAINERS. Says when it listens.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Recorded } from './watching.ts';

const [folder = '', file = '', hosts = '0', containers = '0'] = process.argv.slice(2);
const recorded: Recorded = JSON.parse(await readFile(file, 'utf8'));

for (let host = 0; host < Number(hosts); host++) {
  const listed = JSON.stringify(Array.from({ length: Number(containers) }, (_, index) => renamed(recorded.listed, host, index)));
  const server = createServer((asked, answer) => {
    const path = (asked.url ?? '').replace(/^\/v[\d.]+/, '').replace(/\?.*/, '');
    answer.setHeader('Content-Type', 'application/json');
    const [, id] = /^\/containers\/([^/]+)\/json$/.exec(path) ?? [];
    if (path === '/events') answer.writeHead(200).flushHeaders();
    else if (path === '/info') answer.end(JSON.stringify(recorded.info));
    else if (path === '/version') answer.end(JSON.stringify(recorded.version));
    else if (path === '/containers/json') answer.end(listed);
    else if (path === '/networks') answer.end('[]');
    else if (path === '/volumes') answer.end('{"Volumes": [], "Warnings": null}');
    else if (id !== undefined) answer.end(JSON.stringify({ ...recorded.inspected, Id: id }));
    else answer.writeHead(404).end(JSON.stringify({ message: `nothing was recorded for ${path}` }));
  });
  // Docker's engine never closes a connection because nothing is asked.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(join(folder, `${host}.sock`), resolve));
}
process.send?.('listening');

function renamed(container: object, host: number, index: number): object {
  const labels = 'Labels' in container && typeof container.Labels === 'object' ? container.Labels : {};
  const id = (host * 1_000_000 + index).toString(16).padStart(64, '0');
  return { ...container, Id: id, Names: [`/bench-h${host}-e${index}`], Labels: { ...labels, 'io.clocker.entity': `h${host}-e${index}` } };
}
