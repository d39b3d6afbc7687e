// What is found out about the way from one container to another, step by step. Made by client/engine, read by verdict.ts.

import type { ContainerState } from '#core/cluster/observed.ts';

/** One of the two entities, as the hosts show it. */
export interface Party {
  readonly application: string;
  readonly entity: string;
  readonly host: string;
  /** Why nothing is known of the host now: "is down: no engine". */
  readonly hostProblem?: string;
  readonly state: ContainerState;
  readonly exitCode?: number;
  /** By network; addresses that it has right now. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** How a TCP connection was answered. */
export type Answer = 'open' | 'refused' | 'silent' | 'unreachable';

/** Somebody who takes connections in the container of B. */
export interface Listener {
  readonly port: number;
  /** `0.0.0.0` for all of its addresses; `127.0.0.1` for nobody but itself. */
  readonly address: string;
  /** The program, where it may be seen. */
  readonly process?: string;
}

/** Absent is what was not looked at, because something before it is broken. */
export interface Facts {
  readonly a: Party;
  readonly b: Party;
  /** What goes from the one to the other is encrypted by their hosts. */
  readonly isEncrypted?: true;
  /** The name that A uses for B. */
  readonly name: string;
  /** What A's name server answers: none where it knows none; undefined where it does not answer. */
  readonly resolved?: { readonly addresses: readonly string[] | undefined };
  /** Names of A's own file of hosts that are in the way: by address. */
  readonly hostsFile?: readonly string[];
  /** Whether A's container has a route to B's address. */
  readonly hasRoute?: boolean;
  /** Who listens at B. */
  readonly listeners?: readonly Listener[];
  /** The ports that were tried from A, at B's address. */
  readonly tried?: readonly { readonly port: number; readonly answer: Answer }[];
  /** B's own answer, at the same address and port, from inside its own container. */
  readonly fromItself?: readonly { readonly port: number; readonly answer: Answer }[];
}
