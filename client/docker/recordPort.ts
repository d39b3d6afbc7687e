// The part of the port that remembers: records and locks on a Docker Engine.

import type Docker from 'dockerode';
import type { RecordPort } from '../engine/recordPort.ts';
import { listLocks, takeLock } from './locks.ts';
import { statusCode } from './problems.ts';
import { raced } from './calls.ts';
import { listRecords, readRecord, removeRecord, writeRecord } from './records.ts';
import { listShared, readShared, removeShared, writeShared } from './sharedRecords.ts';

/** A Swarm that has lost its managers answers late, or never. */
const swarmWithinMs = 2000;

/** `ask` makes a sentence of whatever goes wrong. */
export function recordPort(host: string, ask: <T>(work: (docker: Docker) => Promise<T>) => Promise<T>): RecordPort {
  return {
    list: (signal) =>
      ask(async (docker) => {
        const limited = AbortSignal.any([signal, AbortSignal.timeout(swarmWithinMs)]);
        const [own, shared] = await Promise.all([listRecords(docker, signal), raced(listShared(docker, limited), limited).catch(() => [])]);
        return [...own, ...shared];
      }),
    read: (application, revision) => ask(async (docker) => (await readRecord(docker, application, revision)) ?? readShared(docker, application, revision)),
    write: (record, store) =>
      ask(async (docker) => {
        if (store === 'swarm') return writeShared(docker, record);
        await writeRecord(docker, record);
        return true;
      }),
    remove: (application, revision, store) =>
      ask(async (docker) => {
        if (store !== 'swarm') await removeRecord(docker, application, revision);
        if (store !== 'host') await removeShared(docker, application, revision);
      }),
    lock: (lock) => ask((docker) => takeLock(docker, lock)),
    locks: (application, signal) => ask((docker) => listLocks(docker, host, application, signal)),
    unlock: (lockId) =>
      ask(async (docker) => {
        await docker
          .getContainer(lockId)
          .remove({ v: true })
          .catch((error: unknown) => {
            // 409: somebody else is removing it already.
            if (![404, 409].includes(statusCode(error) ?? 0)) throw error;
          });
      }),
    holdings: (containerId) =>
      ask(async (docker) => {
        const { Config } = await docker.getContainer(containerId).inspect();
        const listOf = (value: string | readonly string[] | null | undefined): readonly string[] | undefined => (typeof value === 'string' ? [value] : (value ?? undefined));
        const [entrypoint, command] = [listOf(Config.Entrypoint), listOf(Config.Cmd)];
        const env = Object.fromEntries((Config.Env ?? []).map((line): [string, string] => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
        return { env, ...(entrypoint && { entrypoint }), ...(command && { command }) };
      }),
  };
}
