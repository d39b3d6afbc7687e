// A plan kept in a file until somebody carries it out: what is to be done, for people and programs, where its blueprint is, and
// a seal. No secret is in it: whoever carries it out reads the blueprint again, and the seal tells whether the same plan comes
// out. What the seal is made from may be secret and short, so it is made slow to guess.

import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Plan } from '#core/plan/plan.ts';
import { UsageError } from './command.ts';
import { planJson } from './planJson.ts';

const format = 'clocker-plan/1';
const hashBytes = 32;
/** About a tenth of a second. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 2 ** 20 };

export interface PlanFile {
  /** Absolute. */
  readonly blueprint: string;
  /** Hosts that counted as lost. */
  readonly without: readonly string[];
  /** Whether `plan` is the one that was saved. */
  readonly isOf: (plan: Plan) => boolean;
}

export async function writePlanFile(file: string, blueprint: string, plan: Plan): Promise<void> {
  const salt = randomBytes(16);
  const kept = { format, blueprint: resolve(blueprint), seal: { salt: salt.toString('hex'), hash: scryptSync(plan.hash, salt, hashBytes, cost).toString('hex') }, plan: planJson(plan) };
  await writeFile(file, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });
}

export async function readPlanFile(file: string): Promise<PlanFile> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(`${file} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'it failed'})`);
  });
  const kept = object(parsed(text));
  const seal = object(kept['seal']);
  const [blueprint, salt, hash] = [kept['blueprint'], seal['salt'], seal['hash']];
  const lost = object(kept['plan'])['without'];
  const without = Array.isArray(lost) ? lost.filter((host) => typeof host === 'string') : [];
  if (kept['format'] !== format || typeof blueprint !== 'string' || typeof salt !== 'string' || typeof hash !== 'string' || hash.length !== hashBytes * 2) {
    throw new UsageError(`${file} is no plan; make one with: clocker plan BLUEPRINT --out ${file}`);
  }
  return { blueprint, without, isOf: (plan) => timingSafeEqual(scryptSync(plan.hash, Buffer.from(salt, 'hex'), hashBytes, cost), Buffer.from(hash, 'hex')) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
