// What is needed of a host to bring images to it and away from it. Registries are the host's own business: it reaches them, believes
// them or not; log-ins go along with the one request.

import type { HeldImage, Told } from '#core/image/pin.ts';

export interface Shipping {
  readonly signal: AbortSignal;
  /** A short text, often: "12.0 of 34.0 MB". */
  readonly onDetail: (detail: string) => void;
}

export interface Sending {
  /** The first layers, which all the receivers have. */
  readonly without: readonly string[];
  readonly signal: AbortSignal;
  /** Often: so many bytes were sent to the receiver with this index. */
  readonly onBytes: (receiver: number, bytes: number) => void;
}

export interface ShippingPort {
  /** With `digest` exactly that one, which then has the image's tag, too. */
  pull(image: string, shipping: Shipping, digest?: string): Promise<void>;
  /** What the host has, by every name in full (`docker.io/library/redis:7`) and by id. */
  held(signal: AbortSignal): Promise<ReadonlyMap<string, HeldImage>>;
  /** What its registry says of an image, asked from the host. Never fails. */
  ask(image: string, signal: AbortSignal): Promise<Told>;
  /** To the registry that is in its name. */
  push(image: string, shipping: Shipping): Promise<void>;
  /** Another name for an image that is there; false where it has that name already. */
  tag(image: string, name: string): Promise<boolean>;
  /** Takes a name away; the image goes with its last one. No failure if it is not there. */
  untag(name: string): Promise<void>;
  /** The digests of an image's layers, the lowest first; none where the host does not have it. */
  layers(image: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The same of all its images. */
  allLayers(signal: AbortSignal): Promise<readonly (readonly string[])[]>;
  /** An archive of the image with its layers, as the engine makes it; without the first ones that are in `without`, where the receiver has them. */
  save(image: string, signal: AbortSignal, without?: readonly string[]): Promise<NodeJS.ReadableStream>;
  /** Reads the image once and gives it to several at a time; in their order what went wrong, undefined where nothing did. One that fails holds up nobody else. */
  send(image: string, receivers: readonly ShippingPort[], sending: Sending): Promise<readonly (string | undefined)[]>;
  /** Takes such an archive in. */
  load(archive: NodeJS.ReadableStream, signal: AbortSignal): Promise<void>;
}
