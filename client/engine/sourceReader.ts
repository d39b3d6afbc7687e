// What is needed to build images for entities: somebody who reads what their blueprints name, wherever that is. `client/build`
// provides it.

import type { DockerfileSource, FoundBuild } from '#core/image/imageBuild.ts';

export interface BuildMaterial extends FoundBuild {
  /** Everything that the build sees, as a tar, with this text as the Dockerfile. Reading it fails with a sentence where it is not what was found before. */
  open(text: string): Promise<NodeJS.ReadableStream>;
}

export interface SourceReader {
  /** Relative paths start at `folder`. Fails with an Error whose message is a sentence. */
  read(source: DockerfileSource, folder: string | undefined): Promise<BuildMaterial>;
  /** What was fetched is removed; nothing that was found can be opened any more. */
  close(): void;
}
