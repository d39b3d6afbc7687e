// Loaded into the deploying process before all else (`node --import`): kills it before, in or after its n-th call that changes
// something on an engine. It watches the process's HTTP requests and shares no code with the product.

import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';

const at = Number(process.env['CHAOS_AT'] ?? 0);
const when = process.env['CHAOS_WHEN'];
const numbers = new WeakMap<ClientRequest, number>();
let calls = 0;

const die = (): void => void process.kill(process.pid, 'SIGKILL');

function requestOf(message: unknown): ClientRequest | undefined {
  const told = message as { readonly request?: ClientRequest };
  return told.request?.method === 'GET' || told.request?.method === 'HEAD' ? undefined : told.request;
}

subscribe('http.client.request.created', (message) => {
  const request = requestOf(message);
  if (request === undefined) return;
  calls += 1;
  numbers.set(request, calls);
  if (calls === at && when === 'before') die();
});
subscribe('http.client.request.start', (message) => {
  const request = requestOf(message);
  // Somewhere between its arrival and its answer.
  if (request !== undefined && numbers.get(request) === at && when === 'in') setTimeout(die, (at % 4) * 3);
});
subscribe('http.client.response.finish', (message) => {
  const request = requestOf(message);
  if (request !== undefined && numbers.get(request) === at && when === 'after') die();
});
process.on('exit', () => {
  const file = process.env['CHAOS_COUNT'];
  if (file !== undefined) writeFileSync(file, String(calls));
});
