// One node of a tree as plain data: what a person sees, hears and may do with it. The views make such trees from what was
// observed; client/ui turns a node into VS Code's TreeItem and knows nothing else about it.

/** A codicon and the theme colour it is painted in. The shape alone must tell the state; the colour only supports it. */
export interface Icon {
  readonly id: string;
  readonly colour?: string;
}

/** What a node stands for: the argument of the commands that can be run on it. */
export type Subject =
  | { readonly kind: 'application'; readonly application: string }
  | { readonly kind: 'entity'; readonly application: string; readonly entity: string }
  /** The branch with the sensors of an entity. */
  | { readonly kind: 'sensors'; readonly application: string; readonly entity: string }
  /** `value` is what is shown of it. */
  | { readonly kind: 'sensor'; readonly application: string; readonly entity: string; readonly sensor: string; readonly value: string }
  | { readonly kind: 'container'; readonly host: string; readonly containerId: string }
  | { readonly kind: 'host'; readonly host: string }
  | { readonly kind: 'cloud'; readonly cloud: string }
  /** By its address, as configured. */
  | { readonly kind: 'registry'; readonly registry: string }
  /** An image of a registry, without its tags. */
  | { readonly kind: 'repository'; readonly registry: string; readonly path: string }
  /** As it is written in a blueprint. */
  | { readonly kind: 'image'; readonly image: string }
  /** By the id by which it is joined; an application's own by its name on the engines, with the application, whose entities alone can be on it. */
  | { readonly kind: 'network'; readonly network: string; readonly isShared: boolean; readonly application: string }
  /** An entity's container on a network. */
  | { readonly kind: 'member'; readonly network: string; readonly isShared: boolean; readonly application: string; readonly entity: string; readonly host: string; readonly containerId: string; readonly address: string };

export interface ViewNode {
  /** Unique in its tree, and the same as long as the thing is the same. */
  readonly id: string;
  readonly subject: Subject;
  readonly label: string;
  /** Shown dimmed after the label: the state in words. */
  readonly description: string;
  readonly icon: Icon;
  /** Markdown. */
  readonly tooltip: string;
  /** Words separated by `.`: what it is, then what can be done with it: `container.ours.published`. */
  readonly contextValue: string;
  /** What a screen reader says: what it is, its name, its state in words. */
  readonly accessibilityLabel: string;
  /** True also for a node that has no children just now: VS Code folds up what was a leaf before. */
  readonly isBranch: boolean;
  /** A branch that a person unfolds when they want to see it. */
  readonly isFolded?: boolean;
  readonly children: readonly ViewNode[];
}

/** Text from outside as literal Markdown: shown as it is, never a link, a command or a style. */
export function literal(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&:@]/g, '\\$&').replace(/\s*[\r\n]+\s*/g, ' ');
}

/** "1 container", "2 containers", "no containers". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return count === 1 ? `1 ${noun}` : `${count === 0 ? 'no' : count} ${plural}`;
}

/** Every node of a forest by its id. */
export function byId(forest: readonly ViewNode[], index = new Map<string, ViewNode>()): ReadonlyMap<string, ViewNode> {
  for (const node of forest) {
    index.set(node.id, node);
    byId(node.children, index);
  }
  return index;
}
