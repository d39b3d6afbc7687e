import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { inClouds } from '#core/cloud/membership.ts';
import { homeOf, hostsToLock } from '#core/record/home.ts';
import { application, observed } from '../plan/cluster.ts';

const cloud = (name: string, hosts: readonly string[], provisioner?: CloudConfig['provisioner']): CloudConfig => ({ name, id: `the-${name}`, hosts, placement: { strategies: [], affinityRules: [] }, ...(provisioner && { provisioner }) });
const clouds = [cloud('north', ['n1', 'n2']), cloud('south', ['s1'], { kind: 'byon', endpoints: [] })];
const hosts = 'n1 up\nn2 up\ns1 up\nbox up\n';

/** The home, and after ` + ` what is locked besides. */
function check(entities: string, expected: string, seen = hosts): void {
  const all = inClouds(observed(seen).hosts, clouds);
  const app = entities === '' ? undefined : application(entities);
  const home = homeOf(all, 'shop', app);
  const more = hostsToLock(all, 'shop', app).filter((host) => !home.includes(host));
  assert.equal([home.join(' '), ...more].join(' + '), expected);
}

test('an application is at home in the clouds that its blueprint names, by whatever name', () => {
  check('web nginx @north', 'n1 n2');
  check('web nginx @the-north:n1', 'n1 n2');
  check('web nginx @n2', 'n1 n2');
  check('web nginx @box', 'box');
  check('web nginx @north\ndb redis @box', 'n1 n2 box');
  check('web nginx', 'n1 n2 s1 box');
});

test('where something of it is it is at home, too, and there alone where no blueprint tells', () => {
  const there = hosts.replace('n1 up\n', 'n1 up\n  shop-web running shop/web nginx\n');
  check('', 'n1 n2', there);
  check('web nginx @box', 'n1 n2 box', there);
});

test('a cloud that makes hosts is locked also where it makes them', () => check('web nginx @south', 's1 + box'));

test('where nothing tells, everywhere; never on a host that is down', () => {
  check('', 'n1 n2 s1 box');
  check('web nginx @nowhere', 'n1 n2 s1 box');
  check('web nginx @north', 'n2', hosts.replace('n1 up', 'n1 down: no route'));
});
