// The sensors that a person has unfolded in a tree: read when they are opened, and again every few seconds as long as the tree is
// on screen.

import type { Disposable, TreeView } from 'vscode';
import { sensorNodes } from '#core/view/sensors.ts';
import type { ViewNode } from '#core/view/node.ts';
import type { Deployed } from '../engine/effects.ts';
import type { Connection } from './connection.ts';

const readEveryMs = 5000;

/** The application of this id, understood from its blueprint on the hosts. */
export type ReadDeployed = (cloud: Awaited<ReturnType<Connection['open']>>, application: string) => Promise<Deployed>;

export class LiveSensors implements Disposable {
  readonly #connection: Connection;
  readonly #readDeployed: ReadDeployed;
  /** By the id of the branch. */
  readonly #shown = new Map<string, readonly ViewNode[]>();
  readonly #open = new Map<string, ViewNode>();
  #timer: NodeJS.Timeout | undefined;
  #subscriptions: readonly Disposable[] = [];

  constructor(connection: Connection, readDeployed: ReadDeployed) {
    this.#connection = connection;
    this.#readDeployed = readDeployed;
  }

  /** `redraw` draws a branch again. */
  watch(view: TreeView<string>, branch: (id: string) => ViewNode | undefined, redraw: (id: string) => void): void {
    this.#subscriptions = [
      view.onDidCollapseElement(({ element }) => this.#open.delete(element)),
      view.onDidExpandElement(({ element }) => {
        const node = branch(element);
        if (node?.subject.kind === 'sensors') this.#open.set(element, node);
      }),
    ];
    this.#timer = setInterval(() => {
      if (view.visible) for (const [id, node] of this.#open) void this.#readAgain(id, node, redraw);
    }, readEveryMs);
  }

  /** What is in a branch, read now. */
  async children(node: ViewNode): Promise<readonly ViewNode[]> {
    const { subject, id } = node;
    if (subject.kind !== 'sensors') return [];
    const known = this.#shown.get(id);
    // What was read a moment ago and is drawn because it has changed.
    if (known !== undefined && this.#fresh.delete(id)) return known;
    const nodes = await this.#read(node);
    this.#shown.set(id, nodes);
    return nodes;
  }

  node(id: string): ViewNode | undefined {
    return this.#shown.get(parentOf(id))?.find((node) => node.id === id);
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Branches that were read and are to be drawn. */
  readonly #fresh = new Set<string>();

  async #readAgain(id: string, node: ViewNode, redraw: (id: string) => void): Promise<void> {
    const nodes = await this.#read(node).catch(() => undefined);
    if (nodes === undefined || !this.#open.has(id) || JSON.stringify(nodes) === JSON.stringify(this.#shown.get(id))) return;
    this.#shown.set(id, nodes);
    this.#fresh.add(id);
    redraw(id);
  }

  async #read({ id, subject }: ViewNode): Promise<readonly ViewNode[]> {
    if (subject.kind !== 'sensors') return [];
    const cloud = await this.#connection.open();
    const { application } = await this.#readDeployed(cloud, subject.application);
    const { entities, problems } = await cloud.sense(application, { maxAgeMs: readEveryMs - 1000 });
    const entity = entities.find(({ key }) => key === subject.entity);
    return entity === undefined ? [] : sensorNodes(id, subject.application, entity, problems);
  }
}

export function parentOf(id: string): string {
  const at = id.indexOf('/sensors/');
  return at < 0 ? '' : id.slice(0, at + '/sensors'.length);
}
