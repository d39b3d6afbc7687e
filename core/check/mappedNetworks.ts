// Providers of networks that Clocker had, and keys that only they needed: understood, and told what does their job today.

import type { CheckContext } from '#core/check/context.ts';
import { parameterOfKey } from '#core/check/values.ts';
import { mappedNetwork } from '#core/diagnostics/mappedNetwork.ts';
import { report } from '#core/diagnostics/rule.ts';
import { mappedKey, mappedTypes } from '#core/sdn/mapped.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

export function checkMappedNetworks({ entities }: CheckContext): readonly Diagnostic[] {
  return entities.flatMap((placed) => {
    const { spec, found } = placed;
    const job = mappedTypes[found?.type.id ?? ''];
    const ofType = job !== undefined && spec.type ? [report(mappedNetwork, spec.type.span, job)] : [];
    const ofKeys = spec.config.flatMap(({ key, keySpan }) => {
      const sentence = mappedKey(key, parameterOfKey(placed, key)?.name ?? key);
      return sentence === undefined ? [] : [report(mappedNetwork, keySpan, sentence)];
    });
    return [...ofType, ...ofKeys];
  });
}
