// Loaded into the deploying process before all else (`node --import`): kills it, or has somebody press Ctrl-C, before, in or after its n-th
// call that changes something on an engine. It watches the process's HTTP requests and shares no code with the product.

import { subscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';

const at = Number(process.env['CHAOS_AT'] ?? 0);
const when = process.env['CHAOS_WHEN'];
const blow = process.env['CHAOS_BLOW'] === 'SIGINT' ? 'SIGINT' : 'SIGKILL';
/** Somewhere between a call's arrival and its answer: a start takes some 200 ms, most others a few. */
const inMs = [0, 2, 8, 30, 120][at % 5];
const numbers = new WeakMap<ClientRequest, number>();
let calls = 0;
let isStruck = false;

function strike(): void {
  // A second Ctrl-C is another fault.
  if (!isStruck) process.kill(process.pid, blow);
  isStruck = true;
}

function requestOf(message: unknown): ClientRequest | undefined {
  const told = message as { readonly request?: ClientRequest };
  return told.request?.method === 'GET' || told.request?.method === 'HEAD' ? undefined : told.request;
}

subscribe('http.client.request.created', (message) => {
  const request = requestOf(message);
  if (request === undefined) return;
  calls += 1;
  numbers.set(request, calls);
  if (calls === at && when === 'before') strike();
});
subscribe('http.client.request.start', (message) => {
  const request = requestOf(message);
  if (request !== undefined && numbers.get(request) === at && when === 'in') setTimeout(strike, inMs);
});
subscribe('http.client.response.finish', (message) => {
  const request = requestOf(message);
  // An answer that is quicker ends what was between.
  if (request !== undefined && numbers.get(request) === at && (when === 'after' || when === 'in')) strike();
});
process.on('exit', () => {
  const file = process.env['CHAOS_COUNT'];
  if (file !== undefined) writeFileSync(file, String(calls));
});
