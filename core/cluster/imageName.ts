// The name of an image as Docker reads it: `[registry[:port]/]repository[:tag][@digest]`. Only what the engine needs to ask
// for exactly the image that was written; whether the name is well formed is checked where blueprints are read.

export interface ImageReference {
  /** Registry and repository, as written: `registry.example:5000/team/app`. */
  readonly name: string;
  readonly tag?: string;
  /** `sha256:...`. */
  readonly digest?: string;
}

export function imageReference(text: string): ImageReference {
  const [tagged = '', digest] = text.split('@', 2);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  return {
    name: hasTag ? tagged.slice(0, colon) : tagged,
    ...(hasTag ? { tag: tagged.slice(colon + 1) } : {}),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The same image, with the tag `latest` where neither a tag nor a digest was written. */
export function fullReference(text: string): string {
  const { tag, digest } = imageReference(text);
  return tag === undefined && digest === undefined ? `${text}:latest` : text;
}
