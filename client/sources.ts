// Reads the files that blueprints hand to entities: from the web, from this machine, or from the blueprint itself (`data:`).

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Content } from '#core/resolve/course.ts';

const answerWithinMs = 60_000;

/** Fails with an Error whose message says what to do. A path without a scheme is one of this machine, seen from the working directory. */
export async function readSource(source: string): Promise<Content> {
  const bytes = await bytesOf(source);
  return { base64: bytes.toString('base64'), text: bytes.toString('utf8') };
}

async function bytesOf(source: string): Promise<Buffer> {
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(source) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
      return readFile(source);
    case 'file':
      return readFile(fileURLToPath(source));
    case 'http':
    case 'https':
    case 'data': {
      const response = await fetch(source, { signal: AbortSignal.timeout(answerWithinMs) }).catch((error: unknown) => {
        throw new Error(`it cannot be reached (${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)})`, { cause: error });
      });
      if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`);
      return Buffer.from(await response.arrayBuffer());
    }
    default:
      throw new Error(`addresses with ${scheme}: are not read here; give an address with https:, a path of this machine, or the content itself with data:`);
  }
}
