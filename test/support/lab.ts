// The lab: real engines, several real hosts on one machine, a real registry, real images. One function each; everything is made when first asked for,
// shared by the files of one run, and removed when the run ends, however it ends. Tests of anything that touches Docker stand on it.

import type Docker from 'dockerode';
import { copyImage } from './lab/docker.ts';
import { openHost } from './lab/hosts.ts';
import { ensureBusybox, ensureDebian, ensureHttp, ensureMachine } from './lab/images.ts';
import { lease, outer } from './lab/outer.ts';
import { openRegistry } from './lab/registry.ts';

/** A host of its own: a container in the outer engine with an engine in it. Killing it is a host's death, with everything that runs there. */
export interface LabHost {
  /** `host-1`, ...: also its host name, by which hosts reach one another. */
  readonly name: string;
  /** `unix://...`, as in `DOCKER_HOST`; still answers while the host is cut off from the network. */
  readonly endpoint: string;
  readonly socketPath: string;
  /** `tcp://ADDRESS:2375`: goes silent while the host is cut off. */
  readonly tcpEndpoint: string;
  /** In the lab's network; the same for the host's whole life. */
  readonly address: string;
  readonly docker: Docker;
  /** Power off: the host and all its containers die at once. */
  kill(): Promise<void>;
  /** The engine alone is killed, at once, and started again; resolves when it answers. Its containers end with its new start. */
  killEngine(): Promise<void>;
  /** Freezes the host and all its containers; connections stay open and silent. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** Cuts the host off from the other hosts and from the registries. */
  disconnect(): Promise<void>;
  reconnect(): Promise<void>;
  /** Power on again after `kill` (or off and on); resolves when its engine answers. What it stored is still there. */
  restart(): Promise<void>;
  /** Runs a command on the host itself; its output. */
  exec(command: readonly string[]): Promise<string>;
}

export interface LabRegistry {
  /** `127.0.0.1:PORT`, for the outer engine and for this machine. */
  readonly address: string;
  /** `ADDRESS:5000`, for the nested hosts. */
  readonly addressFromHosts: string;
  /** The certificate of its authority (PEM); undefined without TLS. */
  readonly ca: string | undefined;
  /** The key of that certificate (PEM). */
  readonly key: string | undefined;
  /** Makes a nested host trust its certificate. */
  trustOn(host: LabHost): Promise<void>;
  /** Copies an image of the outer engine into the registry. `as` is the repository and tag there: `shop/web:1`. */
  push(image: string, as: string): Promise<void>;
  stop(): Promise<void>;
}

export interface RegistryOptions {
  readonly htpasswd?: { readonly username: string; readonly password: string };
  readonly tls?: boolean;
  /** With `tls`: it wants a token that is to be had at this address, made out to `lab` and signed with its own key. */
  readonly tokensFrom?: string;
}

/** The unix socket of the outer engine, started if need be. */
export async function engine(): Promise<string> {
  return (await outer()).socketPath;
}

/** Each of these gives the name of an image that is present in the outer engine and on `hosts`. */
export async function busyboxImage(hosts: readonly LabHost[] = []): Promise<string> {
  return await onHosts(await ensureBusybox((await outer()).docker), hosts);
}

/** Answers "it works" over HTTP on port 8080. */
export async function httpImage(hosts: readonly LabHost[] = []): Promise<string> {
  return await onHosts(await ensureHttp((await outer()).docker), hosts);
}

/** Debian with a Docker Engine and its command, on the outer engine: a host of a docker cloud can be made from it. */
export async function machineImage(): Promise<string> {
  return await ensureMachine((await outer()).docker);
}

/** A whole Debian, in which `apt-get install` works. */
export async function debianImage(hosts: readonly LabHost[] = []): Promise<string> {
  return await onHosts(await ensureDebian((await outer()).docker), hosts);
}

async function onHosts(image: string, hosts: readonly LabHost[]): Promise<string> {
  const { docker } = await outer();
  await Promise.all(hosts.map((host) => copyImage(docker, host.docker, image)));
  return image;
}

const mine: Promise<LabHost>[] = [];

/**
 * `count` hosts that no other process uses, empty when this process gets them; asked again, the same ones, powered on and connected.
 * Started side by side, about 2 s; hosts that another file of the run has given back are reused.
 */
export async function nestedHosts(count: number): Promise<readonly LabHost[]> {
  const again = await Promise.all(mine.slice(0, count));
  const fresh = Array.from({ length: Math.max(0, count - mine.length) }, () => lease('host', 1));
  mine.push(...fresh.map((number) => openHost(number)));
  await Promise.all(again.map((it) => it.restart()));
  return await Promise.all(mine.slice(0, count));
}

/** A registry of its own, empty. With `htpasswd` it asks for a log-in; with `tls` its certificate is known to nobody until `trustOn`. */
export async function registry(options: RegistryOptions = {}): Promise<LabRegistry> {
  return await openRegistry(options);
}
