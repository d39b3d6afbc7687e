// Policies as a story: at which second who is how, and what is decided then.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, type Decision, type Memories, type Watched } from '#core/policy/decide.ts';
import type { ServiceState } from '#core/sensors/condition.ts';
import { applicationOf, worldOf } from '../sensors/live.ts';

/** Lines in: `12 web on-fire, db running`; lines out: what is decided at that second. */
function story(name: string, watched: Readonly<Record<string, Omit<Watched, 'entity' | 'state'>>>, ...lines: readonly (readonly [string, string])[]): void {
  test(name, () => {
    let memories: Memories = new Map();
    const told = lines.map(([line]) => {
      const [, second = '', rest = ''] = /^(\d+) (.*)$/.exec(line) ?? [];
      const now = rest.split(', ').map((each): Watched => {
        const [entity = '', state = ''] = each.split(' ');
        return Object.assign({ entity, state: stateNamed(state), policies: [] }, watched[entity]);
      });
      const { decisions, memories: next, againInMs } = decide(now, memories, Number(second) * 1000);
      memories = next;
      return [line, [...decisions.map(decisionText), ...(againInMs === undefined ? [] : [`again in ${againInMs / 1000} s`])].join(', ')] as const;
    });
    assert.deepEqual(told, lines);
  });
}

function stateNamed(word: string): ServiceState {
  const states: readonly ServiceState[] = ['created', 'starting', 'running', 'stopping', 'stopped', 'on-fire'];
  const found = states.find((state) => state === word);
  assert.ok(found);
  return found;
}

function decisionText(decision: Decision): string {
  return decision.kind === 'recovered' ? `${decision.entity} recovered` : `${decision.kind} ${decision.entity}: ${decision.reason}`;
}

const restarter = { kind: 'restarter', recurringMs: 60_000 } as const;
story('a failure is mended once in a while', { web: { policies: [restarter] } },
  ['0 web running', ''], ['5 web on-fire', 'restart web: it has failed'], ['6 web starting', ''], ['8 web running', ''],
  ['20 web on-fire', 'giveUp web: it failed again within 60 s of a restart, so service-restarter leaves it'], ['30 web on-fire', ''], ['40 web running', 'web recovered'], ['90 web on-fire', 'restart web: it has failed']);
story('what was stopped stays stopped; without a policy nothing is done', { web: { policies: [restarter] } }, ['0 web running, db running', ''], ['5 web stopped, db on-fire', '']);
story('a failure must last', { web: { policies: [restarter, { kind: 'failureDetector', stabilizationMs: 10_000, recoveredMs: 0 }] } },
  ['0 web on-fire', 'again in 10 s'], ['4 web on-fire', 'again in 6 s'], ['5 web running', 'web recovered'], ['6 web on-fire', 'again in 10 s'], ['16 web on-fire', 'restart web: it has failed']);
story('a recovery must last, too; what fails again before that has not recovered', { web: { policies: [{ kind: 'restarter', recurringMs: 1000 }, { kind: 'failureDetector', stabilizationMs: 10_000, recoveredMs: 5000 }] } },
  ['0 web on-fire', 'again in 10 s'], ['4 web running', 'again in 5 s'], ['6 web running', 'again in 3 s'], ['7 web on-fire', 'again in 3 s'], ['9 web running', 'again in 5 s'], ['14 web running', 'web recovered'], ['15 web on-fire', 'again in 10 s']);
const pool = { entity: 'pool', policies: [{ kind: 'replacer', recurringMs: 300_000, mostFailures: 2 } as const] };
story('a member is restarted, then made anew, but not for ever', { 'pool-1': { policies: [restarter], cluster: pool }, 'pool-2': { policies: [], cluster: pool } },
  ['0 pool-1 on-fire, pool-2 running', 'restart pool-1: it has failed'], ['9 pool-1 on-fire, pool-2 running', 'replace pool-1: it has failed again after a restart'],
  ['20 pool-1 running, pool-2 on-fire', 'replace pool-2: it has failed'],
  ['30 pool-1 running, pool-2 on-fire', 'giveUp pool-2: 2 members of pool were replaced within 300 s, which is the most that service-replacer allows'],
  ['310 pool-1 running, pool-2 running', 'pool-2 recovered'], ['330 pool-1 running, pool-2 on-fire', 'replace pool-2: it has failed']);

test('policies are read from the blueprint; those that nobody follows are told', () => {
  const application = applicationOf(`
services:
- type: docker:x
  id: web
  brooklyn.policies:
  - { type: org.apache.brooklyn.policy.ha.ServiceRestarter, brooklyn.config: { failOnRecurringFailuresInThisDuration: 10s } }
  - { type: service-replacer }
  - { type: auto-scaler, brooklyn.config: { metric: $brooklyn:sensor("x") } }
  brooklyn.enrichers:
  - { type: service-failure-detector, brooklyn.config: { entityFailed.stabilizationDelay: 2s } }
`);
  const web = application.live?.(worldOf({})).find(({ key }) => key === 'web');
  assert.deepEqual(web?.policies, [{ kind: 'restarter', recurringMs: 10_000 }, { kind: 'replacer', recurringMs: 300_000, mostFailures: 5 }, { kind: 'failureDetector', stabilizationMs: 2000, recoveredMs: 0 }]);
  assert.deepEqual(web.unfollowed, ['auto-scaler']);
});
