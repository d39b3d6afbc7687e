// Looking around inside containers: what a program sees that runs there, in the container's own network, whatever its image has
// or lacks. `client/docker` provides it. Every failure is an Error whose message is a sentence for people.

/** How a TCP connection was answered; `silent` when nothing came in time. */
export type Reach = 'open' | 'refused' | 'silent' | 'unreachable';

export interface InsiderPort {
  /** A program of ours in the network of a running container, or on a network of the host. It ends by itself with the connection to the host. */
  enter(where: Inside): Promise<Insider>;
  /**
   * After a second at most nobody opens a TCP connection to the ports of a running container from outside: whoever asks is not answered, and asks
   * again by itself. Resolves when connections that were open then are through, but for those that had lasted for a second already; after
   * `withinMs` at the latest. It ends with the connection to the host, too.
   */
  holdBack(containerId: string, ports: readonly number[], withinMs: number): Promise<HeldBack>;
}

export interface HeldBack {
  /** `busy`: some that were open are not through. `cannot`: the host's kernel (before 5.12) holds nobody back. */
  readonly how: 'drained' | 'busy' | 'cannot';
  /** From then on connections are taken again, where somebody takes them. Fails never. */
  release(): Promise<void>;
}

export type Inside = { readonly containerId: string } | { readonly networkName: string };

export interface Insider {
  /** The addresses that the name server of the container gives; none where it knows none, undefined where it does not answer. */
  resolve(name: string): Promise<readonly string[] | undefined>;
  connect(address: string, port: number, withinMs: number): Promise<Reach>;
  /** The text of files as programs in there see them: /etc/hosts, /proc/net/tcp. Blank for those that are not there. */
  show(path: string): Promise<string>;
  /** The names of the processes that have sockets, by the sockets' inodes, as far as they may be seen. */
  owners(): Promise<ReadonlyMap<number, string>>;
  /** Opens a TCP connection every `pauseMs` until it is stopped. */
  watch(address: string, port: number, pauseMs: number): Promise<Watch>;
  /** A TCP connection from in there; undefined where nobody takes it. */
  relay(address: string, port: number, withinMs: number): Promise<NodeJS.ReadWriteStream | Exclude<Reach, 'open'>>;
  leave(): Promise<void>;
}

export interface Watch {
  /** How the last connection was answered; undefined before the first. */
  now(): Reach | undefined;
  /** Every change of how connections were answered, the first answer first, and when, in milliseconds since it began; then the end. */
  stop(): Promise<{ readonly changes: readonly { readonly atMs: number; readonly reach: Reach }[]; readonly tookMs: number }>;
}
