// Addresses while several machines carry out their plans at once, each made from what it saw at some moment, on networks that they
// share. Here the engine is a table, so that every order can be had; the same race on real ones is in addresses.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed, ObservedContainer } from '#core/cluster/observed.ts';
import { diff } from '#core/plan/diff.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { readBlock } from '#core/sdn/address.ts';
import { assign } from '#core/sdn/assign.ts';
import { subnetOf } from '#core/sdn/subnet.ts';
import { Addressing } from '../../client/engine/sdn/addressing.ts';
import { application, observed } from '../core/plan/cluster.ts';

/** An engine gives each of a container's addresses, or none of them without saying which is taken. */
const networks = [
  { networkName: 'wide', application: '-', driver: 'overlay', subnet: subnetOf(readBlock('10.200.0.0/24') ?? assert.fail()) },
  { networkName: 'narrow', application: '-', driver: 'bridge', subnet: subnetOf(readBlock('10.200.1.0/27') ?? assert.fail()) },
] as const;
const machineCount = 3;
const entities = ['e0', 'e1', 'e2', 'e3'];
const mostTries = 8;

class Engine {
  /** By entity of an application, what runs there. */
  readonly #running = new Map<string, DesiredContainer>();

  starts(container: DesiredContainer): boolean {
    const taken = new Set([...this.#running.values()].flatMap(addressesOf));
    if (addressesOf(container).some((address) => taken.has(address))) return false;
    this.#running.set(nameOf(container), container);
    return true;
  }

  removes(name: string): void {
    this.#running.delete(name);
  }

  get running(): readonly DesiredContainer[] {
    return [...this.#running.values()];
  }

  seen(): Observed {
    const containers = this.running.map(({ application: id, entity, networks: places }): ObservedContainer => {
      const addresses = Object.fromEntries(places.map(({ networkName, address = '' }) => [networkName, address]));
      const owner = { application: id, applicationName: id, entity, entityName: entity, specHash: '', addresses };
      return { containerId: `${id}-${entity}`, containerName: `${id}-${entity}`, host: 'a', image: 'x', state: 'running', health: 'none', ports: [], addresses, createdAtMs: 0, owner };
    });
    return { hosts: observed('a up').hosts.map((host) => Object.assign(host, { networks, containers })) };
  }
}

function nameOf({ application: id, entity }: DesiredContainer): string {
  return `${id} ${entity}`;
}

function addressesOf(container: DesiredContainer): readonly string[] {
  return container.networks.map(({ networkName, address = assert.fail() }) => `${networkName} ${address}`);
}

/** One who deploys its own application. */
class Machine {
  readonly #id: string;
  readonly #engine: Engine;
  #todo: DesiredContainer[] = [];
  #addressing: Addressing;
  #tries = 0;

  constructor(id: string, engine: Engine) {
    this.#id = id;
    this.#engine = engine;
    this.#addressing = this.plans();
  }

  /** From what is there now, for what does not run. */
  plans(): Addressing {
    const seen = this.#engine.seen();
    const attachments = networks.map(({ networkName, driver }) => ({ networkName, driver, networkId: networkName, aliases: [] }));
    const wanted = wantedOf(application(entities.map((entity) => `${entity} nginx`).join('\n'), this.#id), { hosts: observed('a up').hosts }, { file: () => undefined });
    const running = new Set(this.#engine.running.map(nameOf));
    const { containers } = assign(wanted.containers.filter((container) => !running.has(nameOf(container))).map((container) => Object.assign(container, { networks: attachments })), seen);
    this.#todo = [...containers];
    this.#tries = 0;
    this.#addressing = new Addressing(diff({ ...wanted, containers }, { hosts: observed('a up').hosts }), async () => this.#engine.seen());
    return this.#addressing;
  }

  async goesOn(): Promise<void> {
    const [container] = this.#todo;
    if (container === undefined) return;
    if (this.#engine.starts(container)) {
      this.#todo.shift();
      this.#tries = 0;
      return;
    }
    assert.ok(this.#tries++ < mostTries, `${nameOf(container)} never gets addresses`);
    const asked = container.networks.map(({ address = '' }) => address);
    const taken = new Set(this.#engine.running.flatMap(addressesOf));
    const other = (await this.#addressing.readdress(container, asked)) ?? assert.fail(`${nameOf(container)} gets no other addresses`);
    for (const [index, address] of addressesOf(container).entries()) if (!taken.has(address)) assert.equal(addressesOf(other)[index], address, 'what nobody has stays');
    this.#todo[0] = other;
  }

  get isDone(): boolean {
    return this.#todo.length === 0;
  }
}

test('however deployments of several machines are interleaved, everybody gets addresses on all networks and nobody the same', async () => {
  const step = fc.record({ machine: fc.nat({ max: machineCount - 1 }), what: fc.constantFrom('go on', 'go on', 'go on', 'go on', 'plan anew', 'delete') });
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
    const engine = new Engine();
    const machines = Array.from({ length: machineCount }, (_, index) => new Machine(`m${index}`, engine));
    for (const { machine: index, what } of steps) {
      const machine = machines[index] ?? assert.fail();
      if (what === 'go on') await machine.goesOn();
      else if (what === 'plan anew') machine.plans();
      else if (machine.isDone) engine.removes(`m${index} e0`);
    }
    for (const machine of machines) while (!machine.isDone) await machine.goesOn();
    for (const machine of machines) {
      machine.plans();
      while (!machine.isDone) await machine.goesOn();
    }
    const all = engine.running.flatMap(addressesOf);
    assert.equal(all.length, machineCount * entities.length * networks.length);
    assert.equal(new Set(all).size, all.length);
  }), { numRuns: 40 });
});
