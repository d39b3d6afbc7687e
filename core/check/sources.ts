// Where images are to be built from: paths, addresses and repositories that nobody could read as they are written. Whether there is
// anything is asked by those who see files.

import type { YamlScalar } from '#core/blueprint/yaml.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import { unreadableSource } from '#core/diagnostics/unreadableSource.ts';
import { report } from '#core/diagnostics/rule.ts';
import { holdsExpression } from '#core/dsl/read.ts';
import { readPlace, type BuildPlace } from '#core/image/buildSource.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

export interface WrittenSource {
  readonly node: YamlScalar;
  readonly key: 'docker.dockerfile.url' | 'docker.context.url' | 'docker.entrypoint.url';
}

export function checkSources({ entities }: Pick<CheckContext, 'entities'>): readonly Diagnostic[] {
  return entities.flatMap(sourcesOf).flatMap(({ node, key }) => {
    const read = readPlace(node.text);
    return 'problem' in read ? [report(unreadableSource, node.span, `${key}: ${read.problem}`)] : [];
  });
}

/** Those that are written out as they are. */
export function sourcesOf({ spec }: Placed): readonly WrittenSource[] {
  return spec.config.flatMap(({ key: written, value }): readonly WrittenSource[] => {
    const key = written === 'dockerfileUrl' ? 'docker.dockerfile.url' : written;
    if (key !== 'docker.dockerfile.url' && key !== 'docker.context.url' && key !== 'docker.entrypoint.url') return [];
    return value.kind !== 'scalar' || typeof value.value !== 'string' || holdsExpression(value) || /[$%]\{|%s/.test(value.text) ? [] : [{ node: value, key }];
  });
}

/** What is missing of a place, as a clause; undefined where nothing is, or nobody knows. `look` tells what is at a path. */
export function missingAt({ key }: WrittenSource, place: BuildPlace, look: (path: string) => 'file' | 'folder' | 'nothing' | undefined): string | undefined {
  if (place.kind !== 'path') return undefined;
  const { path } = place;
  const found = look(path);
  if (found === 'nothing') return `there is no file or folder ${path}`;
  return key === 'docker.dockerfile.url' && found === 'folder' && look(`${path.replace(/[\\/]+$/, '')}/Dockerfile`) === 'nothing' ? `there is no Dockerfile in the folder ${path}` : undefined;
}
