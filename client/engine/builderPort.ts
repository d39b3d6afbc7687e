// What is needed of a host to build images from Dockerfiles.

import type { BuildFailure, BuildNews } from '#core/image/buildNews.ts';

export interface BuildRequest {
  /** A tar with everything that the build sees, compressed or not; better one that can be had again, or the folder itself, of which an engine may want only what changed. */
  readonly context: NodeJS.ReadableStream | PackedContext | BuildFolder;
  /** Its path in the context, and what it says. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  /** The image's names, each with a tag. Without any it is known by its id alone. */
  readonly names: readonly string[];
  readonly options?: BuildOptions;
}

/** What a person named to be built. */
export interface BuildSource extends Pick<BuildRequest, 'context' | 'dockerfile' | 'dockerfileText'> {
  readonly context: PackedContext | BuildFolder;
  /** What its image may be called: `shop-web:latest`. */
  readonly defaultName: string;
}

export interface BuildOptions {
  /** Values for ARG. */
  readonly args?: Readonly<Record<string, string>>;
  /** The stage to build; the last one without it. */
  readonly target?: string;
  /** `linux/arm64`. */
  readonly platform?: string;
  /** Build every step again. */
  readonly isFresh?: boolean;
}

export interface SeenFile {
  /** Relative to the context, with slashes. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** The twelve bits of Unix. */
  readonly mode: number;
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly modifiedNs: bigint;
  /** Where a link leads, as it is written. */
  readonly target?: string;
  /** The content of a file, exactly `size` bytes. Fails with a sentence. */
  read(): AsyncIterable<Buffer>;
}

export interface PackedContext {
  /** All of it as a tar, from the beginning each time. */
  packed(): Promise<NodeJS.ReadableStream>;
}

/** A folder as a build sees it: without what is left out. Its tar is the same for the same files. */
export interface BuildFolder extends PackedContext {
  /** The same for the same folder of the same machine, and for no other. */
  readonly key: string;
  /** Everything, a folder before what is in it, names in the order of their bytes. */
  files(): AsyncIterable<SeenFile>;
  /** The Dockerfile, with the folders in which it is. */
  dockerfileAlone(): AsyncIterable<SeenFile>;
}

export type Built = { readonly kind: 'built'; readonly imageId: string } | ({ readonly kind: 'failed' } & BuildFailure);

export interface BuilderPort {
  /** What the Dockerfile does wrong is an answer. Fails with an Error where the host does, or when `signal` aborts; nothing is named then. */
  build(request: BuildRequest, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Built>;
}
