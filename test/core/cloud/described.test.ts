// Docker clouds that blueprints describe, in Clocker's own forms: what they ask for, and where their hosts come from.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { cloudOf, knownClouds } from '#core/cloud/described.ts';
import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import { understand } from '#core/check/problems.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { diff } from '#core/plan/diff.ts';
import { render } from '#core/plan/render.ts';
import { describedClouds, keptCloud, readKeptClouds } from '#core/record/clouds.ts';
import type { Revision } from '#core/record/revision.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { lines } from '../plan/cluster.ts';
import { cloud as observed } from '../placement/cloud.ts';

const hosts = [{ name: 'laptop', endpoint: 'unix:///var/run/docker.sock' }, { name: 'rack-1', endpoint: 'ssh://rack-1' }, { name: 'rack-2', endpoint: 'ssh://rack-2' }];
const lender: CloudConfig = { name: 'aws-ec2', hosts: [], placement: { strategies: [], affinityRules: [] }, provisioner: { kind: 'command', command: ['./make'] } };

/** The cloud, as JSON without quotes and without what placement asks where that is nothing; or the problem. */
function check(name: string, blueprint: string, answer: string): void {
  test(name, () => {
    const { application, diagnostics } = understand(blueprint, builtInCatalog);
    assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
    const made = (application?.clouds ?? []).map((described) => cloudOf(described, { hosts, clouds: [lender] }));
    const shown = made.map((one) => ('problem' in one ? one.problem : JSON.stringify(one.cloud).replaceAll('"', '').replace('placement:{strategies:[],affinityRules:[]},', '')));
    assert.deepEqual(shown, lines(answer));
  });
}

const remembered = (application: string, clouds: readonly DescribedCloud[] = [], atMs = 1): Revision => ({ application, applicationName: application, revision: 1, atMs, by: 'ann@laptop', what: '', outcome: 'done', clouds: clouds.map(keptCloud) });

const infrastructure = (config: string, location = ''): string => `id: docker-cloud\n${location}\nservices:\n- type: clocker.docker.entity.DockerInfrastructure\n  id: infrastructure\n  brooklyn.config:\n    entity.dynamicLocation.name: my-docker-cloud\n${config}`;
const plain = (rest: string): string => `{name:my-docker-cloud,id:infrastructure,initialHosts:1,${rest}}`;

