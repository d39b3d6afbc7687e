// Names for images that are built from Dockerfiles, and which files are Dockerfiles.

import { parseReference } from '#core/image/reference.ts';

/** With a tag, `latest` where none is written. The problem is a sentence. */
export function imageName(text: string): { readonly name: string } | { readonly problem: string } {
  const parsed = parseReference(text);
  if (!parsed.ok) return { problem: parsed.problem };
  if (parsed.value.digest !== undefined) return { problem: 'an image that is built has a name and a tag, no digest' };
  return { name: parsed.value.tag === undefined ? `${text}:latest` : text };
}

/** What an image of this folder may be called: `Shop Front` is `shop-front:latest`. */
export function defaultName(folder: string, dockerfile = 'Dockerfile'): string {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  // Dockerfile.worker, or worker.Dockerfile, beside others.
  const part = plain(dockerfile.replace(/^.*\//, '').replace(/^dockerfile\.?|\.?dockerfile$/i, ''));
  return `${[plain(folder), part].filter((one) => one !== '').join('-') || 'image'}:latest`;
}

/** By the file's name alone: `Dockerfile`, `Dockerfile.worker`, `worker.Dockerfile`, `Containerfile`; what says what to leave out is none. */
export function isDockerfile(fileName: string): boolean {
  return /^(?:.+\.)?(?:dockerfile|containerfile)(?:\..+)?$/i.test(fileName) && !/\.dockerignore$/i.test(fileName);
}
