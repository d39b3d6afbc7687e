// A node of core/view as VS Code draws it. The only place that knows TreeItem.

import { MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { ViewNode } from '#core/view/node.ts';

export function treeItem(node: ViewNode): TreeItem {
  const item = new TreeItem(node.label, node.isBranch ? (node.isFolded === true ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.Expanded) : TreeItemCollapsibleState.None);
  const { id, colour } = node.icon;
  const tooltip = new MarkdownString(node.tooltip, true);
  item.id = node.id;
  item.description = node.description;
  item.iconPath = colour === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(colour));
  item.tooltip = tooltip;
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: node.accessibilityLabel, role: 'treeitem' };
  return item;
}
