// The part of the port that remembers: records and locks on a Docker Engine.

import type Docker from 'dockerode';
import type { RecordPort } from '../engine/recordPort.ts';
import { listLocks, takeLock } from './locks.ts';
import { statusCode } from './problems.ts';
import { listRecords, readRecord, removeRecord, writeRecord } from './records.ts';

/** `ask` makes a sentence of whatever goes wrong. */
export function recordPort(host: string, ask: <T>(work: (docker: Docker) => Promise<T>) => Promise<T>): RecordPort {
  return {
    list: (signal) => ask((docker) => listRecords(docker, signal)),
    read: (application, revision) => ask((docker) => readRecord(docker, application, revision)),
    write: (record) => ask((docker) => writeRecord(docker, record)),
    remove: (application, revision) => ask((docker) => removeRecord(docker, application, revision)),
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
