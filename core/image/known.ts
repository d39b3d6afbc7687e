// Images that can be had, as completion offers them. Who knows them is not said here.

export interface KnownImage {
  /** As it is written in a blueprint: `redis:8-alpine`, `registry.example:5000/shop/web:1`; without a tag where those were not asked for. */
  readonly image: string;
  /** Where it is, for people: `on host box`, `in registry.example:5000`. */
  readonly where: string;
}

/** What stands in references to the images of a registry whose address this is: the same without a protocol. */
export function registryName(address: string): string {
  return address.replace(/^https?:\/\//, '').replace(/\/+$/, '');
}

/** How an editor is asked for them: the request, and what it says it can answer. */
export const imagesRequest = 'clocker/images';

export interface ImagesParams {
  /** What is written of the image so far; it decides which registry is asked, and for tags. */
  readonly typed: string;
}
