// When an image is pulled, as entities and clouds say it.

import { printCoerced } from '#core/coerce/coerce.ts';
import { accepted, refused, type Outcome, type Value } from '#core/coerce/value.ts';
import { pullPolicies, type PullPolicy } from '#core/image/pin.ts';

export function coercePullPolicy(value: Value): Outcome<PullPolicy> {
  const written = typeof value === 'string' ? value : (printCoerced(value) ?? '');
  const policy = pullPolicies.find((one) => one === written.trim().toLowerCase());
  return policy === undefined ? refused(`"${written}" does not say when an image is pulled; write ${pullPolicies.join(', ')}.`) : accepted(policy);
}