check(
  'Clocker 0.8',
  `
id: docker-cloud
services:
- serviceType: brooklyn.entity.container.docker.DockerInfrastructure
  brooklyn.config:
    entity.dynamicLocation.name: "my-docker-cloud"
    docker.host.cluster.initial.size: 2
    docker.container.cluster.headroom.count: 4
    sdn.enable: true
    sdn.network.cidr: 10.0.0.0/16
    docker.container.strategies:
    - $brooklyn:object:
        type: brooklyn.location.docker.strategy.MaxContainersPlacementStrategy
        brooklyn.config:
          maxContainers: 8
    - $brooklyn:object:
        type: brooklyn.location.docker.strategy.BreadthFirstPlacementStrategy
    docker.host.spec:
      $brooklyn:entitySpec:
        type: brooklyn.entity.container.docker.DockerHost
        brooklyn.config:
          docker.host.flags:
            minRam: 7g
            minCores: 2
            stopIptables: true
          docker.container.spec:
            $brooklyn:entitySpec:
              type: brooklyn.entity.container.docker.DockerContainer`,
  '{name:my-docker-cloud,id:dockerinfrastructure,placement:{strategies:[{kind:max-containers,maxContainers:8},{kind:breadth-first}],affinityRules:[]},headroom:{count:4},' +
    'hostSpec:{minCores:2,minMemoryBytes:7516192768},initialHosts:2,sdn:{sdn.network.cidr:10.0.0.0/16,sdn.enable:true},hosts:[],provisioner:{kind:nested,on:laptop}}',
);
check('Clocker 0.6: one strategy by its name, one location', 'location: localhost\nservices:\n- type: brooklyn.entity.container.docker.DockerInfrastructure\n  id: i\n  brooklyn.config:\n    docker.host.initial.size: 3\n    docker.container.cluster.maxSize: 4\n    docker.container.strategy: "brooklyn.location.docker.strategy.CpuUsagePlacementStrategy"\n', '{name:i,id:i,placement:{strategies:[{kind:max-cpu,maxCpu:0.5}],affinityRules:[],maxContainers:4},initialHosts:3,hosts:[],provisioner:{kind:nested,on:laptop}}');
check('docker-cloud of the catalog', 'services:\n- type: docker-cloud\n', '{name:my-docker-cloud,id:docker-cloud,placement:{strategies:[{kind:max-containers,maxContainers:32},{kind:depth-first}],affinityRules:[]},initialHosts:1,hosts:[],provisioner:{kind:nested,on:laptop}}');
check('machines that are brought', infrastructure('', 'location: {"byon:(hosts=\\"10.0.0.1,me@10.0.0.2:2222\\")": {user: root, privateKeyFile: ~/.ssh/rack}}'), plain('hosts:[],provisioner:{kind:byon,endpoints:[ssh://root@10.0.0.1,ssh://me@10.0.0.2:2222],identityFile:~/.ssh/rack}'));
check('hosts that are configured', infrastructure('', 'locations: [rack-1, rack-2]'), plain('hosts:[rack-1,rack-2]'));
check('hosts, and more where they are not enough', infrastructure('', 'locations: [rack-1, aws-ec2]'), plain('hosts:[rack-1],provisioner:{kind:command,command:[./make]}'));
check('a provider that a program makes machines at', infrastructure('', 'location: jclouds:aws-ec2:eu-west-1'), plain('hosts:[],provisioner:{kind:command,command:[./make]}'));
check('a provider that nobody reaches', infrastructure('', 'location: jclouds:softlayer:ams01'), 'its location is the provider softlayer, whose machines a program of yours must make: configure a cloud named softlayer with a provisioner, like {name: softlayer, provisioner: {kind: command, command: [./make-host]}}');
check('a misspelt host', infrastructure('', 'location: rack1'), 'there is no host or cloud rack1 for its hosts; did you mean rack-1?');
check('no headroom, and hosts that may go', infrastructure('    docker.container.cluster.headroom.percent: 0\n    docker.container.cluster.cold.enabled: true\n'), plain('isColdEnabled:true,hosts:[],provisioner:{kind:nested,on:laptop}').replace('initialHosts:1,isColdEnabled:true', 'isColdEnabled:true,initialHosts:1'));
check('headroom as a share', infrastructure('    docker.container.cluster.headroom.percent: 0.25\n'), plain('hosts:[],provisioner:{kind:nested,on:laptop}').replace('initialHosts', 'headroom:{percent:0.25},initialHosts'));

test('what is wrong with it is said where it stands', () => {
  const { diagnostics } = understand(infrastructure('    docker.container.cluster.headroom.percent: 25\n    docker.host.flags: {minRam: lots}\n    docker.host.cluster.initial.size: -1\n'), builtInCatalog);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  assert.ok(errors.some((message) => message.includes('minRam: ')), errors.join('\n'));
  assert.ok(errors.includes('a cloud has at least 0 hosts, not -1.'), errors.join('\n'));
});

test('deploying it makes its hosts, and nothing where they are', () => {
  const { application } = understand(infrastructure('    docker.host.cluster.initial.size: 2\n    docker.host.flags: {minCores: 2}\n', 'location: localhost'), builtInCatalog);
  assert.ok(application);
  const seen = { hosts: observed('laptop:').hosts.map((host) => Object.assign({ ...host }, { endpoint: 'unix:///s' })) };
  assert.deepEqual(render(diff(wantedOf(application, seen, { file: () => undefined }), seen)), [
    '+ describe cloud my-docker-cloud',
    '+ add host my-docker-cloud-1 to my-docker-cloud',
    '    because my-docker-cloud has 0 of at least 2 hosts',
    '    with at least 2 cores',
    '+ add host my-docker-cloud-2 to my-docker-cloud',
    '    because my-docker-cloud has 0 of at least 2 hosts',
    '    with at least 2 cores',
    '2 hosts to add.',
  ]);
  const records = [remembered(application.id, application.clouds)];
  const made = { hosts: observed('laptop:\nmy-docker-cloud-1:\nmy-docker-cloud-2:').hosts.map((host) => Object.assign({ ...host }, host.host === 'laptop' ? { endpoint: 'unix:///s', records } : { cloud: 'my-docker-cloud' })) };
  assert.deepEqual(render(diff(wantedOf(application, made, { file: () => undefined }), made)), ['Nothing to do.']);
});

