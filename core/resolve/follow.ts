// A load balancer's configuration, made from its config and the members of its pool: nginx and HAProxy, or a template of the
// blueprint's own.

import { coercePorts, portsIn } from '#core/coerce/ports.ts';
import { asText, isMap, type Value } from '#core/dsl/value.ts';
import type { Follow } from '#core/lifecycle/lifecycle.ts';
import { haproxyConfiguration, nginxConfiguration } from '#core/lifecycle/proxies.ts';
import { base64Of, type CourseWorld } from '#core/resolve/course.ts';
import type { Values } from '#core/resolve/values.ts';
import type { Draft } from '#core/resolve/draft.ts';

/** A load balancer, whose configuration follows the members of a group. */
export function isController(entity: Draft): boolean {
  return kindOf(entity) !== undefined;
}

function kindOf({ members }: Draft): 'nginx' | 'haproxy' | undefined {
  const ids = members?.lineage.map(({ id }) => id) ?? [];
  return ids.includes('nginx-controller') ? 'nginx' : ids.includes('haproxy-controller') ? 'haproxy' : undefined;
}

/** Undefined for what follows nobody, and where a template cannot be filled in (yet). `pool` is the value of the sensor proxy.serverpool.targets. */
export function followOf(entity: Draft, values: Values, pool: Value | undefined, world: CourseWorld): Follow | undefined {
  const kind = kindOf(entity);
  if (kind === undefined) return undefined;
  const targets = pool !== undefined && pool !== null && isMap(pool) ? [...pool].map(([member, target]) => [asText(member), asText(target)] as const) : [];
  const members = targets.map(([member]) => member);
  const range = values.coerced('proxy.http.port', coercePorts);
  const balanced = { port: (range === undefined ? undefined : portsIn(range, 1)[0]) ?? 8000, targets: targets.map(([, target]) => target) };
  const file = kind === 'nginx' ? { path: '/etc/nginx/conf.d/pool.conf', template: 'nginx.config.templateUrl' } : { path: '/etc/haproxy/haproxy.cfg', template: 'haproxy.config.templateUrl' };
  const own = values.find(file.template);
  const source = own && values.text(file.template);
  if (own && source !== undefined && source !== '') {
    const content = world.file(source);
    const text = content && world.fill(own.effective, content.text, new Map([['targets', balanced.targets]]));
    return text === undefined ? undefined : { files: [{ path: file.path, base64: base64Of(text) }], reload: reloads[kind], members };
  }
  const domain = values.text('proxy.domainName');
  const text =
    kind === 'nginx'
      ? nginxConfiguration({ ...balanced, isSticky: values.isTrue('nginx.sticky'), ...(domain !== undefined && domain !== '' && { domain }) })
      : haproxyConfiguration({ ...balanced, bindAddress: values.text('haproxy.frontend.bind.address') || '*', frontendMode: values.text('haproxy.frontend.mode') ?? 'http', backendMode: values.text('haproxy.backend.mode') ?? 'http' });
  return { files: [{ path: file.path, base64: base64Of(text) }], reload: reloads[kind], members };
}

const reloads = {
  nginx: 'nginx -t -q && nginx -s reload',
  // The master process goes on with new workers; the old ones end when their visitors have gone.
  haproxy: 'haproxy -c -q -f /etc/haproxy/haproxy.cfg && kill -USR2 "$(head -n 1 /run/haproxy.pid)"',
} as const;
