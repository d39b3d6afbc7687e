// Clocker's to-do list: Node.js and Redis on different hosts, used, and used again after the host of Node.js has died.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, ask, deployed, example, lose, opened, prepared, spread } from './cloud.ts';

test('a to-do list outlives the host of its pages', async (t) => {
  await prepared();
  const cloud = await opened(t);
  const todo = await example('nodejs-todo');
  await deployed(cloud, todo);
  assert.equal(spread(cloud, todo), 2);
  const url = address(cloud, todo, 'nodejs', 3000);
  const { id } = JSON.parse(await ask(`${url}/todos/create`, { description: 'buy <milk>' }));
  assert.deepEqual(JSON.parse(await ask(`${url}/todos`)), { [id]: 'buy <milk>' });
  assert.match(await ask(`${url}/`), /<input value="buy &lt;milk&gt;">/);

  const after = await lose(t, cloud, todo, 'nodejs');
  const elsewhere = address(after, todo, 'nodejs', 3000);
  assert.notEqual(elsewhere, url);
  assert.deepEqual(JSON.parse(await ask(`${elsewhere}/todos`)), { [id]: 'buy <milk>' });
  await ask(`${elsewhere}/todos/update`, { id, description: 'drink milk' });
  assert.match(await ask(`${elsewhere}/`), /<input value="drink milk">/);
  await ask(`${elsewhere}/todos/delete`, { id });
  assert.deepEqual(JSON.parse(await ask(`${elsewhere}/todos`)), {});
});
