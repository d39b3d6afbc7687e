// The view "Registries": what is in those of the setting `clocker.registries` and those that somebody logged in to, asked when a branch is
// opened, and again when the view is refreshed. Nothing is asked in a workspace that is not trusted.

import { type Disposable, EventEmitter, type TreeDataProvider, type TreeItem, window, workspace } from 'vscode';
import type { ViewNode } from '#core/view/node.ts';
import { emptyNode, problemNode, registriesView, repositoryNodes, tagNodes } from '#core/view/registries.ts';
import type { Registries } from '../engine/registries.ts';
import type { KeptCredentials } from './credentials.ts';
import { settings } from './settings.ts';
import { treeItem } from './treeItem.ts';

const answerMs = 15_000;

export class RegistriesTree implements TreeDataProvider<string>, Disposable {
  readonly #registries: Registries;
  readonly #credentials: KeptCredentials;
  readonly #redraw = new EventEmitter<undefined>();
  readonly #subscriptions: readonly Disposable[];
  readonly #nodes = new Map<string, ViewNode>();

  constructor(registries: Registries, credentials: KeptCredentials) {
    this.#registries = registries;
    this.#credentials = credentials;
    this.#subscriptions = [
      this.#redraw,
      window.createTreeView('clocker.registries', { treeDataProvider: this, showCollapseAll: true }),
      workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('clocker.registries') && this.refresh()),
    ];
  }

  readonly onDidChangeTreeData = this.#redraw.event;

  refresh(): void {
    this.#redraw.fire(undefined);
  }

  node(id: string): ViewNode | undefined {
    return this.#nodes.get(id);
  }

  getTreeItem(id: string): TreeItem {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`nothing is shown as ${id}`);
    return treeItem(node);
  }

  async getChildren(id?: string): Promise<string[]> {
    if (!workspace.isTrusted) return [];
    if (id === undefined) this.#nodes.clear();
    const parent = id === undefined ? undefined : this.#nodes.get(id);
    const nodes = id === undefined ? registriesView(settings().registries, await this.#credentials.registryNames()) : parent === undefined ? [] : await this.#under(parent);
    for (const node of nodes) this.#nodes.set(node.id, node);
    return nodes.map((node) => node.id);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #under(parent: ViewNode): Promise<readonly ViewNode[]> {
    const { subject } = parent;
    try {
      if (subject.kind === 'registry') return orNone(repositoryNodes(subject.registry, await this.#registries.repositories(subject.registry, AbortSignal.timeout(answerMs))), emptyNode(parent, 'image'));
      if (subject.kind === 'repository') return orNone(tagNodes(subject.registry, subject.path, await this.#registries.tags(subject.registry, subject.path, AbortSignal.timeout(answerMs))), emptyNode(parent, 'tag'));
      return [];
    } catch (error) {
      return [problemNode(parent, error instanceof Error ? error.message : String(error))];
    }
  }
}

function orNone(nodes: readonly ViewNode[], none: ViewNode): readonly ViewNode[] {
  return nodes.length === 0 ? [none] : nodes;
}
