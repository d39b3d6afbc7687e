// Blueprints understood with the built-in catalog, and the catalog files that are given besides: for the command line and the
// deploy commands of the editor.

import builtIn from '../schemas/catalog.json' with { type: 'json' };
import { read } from '#core/blueprint/read.ts';
import { readClouds, type ReadClouds } from '#core/cloud/config.ts';
import type { HostConfig } from '#core/host/config.ts';
import { understand as understandWith, type Understood } from '#core/check/problems.ts';
import { Catalog, type BuiltIn } from '#core/catalog/catalog.ts';
import { selfContained } from '#core/catalog/carry.ts';
import { typesOf } from '#core/catalog/type.ts';
import { resolve } from '#core/resolve/resolve.ts';
import { modelOf, type Model } from '#core/resolve/model.ts';

// scripts/generate.ts makes the file from a value of this type.
const builtInCatalog = new Catalog(builtIn as unknown as BuiltIn);

/** `catalogs` are texts of catalog files (or of blueprints, which may define items too), by name. The application's blueprint has in it what it uses of them. */
export function understand(text: string, catalogs: Readonly<Record<string, string>> = {}): Understood {
  const readings = Object.entries(catalogs).map(([name, catalog]) => ({ name, reading: read(catalog) }));
  const whole = selfContained(read(text), readings.map(({ reading }) => reading));
  if (whole === text) return understandWith(text, builtInCatalog);
  const understood = understandWith(text, builtInCatalog.with(readings.flatMap(({ name, reading }) => typesOf(reading.items, name))));
  return whole === undefined ? understood : { ...understood, application: resolve(read(whole), builtInCatalog).application };
}

/** As `clocker.clouds` and hosts files have them. */
export function understandClouds(value: unknown, hosts: readonly HostConfig[]): ReadClouds {
  return readClouds(value, hosts, builtInCatalog);
}

/** The resolved application; undefined for a text without services. */
export function modelOfText(text: string): Model | undefined {
  return modelOf(read(text), builtInCatalog);
}
