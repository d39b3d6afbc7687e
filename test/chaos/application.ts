// The application that faults are done to: twelve entities for three hosts, in two versions that have no container in common.

export type Version = 'one' | 'two';

export interface EntityText {
  readonly id: string;
  /** Without one a placement strategy says where. */
  readonly host?: string;
  readonly volume?: string;
  readonly hostPort?: number;
  /** Waits for the address of this one. */
  readonly peer?: string;
}

export const hostNames = ['a', 'b', 'c'];

/** On each host one with a volume, one with a port of the host, one that waits for the first; and as many that may go anywhere. */
export const entities: readonly EntityText[] = hostNames.flatMap((host) => [
  { id: `${host}-data`, host, volume: `chaos-${host}` },
  { id: `${host}-port`, host, hostPort: 8080 },
  { id: `${host}-peer`, host, peer: `${host}-data` },
  { id: `free-${host}` },
]);

/** Writes a mark into the volume that is empty; ends at once when asked to. */
const program = 'trap "exit 0" TERM; [ -z "$DATA" ] || [ -e /data/mark ] || cat /proc/sys/kernel/random/uuid > /data/mark; while true; do sleep 1000 & wait $!; done';

export function blueprint(image: string, version: Version): string {
  const services = entities.map(({ id, host, volume, hostPort, peer }) =>
    [
      `- type: docker:${image}`,
      `  id: ${id}`,
      ...(host === undefined ? [] : [`  location: ${host}`]),
      `  commands: [sh, -c, ${JSON.stringify(program)}]`,
      '  env:',
      `    VERSION: ${version}`,
      '    PASSWORD: hunter2',
      ...(volume === undefined ? [] : ['    DATA: "yes"']),
      ...(peer === undefined ? [] : [`    PEER: $brooklyn:component("${peer}").attributeWhenReady("host.address")`]),
      ...(volume === undefined ? [] : [`  volumes: ["${volume}:/data"]`]),
      ...(hostPort === undefined ? [] : ['  portBindings:', `    ${hostPort}: 80`]),
    ].join('\n'),
  );
  return `name: chaos\nservices:\n${services.join('\n')}\n`;
}
