// Clocker's Tomcat cluster: two Tomcats behind an Nginx, one database; used, and used again after the host of a Tomcat has died.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { address, ask, deployed, example, lose, opened, prepared, spread } from './cloud.ts';

test('a visitors\' book outlives the host of one of its servers', async (t) => {
  await prepared();
  const cloud = await opened(t);
  const book = await example('tomcat-cluster-with-mysql');
  await deployed(cloud, book);
  assert.equal(spread(cloud, book), 3);
  const url = `${address(cloud, book, 'nginxcontroller', 8000)}/`;
  assert.match(await ask(url), /<b>Isaac Asimov<\/b>: I grew up in Brooklyn/);
  await ask(url, { name: 'Ann', message: 'Tomatoes & <fish>' });
  for (const server of ['tomcat-cluster-1', 'tomcat-cluster-2']) assert.match(await ask(`${address(cloud, book, server, 8080)}/`), /<b>Ann<\/b>: Tomatoes &amp; &lt;fish&gt;/);

  const lost = ['tomcat-cluster-1', 'tomcat-cluster-2'].find((server) => new URL(address(cloud, book, server, 8080)).hostname !== new URL(address(cloud, book, 'mysql', 3306)).hostname);
  assert.ok(lost !== undefined);
  const after = await lose(t, cloud, book, lost);
  const again = `${address(after, book, 'nginxcontroller', 8000)}/`;
  for (const server of ['tomcat-cluster-1', 'tomcat-cluster-2']) assert.match(await ask(`${address(after, book, server, 8080)}/`), /<b>Ann<\/b>/);
  await ask(again, { name: 'Bob', message: 'Still here' });
  assert.match(await ask(again), /<b>Bob<\/b>: Still here/);
});
