// How a registry says who may come in: the header `WWW-Authenticate` of RFC 9110, with the two schemes that registries use.

export type Challenge =
  | { readonly kind: 'basic' }
  /** A token is to be had at `realm`, an address. */
  | { readonly kind: 'bearer'; readonly realm: string; readonly service?: string; readonly scope?: string };

/** Of several challenges the one that can be answered best; undefined where none can be. */
export function readChallenge(header: string): Challenge | undefined {
  const schemes = [...header.matchAll(/(?:^|,)\s*(basic|bearer)(?:\s+|$|(?=,))/gi)];
  const read = schemes.flatMap((match, index): Challenge[] => {
    if (match[1]?.toLowerCase() === 'basic') return [{ kind: 'basic' }];
    const { realm, service, scope } = parametersIn(header.slice(match.index + match[0].length, schemes[index + 1]?.index));
    return realm === undefined ? [] : [{ kind: 'bearer', realm, ...(service !== undefined && { service }), ...(scope !== undefined && { scope }) }];
  });
  return read.find(({ kind }) => kind === 'bearer') ?? read[0];
}

function parametersIn(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)];
  return Object.fromEntries(found.map(([, name = '', quoted, plain = '']) => [name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? plain]));
}
