// The forms of locations that have a word of their own, with a sentence each for completion and hover, and the names of cloud
// providers that may stand alone.

export interface LocationForm {
  readonly name: 'localhost' | 'byon' | 'host' | 'named' | 'brooklyn.catalog' | 'docker' | 'pool' | 'jclouds' | 'multi' | 'single';
  readonly aliases: readonly string[];
  readonly description: string;
  readonly example: string;
  readonly takesArguments: boolean;
  /** The settings there are, where there are no others. */
  readonly onlyArguments?: readonly string[];
}

export const locationForms: readonly LocationForm[] = [
  { name: 'localhost', aliases: [], description: 'The machine Clocker runs on.', example: 'localhost', takesArguments: true },
  { name: 'docker', aliases: [], description: 'A docker cloud, or one of its hosts.', example: 'docker:my-cloud:host-a', takesArguments: true, onlyArguments: ['name', 'displayName'] },
  { name: 'byon', aliases: [], description: 'Machines that you bring yourself.', example: 'byon(hosts="host-{1-3},10.0.0.7", user=root)', takesArguments: true },
  { name: 'host', aliases: [], description: 'One machine that you bring yourself.', example: 'host(10.0.0.7)', takesArguments: true },
  { name: 'named', aliases: [], description: 'A location that was given a name.', example: 'named:test-lab', takesArguments: false },
  { name: 'brooklyn.catalog', aliases: [], description: 'A location of the catalog.', example: 'brooklyn.catalog:my-location:1.0', takesArguments: false },
  { name: 'pool', aliases: ['server-pool'], description: 'The machines of a server pool.', example: 'server-pool:my-pool', takesArguments: true, onlyArguments: ['name', 'displayName'] },
  { name: 'multi', aliases: [], description: 'Several locations, used one after the other.', example: 'multi:(targets="named:a,named:b")', takesArguments: true },
  { name: 'single', aliases: [], description: 'One machine of another location.', example: 'single:(target=named:a)', takesArguments: true },
  { name: 'jclouds', aliases: [], description: 'Virtual machines of a cloud provider, with a region or an endpoint.', example: 'jclouds:aws-ec2:eu-west-1', takesArguments: false },
];

const providers = new Set([
  'aws-ec2', 'azurecompute', 'azurecompute-arm', 'google-compute-engine', 'openstack-nova', 'openstack-mitaka-nova', 'openstack-devtest-compute', 'softlayer', 'digitalocean',
  'digitalocean2', 'rackspace-cloudservers-us', 'rackspace-cloudservers-uk', 'cloudservers-us', 'cloudservers-uk', 'hpcloud-compute', 'cloudstack', 'ec2', 'gogrid', 'packet',
  'elastichosts-lon-p', 'cloudsigma2', 'ninefold-compute', 'go2cloud-jhb1', 'vcloud', 'trmk-ecloud', 'trmk-vcloudexpress', 'bluelock-vcdirector', 'greenhousedata-element-vcloud', 'stratogen-vcloud-mycloud', 'interoute', 'profitbricks',
]);

export function isCloudProvider(name: string): boolean {
  return providers.has(name.toLowerCase());
}

/** A region of AWS stands for itself: `eu-west-1`. */
export function isAwsRegion(name: string): boolean {
  return /^(?:us|eu|ap|sa|ca|me|af|cn)-(?:gov-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]$/.test(name);
}
