// WordPress on MariaDB: installed by its own pages as a person would, and used again after its host has died.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, ask, deployed, example, lose, opened, prepared, spread } from './cloud.ts';

test('a WordPress outlives its host, for what it knows is in its database', async (t) => {
  await prepared();
  const cloud = await opened(t);
  const wordpress = await example('wordpress');
  await deployed(cloud, wordpress);
  assert.equal(spread(cloud, wordpress), 2);
  const url = address(cloud, wordpress, 'wordpress', 80);
  assert.match(await ask(`${url}/`), /five-minute WordPress installation/);
  const password = 'a long word for a test';
  const done = await ask(`${url}/wp-admin/install.php?step=2`, { weblog_title: 'Brooklyn Bridge', user_name: 'ann', admin_password: password, admin_password2: password, admin_email: 'ann@example.com', language: '' });
  assert.match(done, /WordPress has been installed/);
  const page = await ask(`${url}/`);
  assert.match(page, /<title>Brooklyn Bridge/);
  assert.match(page, /Hello world!/);

  const after = await lose(t, cloud, wordpress, 'wordpress');
  const elsewhere = address(after, wordpress, 'wordpress', 80);
  assert.match(await ask(`${elsewhere}/`), /<title>Brooklyn Bridge/);
  assert.match(await ask(`${elsewhere}/?p=1`), /Hello world!/);
});
