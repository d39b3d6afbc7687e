// The view "Registries": each registry a folded branch, under it its images, under each of them its tags. Nothing is asked of a
// registry before somebody opens it; what it then says, or why it does not, is made into nodes here.

import { registryName } from '#core/image/known.ts';
import { dockerHub } from '#core/image/reference.ts';
import { counted, literal, type ViewNode } from '#core/view/node.ts';

/** `loggedIn` are the names of those that somebody logged in to here; one that is not configured is among the answer, too. */
export function registriesView(addresses: readonly string[], loggedIn: readonly string[]): readonly ViewNode[] {
  const names = new Set(addresses.map(registryName));
  const all = [...addresses, ...loggedIn.filter((name) => name !== dockerHub && !names.has(name))];
  return [...new Map(all.map((address) => [registryName(address), address]))].map(([name, address]) => {
    const isKnown = loggedIn.includes(name);
    return branch({
      id: `registry/${address}`, subject: { kind: 'registry', registry: address }, label: name, description: isKnown ? 'logged in' : '', icon: { id: 'package' },
      tooltip: `Registry ${literal(name)}${isKnown ? ', logged in with what VS Code keeps' : ''}`, contextValue: isKnown ? 'registry.loggedIn' : 'registry', accessibilityLabel: `Registry ${name}${isKnown ? ', logged in' : ''}`,
    });
  });
}

export function repositoryNodes(registry: string, paths: readonly string[]): readonly ViewNode[] {
  const name = registryName(registry);
  return paths.toSorted().map((path) => branch({
    id: `repository/${registry}/${path}`, subject: { kind: 'repository', registry, path }, label: path, description: '', icon: { id: 'archive' },
    tooltip: `${literal(`${name}/${path}`)}: opened, it shows its tags`, contextValue: 'repository', accessibilityLabel: `Image ${path} in registry ${name}`,
  }));
}

/** The newest ones of numbered tags first. */
export function tagNodes(registry: string, path: string, tags: readonly string[]): readonly ViewNode[] {
  const prefix = registryName(registry) === dockerHub ? '' : `${registryName(registry)}/`;
  return tags.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true })).map((tag) => {
    const image = `${prefix}${path}:${tag}`;
    return leaf({
      id: `tag/${registry}/${path}:${tag}`, subject: { kind: 'image', image }, label: tag, description: '', icon: { id: 'tag' },
      tooltip: `**${literal(image)}**\n\nas in \`type: docker:${image.replaceAll('`', '')}\``, contextValue: 'image', accessibilityLabel: `Tag ${tag} of image ${path}`,
    });
  });
}

/** What is shown in place of what a branch would hold. */
export function emptyNode(parent: ViewNode, what: 'image' | 'tag'): ViewNode {
  return leaf({ id: `${parent.id}#none`, subject: parent.subject, label: counted(0, what), description: '', icon: { id: 'circle-slash' }, tooltip: '', contextValue: 'nothing', accessibilityLabel: `${parent.label} has ${counted(0, what)}` });
}

export function problemNode(parent: ViewNode, problem: string): ViewNode {
  return leaf({ id: `${parent.id}#problem`, subject: parent.subject, label: problem, description: '', icon: { id: 'warning', colour: 'list.warningForeground' }, tooltip: literal(problem), contextValue: 'problem', accessibilityLabel: `${parent.label} cannot be shown: ${problem}` });
}

type Shown = Omit<ViewNode, 'isBranch' | 'isFolded' | 'children'>;

function branch(shown: Shown): ViewNode {
  return { ...shown, isBranch: true, isFolded: true, children: [] };
}

function leaf(shown: Shown): ViewNode {
  return { ...shown, isBranch: false, children: [] };
}
