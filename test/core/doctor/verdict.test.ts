// What is said of the way from one entity to another: facts in, the first thing that is broken out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '#core/doctor/facts.ts';
import { leadsTo, listenersIn } from '#core/doctor/listeners.ts';
import { verdict } from '#core/doctor/verdict.ts';

const party = (entity: string, host: string, address: string): Facts['a'] => ({ application: 'shop', entity, host, state: 'running', addresses: { net: address } });
const well: Facts = {
  a: party('a', 'x', '10.0.0.2'), b: party('b', 'y', '10.0.0.3'), name: 'b', resolved: { addresses: ['10.0.0.3'] }, hostsFile: [], hasRoute: true,
  listeners: [{ port: 80, address: '0.0.0.0', process: 'httpd' }], tried: [{ port: 80, answer: 'open' }], fromItself: [{ port: 80, answer: 'open' }],
};

/** Facts that differ from a way on which all is well, and what is said of them: `broken; advice`. */
function check(name: string, facts: Partial<Facts>, expected: string): void {
  test(name, () => {
    const { checks, broken, advice } = verdict({ ...well, ...facts });
    assert.equal(broken === undefined ? 'well' : `${broken}; ${advice ?? ''}`, expected);
    assert.deepEqual(checks.filter(({ isWell }) => !isWell).length, broken === undefined ? 0 : 1);
  });
}

check('all is well', {}, 'well');
check('a does not run', { a: { ...well.a, state: 'exited', exitCode: 1 } }, 'a does not run: its container on x has ended with exit code 1; see its log for why, then start a or deploy again');
check('b is on a host that is down', { b: { ...well.b, hostProblem: 'is down: no engine' } }, 'b is on host y, which is down: no engine; bring y back, or deploy without it');
check('hosts without a common Swarm', { b: { ...well.b, addresses: { other: '10.1.0.2' } } }, 'no network has both: a is on net, b on other; x and y are in no common Swarm, so no network spans them; make them a docker cloud, or put both on one host');
check('one that was taken off its application\'s network', { a: { ...well.a, addresses: { 'clockernet-shop': '10.0.0.2' } }, b: { ...well.b, addresses: {} } }, 'no network has both: a is on clockernet-shop, b on none; bring b back onto its application\'s own network: clocker network connect shop shop b');
check('no name server', { resolved: { addresses: undefined } }, 'the name server of a does not answer; its Docker Engine answers names; restart a, or the engine on x');
check('no such name', { resolved: { addresses: [] } }, 'a knows no name b; b has no such name on the networks of a; deploy the application again, or use one of its names');
check('somebody else\'s address', { resolved: { addresses: ['10.0.0.9'] } }, 'b leads to 10.0.0.9, and b has 10.0.0.3; another container on the network has the alias b, or the Swarm has not forgotten an earlier one; restart b');
check('a file of hosts that is right', { hostsFile: ['10.0.0.3'], resolved: { addresses: [] } }, 'well');
check('no route', { hasRoute: false }, 'a has no route to 10.0.0.3; something has changed the routes inside the container of a; restart it');
check('nothing listens', { listeners: [], tried: [{ port: 80, answer: 'refused' }] }, 'nothing in the container of b listens on port 80; see the log of b for why its program does not');
check('nothing listens on any port', { listeners: [], tried: [] }, 'nothing in the container of b listens on any TCP port; see its log for why its program does not');
check('between hosts that do not let each other\'s packets through', { tried: [{ port: 80, answer: 'silent' }] }, 'port 80 of b is open from inside and silent from a; let x and y reach each other: UDP 4789 and 7946, TCP 7946 and 2377');
check('between hosts that may not be able to encrypt', { isEncrypted: true, tried: [{ port: 80, answer: 'silent' }] }, 'port 80 of b is open from inside and silent from a; what goes between them is encrypted, which the kernels of both hosts must be able to (ESP: modprobe esp4); let x and y reach each other: UDP 4789 and 7946, TCP 7946 and 2377, and IP protocol 50; or do without (network.encrypted, or sdn.network.encrypted of their cloud)');
check('for itself alone', { listeners: [{ port: 80, address: '127.0.0.1', process: 'httpd' }], tried: [{ port: 80, answer: 'refused' }] }, 'httpd in the container of b listens on port 80 for itself alone (127.0.0.1); have it listen on all addresses (0.0.0.0)');
check('between hosts', { tried: [{ port: 80, answer: 'silent' }] }, 'port 80 of b is open from inside and silent from a; let x and y reach each other: UDP 4789 and 7946, TCP 7946 and 2377');
check('the second of two ports', { tried: [{ port: 80, answer: 'open' }, { port: 81, answer: 'refused' }] }, 'nothing in the container of b listens on port 81; what listens there: httpd on 80; use a port that is listened on, or see the log for why its program does not listen there');

test('sockets that listen, as Linux lists them', () => {
  const heading = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
  const line = (address: string, state: string, inode: number): string => `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000074880662 100 0 0 10 0`;
  const tcp = [heading, line('0100007F:2328', '0A', 7), line('0300C80A:1F90', '01', 8)].join('\n');
  const tcp6 = [heading, line('00000000000000000000000000000000:1F90', '0A', 9), line('00000000000000000000000001000000:0051', '0A', 1)].join('\n');
  assert.deepEqual(listenersIn(tcp, tcp6, new Map([[7, 'httpd'], [9, 'nginx']])), [
    { port: 81, address: '::1' },
    { port: 8080, address: '0.0.0.0', process: 'nginx' },
    { port: 9000, address: '127.0.0.1', process: 'httpd' },
  ]);
});

test('routes, as Linux lists them', () => {
  const heading = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  const own = 'eth0\t0000C80A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0';
  const all = 'eth0\t00000000\t0100C80A\t0003\t0\t0\t0\t00000000\t0\t0\t0';
  assert.equal(leadsTo(`${heading}\n${own}`, '10.200.0.9'), true);
  assert.equal(leadsTo(`${heading}\n${own}`, '10.201.0.9'), false);
  assert.equal(leadsTo(`${heading}\n${own}\n${all}`, '192.168.7.200'), true);
  assert.equal(leadsTo(heading, '10.200.0.9'), false);
});
