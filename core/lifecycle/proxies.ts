// The configurations of load balancers, written from the members that get their requests. What is in them is decided here; that
// they follow the members is follow.ts.

export interface Balanced {
  /** Port for visitors. */
  readonly port: number;
  /** Each `name:port`. */
  readonly targets: readonly string[];
}

export interface NginxSettings extends Balanced {
  /** A visitor comes back to the same member. */
  readonly isSticky: boolean;
  /** The only domain to answer for; absent for all. */
  readonly domain?: string;
}

export function nginxConfiguration({ port, targets, isSticky, domain }: NginxSettings): string {
  return [
    'upstream pool {',
    ...(isSticky ? ['  ip_hash;'] : []),
    // nginx takes no empty pool; what stands in for it answers nobody.
    ...(targets.length === 0 ? ['  server 127.0.0.1:9 down;'] : targets.map((target) => `  server ${target};`)),
    '}',
    ...(domain === undefined ? [] : ['server {', `  listen ${port} default_server;`, '  return 404;', '}']),
    'server {',
    `  listen ${port}${domain === undefined ? ' default_server' : ''};`,
    ...(domain === undefined ? [] : [`  server_name ${domain};`]),
    '  location / {',
    '    proxy_pass http://pool;',
    '    proxy_http_version 1.1;',
    '    proxy_set_header Host $http_host;',
    '    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    '    proxy_set_header X-Forwarded-Proto $scheme;',
    '    proxy_connect_timeout 5s;',
    '  }',
    '}',
    '',
  ].join('\n');
}

export interface HaproxySettings extends Balanced {
  /** The address to listen on; `*` for all. */
  readonly bindAddress: string;
  readonly frontendMode: string;
  readonly backendMode: string;
}

export function haproxyConfiguration({ port, targets, bindAddress, frontendMode, backendMode }: HaproxySettings): string {
  return [
    'global',
    '  log stdout format raw local0',
    'resolvers names',
    '  parse-resolv-conf',
    'defaults',
    '  log global',
    '  timeout connect 5s',
    '  timeout client 50s',
    '  timeout server 50s',
    'frontend visitors',
    `  mode ${frontendMode}`,
    `  bind ${bindAddress}:${port}`,
    '  default_backend pool',
    'backend pool',
    `  mode ${backendMode}`,
    '  balance roundrobin',
    ...(backendMode === 'http' ? ['  option forwardfor'] : []),
    ...targets.map((target, index) => `  server member${index + 1} ${target} check resolvers names init-addr last,libc,none`),
    '',
  ].join('\n');
}
