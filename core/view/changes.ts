// What a tree on screen must draw again to become the next one: the fewest nodes, each with everything below it.

import type { ViewNode } from '#core/view/node.ts';

/** Ids of the nodes to draw again, none below another; `all` when the roots themselves came, went or moved. */
export function changedNodes(before: readonly ViewNode[], after: readonly ViewNode[]): readonly string[] | 'all' {
  if (!sameIds(before, after)) return 'all';
  return after.flatMap((node, index) => changedIn(before[index], node));
}

function changedIn(before: ViewNode | undefined, after: ViewNode): readonly string[] {
  if (before === undefined || face(before) !== face(after) || !sameIds(before.children, after.children)) return [after.id];
  return after.children.flatMap((child, index) => changedIn(before.children[index], child));
}

function sameIds(a: readonly ViewNode[], b: readonly ViewNode[]): boolean {
  return a.length === b.length && a.every((node, index) => node.id === b[index]?.id);
}

/** Everything of a node but its children, as one comparable text. */
function face(node: ViewNode): string {
  const { children: _, ...own } = node;
  return JSON.stringify(own);
}
