// `docker.registry.*` of an entity or a docker cloud -> where its images come from, and as whom.

import { stars } from '#core/blueprint/mask.ts';
import type { Outcome } from '#core/coerce/value.ts';
import { coerceSource, registryOfSource, type ImageSource, type SourceLogin } from '#core/image/source.ts';

/** Values of config keys, as texts. */
export interface SourceValues {
  readonly text: (key: string) => string | undefined;
  readonly complain: (key: string, message: string) => void;
}

export function sourceOf({ text, complain }: SourceValues): ImageSource | undefined {
  const written = text('docker.registry.url');
  const address: Outcome<string> | undefined = written === undefined || written.trim() === '' ? undefined : coerceSource(written);
  if (address === undefined) return undefined;
  if (!address.ok) {
    complain('docker.registry.url', address.problem);
    return undefined;
  }
  return { address: address.value, ...(text('docker.registry.writeable') === 'true' && { isWriteable: true }) };
}

/** Undefined without both, and for a password that was masked: whoever deploys from a record brings their own log-in. */
export function loginOf(source: ImageSource | undefined, text: SourceValues['text']): SourceLogin | undefined {
  const [username, password] = source === undefined ? [] : [text('docker.registry.username'), text('docker.registry.password')];
  if (source === undefined || username === undefined || password === undefined || username === '' || password === '' || password === stars) return undefined;
  return { registry: registryOfSource(source.address), username, password };
}
