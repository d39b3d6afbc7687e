// What published blueprints use most, the most used first: completion offers it before the rest, which follows in the order of
// the vocabulary and the catalog. Counted over about two thousand public files.

import type { Context } from '#core/blueprint/vocabulary.ts';

export const usualKeys: Readonly<Partial<Record<Context, readonly string[]>>> = {
  plan: ['name', 'location', 'services', 'brooklyn.catalog', 'id', 'description', 'origin'],
  entity: ['type', 'name', 'id', 'brooklyn.config', 'brooklyn.children', 'description', 'brooklyn.enrichers', 'brooklyn.parameters', 'brooklyn.initializers', 'brooklyn.policies'],
  catalog: ['items', 'version', 'id', 'itemType', 'bundle', 'item', 'name', 'description', 'iconUrl'],
  item: ['id', 'item', 'name', 'itemType', 'description', 'iconUrl'],
};

/** Ids of built-in types, of every kind. */
export const usualTypes: readonly string[] = [
  'vanilla-software-process',
  'basic-application',
  'dynamic-cluster',
  'controlled-web-app-cluster',
  'tomcat-8-server',
  'tomcat-server',
  'jboss-7-server',
  'nginx-controller',
  'mysql-node',
  'postgresql-node',
  'redis-store',
  'riak-cluster',
  'nodejs-web-app',
  'haproxy-controller',
  'mongodb-server',
  'elasticsearch-node',
  'couchdb-node',
  'empty-software-process',
  'basic-entity',
  'basic-startable',
  'auto-scaler',
  'service-replacer',
  'service-restarter',
  'invoke-effector-on-sensor-change',
  'transformer',
  'aggregator',
  'propagator',
  'joiner',
  'service-failure-detector',
  'time-weighted-delta',
  'rolling-mean',
  'command-effector',
  'command-sensor',
  'static-sensor',
  'password-sensor',
  'http-sensor',
];
