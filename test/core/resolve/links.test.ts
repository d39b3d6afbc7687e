// Links between entities: the blueprint in, what the linking container finds in its environment and on the network out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { understand } from '#core/check/problems.ts';
import { place } from '#core/placement/place.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { observed } from '../plan/cluster.ts';

function check(name: string, services: string, expected: { readonly env: readonly string[]; readonly names: string; readonly waits: string }): void {
  test(name, () => {
    const { application, diagnostics } = understand(`id: shop\nservices:\n${services.trim()}\n`, builtInCatalog);
    assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
    assert.ok(application);
    const { containers } = place(application, observed('a up'));
    const [web, db] = ['web', 'db'].map((key) => containers.find(({ entity }) => entity === key));
    assert.deepEqual(Object.entries(web?.spec.env ?? {}).map(([variable, value]) => `${variable}=${value}`), expected.env);
    assert.equal(db?.networks[0]?.aliases.join(' '), expected.names);
    assert.equal(web?.waits?.map(({ shown }) => shown).join(), expected.waits);
  });
}

const db = '- { type: "docker:mariadb", id: db, openPorts: [3306], env: { USER: me } }';
const env = (name: string, alias: string): readonly string[] => [
  `${name}_NAME=/web/${alias}`, `${name}_PORT=tcp://db:3306`, `${name}_PORT_3306_TCP=tcp://db:3306`, `${name}_PORT_3306_TCP_ADDR=db`, `${name}_PORT_3306_TCP_PORT=3306`, `${name}_PORT_3306_TCP_PROTO=tcp`, `${name}_ENV_USER=me`,
];

check('by an alias', `- { type: "docker:wordpress", id: web, links: { my-sql: $brooklyn:entity("db") } }\n${db}`, {
  env: env('MY_SQL', 'my-sql'), names: 'db db.shop db.shop.internal my-sql', waits: 'db: linked as my-sql',
});

check('by its id; what the blueprint says itself counts more', `${db}\n- { type: "docker:wordpress", id: web, env: { DB_NAME: mine }, brooklyn.config: { docker.container.links: [$brooklyn:entity("db")] } }`, {
  env: ['DB_NAME=mine', ...env('DB', 'db').slice(1)], names: 'db db.shop db.shop.internal', waits: 'db: linked as db',
});