/** What a machine with these settings knows of a cloud that was deployed as `location` and `config` say. */
function checkKnown(name: string, { config = '', location = '', settings = [] }: { readonly config?: string; readonly location?: string; readonly settings?: readonly CloudConfig[] }, answer: string): void {
  test(`known elsewhere: ${name}`, () => {
    const { application } = understand(infrastructure(config, location), builtInCatalog);
    const kept = readKeptClouds(JSON.parse(JSON.stringify((application?.clouds ?? []).map(keptCloud)))) ?? [];
    const seen = knownClouds(observed('laptop:\nrack-1:\nrack-2:').hosts.map((host) => Object.assign({ ...host }, { endpoint: host.host === 'laptop' ? 'unix:///s' : 'ssh://rack' })), settings, kept);
    const shown = JSON.stringify(seen.clouds?.find(({ name: one }) => one === 'my-docker-cloud')).replaceAll('"', '').replace('placement:{strategies:[],affinityRules:[]},', '');
    assert.deepEqual([shown, ...(seen.cloudProblems ?? []).map(({ cloud, problem }) => `${cloud}: ${problem}`)], lines(answer));
  });
}

const maxCpu = '    docker.container.strategies: [brooklyn.location.docker.strategy.CpuUsagePlacementStrategy]\n';
checkKnown('hosts by their names', { location: 'locations: [rack-1, rack-2]' }, plain('hosts:[rack-1,rack-2]'));
checkKnown('machines that are brought', { location: 'locations: [{"byon:(hosts=\\"10.0.0.1\\")": {user: root, password: secret}}]' }, plain('hosts:[],provisioner:{kind:byon,endpoints:[ssh://root@10.0.0.1]}'));
checkKnown('a program is that of the settings here', { location: 'location: jclouds:aws-ec2', settings: [lender] }, plain('hosts:[],provisioner:{kind:command,command:[./make]}'));
checkKnown(
  'or there is none, and nothing goes there',
  { location: 'location: jclouds:aws-ec2' },
  `{name:my-docker-cloud,id:infrastructure,hosts:[]}
my-docker-cloud: its location is the provider aws-ec2, whose machines a program of yours must make: configure a cloud named aws-ec2 with a provisioner, like {name: aws-ec2, provisioner: {kind: command, command: [./make-host]}}`,
);
checkKnown(
  'settings win where both speak',
  { config: maxCpu, location: 'location: rack-1', settings: [{ name: 'my-docker-cloud', hosts: ['rack-2'], initialHosts: 2, headroom: { count: 3 }, placement: { strategies: [], affinityRules: [], maxContainers: 5 } }] },
  '{name:my-docker-cloud,id:infrastructure,placement:{strategies:[{kind:max-cpu,maxCpu:0.5}],affinityRules:[],maxContainers:5},initialHosts:2,hosts:[rack-2],headroom:{count:3}}',
);

test('of two clouds of one name the one that was deployed last counts', () => {
  const described = (initialHosts: number): DescribedCloud => ({ name: 'c', id: 'i', places: [], placement: { strategies: [], affinityRules: [] }, initialHosts });
  const [host] = observed('laptop:').hosts;
  assert.ok(host);
  const records = [remembered('late', [described(2)], 2), remembered('early', [described(1)], 1)];
  assert.deepEqual(describedClouds([{ ...host, records }]).map(({ initialHosts }) => initialHosts), [2]);
});

test('a cloud in containers is as its blueprint says now, stays where it is, and takes no program from a label', () => {
  const nested = (provisioner: CloudConfig['provisioner']): CloudConfig | undefined => {
    const [described] = understand(infrastructure('    docker.container.cluster.headroom.count: 4\n'), builtInCatalog).application?.clouds ?? [];
    assert.ok(described && provisioner);
    const definition = { name: described.name, id: described.id, hosts: [], placement: described.placement, headroom: { count: 1 }, provisioner };
    const [parent] = observed('there: blog/web nginx').hosts;
    const [container] = parent?.containers ?? [];
    assert.ok(parent && container);
    const seen = { ...parent, containers: [{ ...container, nested: { cloud: described.name, host: 'my-docker-cloud-1', labels: {}, definition } }] };
    assert.deepEqual(knownClouds([seen], [], []).clouds?.map(({ headroom }) => headroom), [{ count: 1 }]);
    return knownClouds([seen], [], [described]).clouds?.[0];
  };
  for (const provisioner of [{ kind: 'nested', on: 'laptop' }, { kind: 'command', command: ['rm'] }] as const) {
    const cloud = nested(provisioner);
    assert.deepEqual([cloud?.headroom, cloud?.provisioner], [{ count: 4 }, { kind: 'nested', on: 'there' }]);
  }
});
