// Drag and drop onto networks: an application, an entity or a member of another network is dropped on a network, and is connected
// to it; on an application's own network, what is of that application. Nothing else can be dropped.

import { commands, type DataTransfer, DataTransferItem, type TreeDragAndDropController } from 'vscode';
import type { Subject, ViewNode } from '#core/view/node.ts';

const mime = 'application/vnd.clocker.members';

/** `node` gives the node of any tree; `isTarget` whether things can be dropped in this one. */
export function networkDrag(node: (id: string) => ViewNode | undefined, isTarget: boolean): TreeDragAndDropController<string> {
  return {
    dragMimeTypes: [mime],
    dropMimeTypes: isTarget ? [mime] : [],
    handleDrag: (ids: readonly string[], dragged: DataTransfer) => {
      const wishes = ids.flatMap((id) => memberOf(node(id)?.subject) ?? []);
      if (wishes.length > 0) dragged.set(mime, new DataTransferItem(JSON.stringify(wishes)));
    },
    handleDrop: async (id: string | undefined, dropped: DataTransfer) => {
      const target = id === undefined ? undefined : node(id)?.subject;
      if (target?.kind !== 'network' && target?.kind !== 'member') return;
      const texts = await Promise.all([...dropped].flatMap(([type, item]) => (type === mime ? [item.asString()] : [])));
      // From another tree, what was dragged comes after an empty text that stands for it.
      const wishes: unknown = JSON.parse(texts.findLast((text) => text !== '') ?? '[]');
      for (const wish of Array.isArray(wishes) ? wishes : []) {
        if (typeof wish === 'object' && wish !== null && (target.isShared || Reflect.get(wish, 'application') === target.application)) await commands.executeCommand('clocker.connectToNetwork', { ...wish, network: target.network });
      }
    },
  };
}

function memberOf(subject: Subject | undefined): { readonly application: string; readonly entity?: string } | undefined {
  if (subject?.kind === 'application') return { application: subject.application };
  return subject?.kind === 'entity' || subject?.kind === 'member' ? { application: subject.application, entity: subject.entity } : undefined;
}
