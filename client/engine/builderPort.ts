// What is needed of a host to build images from Dockerfiles.

import type { BuildFailure, BuildNews } from '#core/image/buildLog.ts';

export interface BuildRequest {
  /** A tar with everything that the build sees. */
  readonly context: NodeJS.ReadableStream;
  /** Its path in the context, and what it says. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  /** The image's names, each with a tag. Without any it is known by its id alone. */
  readonly names: readonly string[];
}

export type Built = { readonly kind: 'built'; readonly imageId: string } | ({ readonly kind: 'failed' } & BuildFailure);

export interface BuilderPort {
  /** What the Dockerfile does wrong is an answer. Fails with an Error where the host does, or when `signal` aborts; nothing is named then. */
  build(request: BuildRequest, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Built>;
}
