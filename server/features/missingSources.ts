// Dockerfiles, folders and scripts that a blueprint names and that are not there, as far as files can be seen.

import type { CheckContext } from '#core/check/context.ts';
import { missingAt, sourcesOf } from '#core/check/sources.ts';
import { report } from '#core/diagnostics/rule.ts';
import { unreadableSource } from '#core/diagnostics/unreadableSource.ts';
import { readPlace } from '#core/image/buildSource.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

/** What is at a path, relative to the document's folder unless it is absolute; undefined where nobody can tell. */
export type LookBeside = (uri: string, path: string) => 'file' | 'folder' | 'nothing' | undefined;

export function missingSources({ entities }: Pick<CheckContext, 'entities'>, uri: string, look: LookBeside): readonly Diagnostic[] {
  // What a catalog defines lies beside the blueprints that use it.
  return entities.filter(({ isDefinition }) => !isDefinition).flatMap(sourcesOf).flatMap((source) => {
    const read = readPlace(source.node.text);
    const missing = 'place' in read ? missingAt(source, read.place, (path) => look(uri, path)) : undefined;
    return missing === undefined ? [] : [report(unreadableSource, source.node.span, `${source.key}: ${missing}`)];
  });
}
