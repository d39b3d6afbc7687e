// What completion knows beside the document: the types, and what the server or its editor knows of the world around it.

import type { Catalog } from '#core/catalog/catalog.ts';
import type { KnownImage } from '#core/image/known.ts';

/** What is known beside the texts. */
export interface Known {
  /** Names of the hosts in the settings. */
  readonly hosts: readonly string[];
  /** Names of the docker clouds, in the settings and described by texts. */
  readonly clouds?: () => readonly string[];
  /** Images for somebody who has typed so much of one. */
  readonly images?: (typed: string) => readonly KnownImage[];
  /** Dockerfiles of the workspace, each by its URI. */
  readonly dockerfiles?: () => readonly string[];
  /** Ids of the applications that blueprints of the workspace describe. */
  readonly applications?: () => readonly string[];
}

/** What values need to know beside the catalog. */
export interface ValueSurroundings extends Known {
  readonly catalog: Catalog;
  /** Of the document. */
  readonly uri: string;
  readonly typed: string;
}
