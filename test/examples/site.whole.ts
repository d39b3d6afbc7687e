// The web site that is built from a Dockerfile: built on one host, run on several, changed, gone back to, and left alone by who has no files.

import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { container, deleted } from '../engine/support.ts';
import { deployedApplication } from '../../client/deployed.ts';
import { address, ask, deployed, example, opened, prepared, spread } from './cloud.ts';

test('a site is built once, served from several hosts, and built anew when its page changes', async (t) => {
  await prepared();
  const cloud = await opened(t);
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  await cp('examples/site', join(folder, 'site'), { recursive: true });
  const site = { ...(await example('site')), folder };
  const plan = await cloud.plan(site);
  assert.equal(plan.actions.filter(({ kind }) => kind === 'build').length, 1);
  await deployed(cloud, site);
  assert.ok(spread(cloud, site) > 1);
  const pages = ['pages', 'mirrors-1', 'mirrors-2'];
  for (const entity of pages) assert.match(await ask(`${address(cloud, site, entity, 8080)}/`), /<h1>Hello from a Dockerfile<\/h1>/);
  assert.equal(new Set(pages.map((entity) => container(cloud, site.id, entity).image)).size, 1);
  const before = container(cloud, site.id, 'pages').image;

  const page = join(folder, 'site/index.html');
  await writeFile(page, (await readFile(page, 'utf8')).replace('once for all hosts', 'again for all hosts'));
  await deployed(cloud, site);
  for (const entity of pages) assert.match(await ask(`${address(cloud, site, entity, 8080)}/`), /again for all hosts/);
  const after = container(cloud, site.id, 'pages').image;
  assert.notEqual(after, before);

  // From what is kept with the containers alone, a mirror more.
  const { application } = deployedApplication(cloud.observed, site.id);
  const larger = application.resized?.(new Map([['mirrors', 3]]));
  assert.ok(larger);
  await deployed(cloud, larger);
  assert.equal(container(cloud, site.id, 'mirrors-3').image, after);
  assert.match(await ask(`${address(cloud, site, 'mirrors-3', 8080)}/`), /again for all hosts/);
  await deleted(cloud, site.id);
});
