// One live tree in the side bar. It draws again only the nodes that changed, and nothing at all while nobody sees it; VS Code
// knows a node by its id, so a node stays selected and open while its state changes.

import { commands, type Disposable, EventEmitter, type TreeDataProvider, type TreeDragAndDropController, type TreeItem, type TreeView, window, workspace } from 'vscode';
import type { Observed } from '#core/cluster/observed.ts';
import { changedNodes } from '#core/view/changes.ts';
import { byId, counted, type ViewNode } from '#core/view/node.ts';
import type { Connection } from './connection.ts';
import { type LiveSensors, parentOf } from './liveSensors.ts';
import { treeItem } from './treeItem.ts';

/** Hosts that have not answered by then are shown as connecting. */
const patienceMs = 1000;

export interface TreeKind {
  readonly viewId: string;
  readonly nodes: (observed: Observed) => readonly ViewNode[];
  /** How many things in this view somebody should look at: the number in its badge. */
  readonly problems: (observed: Observed) => number;
  /** What is read only once it is unfolded. */
  readonly live?: LiveSensors;
  readonly dragAndDrop?: TreeDragAndDropController<string>;
}

export class Tree implements TreeDataProvider<string>, Disposable {
  readonly #kind: TreeKind;
  readonly #connection: Connection;
  readonly #redraw = new EventEmitter<string[] | undefined>();
  readonly #view: TreeView<string>;
  readonly #onError: (error: unknown) => void;
  readonly #subscriptions: readonly Disposable[];
  /** VS Code has the roots. Before that nothing is redrawn: a change told while it still waits for them makes it forget them. */
  #isDrawn = false;
  #nodes: readonly ViewNode[] = [];
  #index: ReadonlyMap<string, ViewNode> = new Map();

  constructor(kind: TreeKind, connection: Connection, onError: (error: unknown) => void) {
    this.#kind = kind;
    this.#connection = connection;
    this.#view = window.createTreeView(kind.viewId, { treeDataProvider: this, showCollapseAll: true, ...(kind.dragAndDrop && { dragAndDropController: kind.dragAndDrop }) });
    this.#onError = onError;
    kind.live?.watch(this.#view, (id) => this.#index.get(id), (id) => this.#redraw.fire([id]));
    this.#subscriptions = [
      this.#view,
      this.#redraw,
      this.#view.onDidChangeVisibility(() => this.#show()),
      workspace.onDidGrantWorkspaceTrust(() => this.#redraw.fire(undefined)),
      connection.onChange((observed) => {
        this.#count(observed);
        this.#show();
      }),
    ];
  }

  readonly onDidChangeTreeData = this.#redraw.event;

  getTreeItem(id: string): TreeItem {
    const node = this.node(id);
    if (node === undefined) throw new Error(`nothing is shown as ${id}`);
    return treeItem(node);
  }

  /** VS Code asks for the roots when the view first comes on screen: that is when hosts are connected to. */
  async getChildren(id?: string): Promise<string[]> {
    if (id === undefined) await this.#roots();
    const node = id === undefined ? undefined : this.#index.get(id);
    const children = id === undefined ? this.#nodes : node?.subject.kind === 'sensors' ? await this.#live(node) : (node?.children ?? []);
    return children.map((child) => child.id);
  }

  async #live(node: ViewNode): Promise<readonly ViewNode[]> {
    try {
      return (await this.#kind.live?.children(node)) ?? [];
    } catch (error) {
      this.#onError(error);
      return [];
    }
  }

  getParent(id: string): string | undefined {
    if (this.#kind.live?.node(id)) return parentOf(id);
    for (const [parent, { children }] of this.#index) if (children.some((child) => child.id === id)) return parent;
    return undefined;
  }

  /** Undefined for an id that is not in this tree now. */
  node(id: string): ViewNode | undefined {
    return this.#index.get(id) ?? this.#kind.live?.node(id);
  }

  /** Brings the view to the front with this node selected and open. */
  async reveal(id: string): Promise<void> {
    await commands.executeCommand(`${this.#kind.viewId}.focus`);
    await this.getChildren();
    if (this.#index.has(id)) await this.#view.reveal(id, { select: true, focus: true, expand: 2 });
  }

  dispose(): void {
    this.#kind.live?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #roots(): Promise<void> {
    if (!workspace.isTrusted || this.#isDrawn) return;
    try {
      const cloud = await this.#connection.open();
      await cloud.settled(AbortSignal.timeout(patienceMs));
      this.#take(cloud.observed);
      this.#isDrawn = true;
    } catch (error) {
      this.#onError(error);
    }
  }

  #show(): void {
    const { observed } = this.#connection;
    if (observed === undefined || !this.#isDrawn || !this.#view.visible) return;
    const changes = this.#take(observed);
    if (changes === 'all') this.#redraw.fire(undefined);
    else if (changes.length > 0) this.#redraw.fire([...changes]);
  }

  /** Gives back what this changes on screen. */
  #take(observed: Observed): readonly string[] | 'all' {
    const nodes = this.#kind.nodes(observed);
    const changes = changedNodes(this.#nodes, nodes);
    this.#nodes = nodes;
    this.#index = byId(nodes);
    return changes;
  }

  #count(observed: Observed): void {
    const problems = this.#kind.problems(observed);
    if (problems === (this.#view.badge?.value ?? 0)) return;
    this.#view.badge = problems === 0 ? undefined : { value: problems, tooltip: counted(problems, 'problem') };
  }
}
