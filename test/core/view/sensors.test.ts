// Sensors in the tree: a folded branch under each entity, and what is in it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applicationsView } from '#core/view/applications.ts';
import { sensorNodes, withSensors } from '#core/view/sensors.ts';
import { applicationOf, worldOf } from '../sensors/live.ts';
import { observed, outline, plain } from './lab.ts';

test('each entity has a branch, folded', () => {
  const tree = withSensors(applicationsView(observed('host a unix:///s up\n  shop-web i running of shop/web\n')));
  assert.equal(outline(tree), plain(`
    (layers) Shop | running
      (package) Web | running
        (play-circle) shop-web | running
        (pulse) Sensors | 
  `).replace('Sensors |\n', 'Sensors | \n'));
  assert.deepEqual(tree[0]?.children[0]?.children.map(({ id, isFolded = false }) => `${id} ${isFolded}`), ['application/shop/web/a/id-of-shop-web false', 'application/shop/web/sensors true']);
});

test('what is in it; what cannot be read comes last, with the reason', () => {
  const web = applicationOf('services: [{ type: "docker:x", id: web }]').live?.(worldOf({ web: 'running' })).find(({ key }) => key === 'web');
  assert.ok(web);
  const nodes = sensorNodes('b', 'shop', web, [{ entity: 'web', sensor: 'load', problem: 'its command failed with exit code 1' }, { entity: 'other', sensor: 'x', problem: '' }]);
  const lines = nodes.filter(({ label }) => /^(?:host\.name|service\.isUp|load)$/.test(label)).map(({ label, description, icon, tooltip }) => `(${icon.id}) ${label} | ${description} | ${tooltip.split('\n').at(-1)}`);
  assert.deepEqual(lines, ['(symbol-variable) service.isUp | true | true', '(symbol-variable) host.name | web | web', '(warning) load | could not be read | its command failed with exit code 1']);
});
