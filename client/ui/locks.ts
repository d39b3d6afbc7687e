// The lock of an application, broken by a person who knows that nobody works on it any more.

import { type LogOutputChannel, window } from 'vscode';
import { lockSentence } from '#core/record/lock.ts';
import type { Cloud } from '../engine/cloud.ts';
import { offer } from './offer.ts';

export async function breakLock(cloud: Cloud, application: string, applicationName: string, log: LogOutputChannel): Promise<void> {
  const locks = await cloud.locks(application);
  const [lock] = locks;
  if (lock === undefined) {
    offer.information(`Nobody is working on ${applicationName}.`);
    return;
  }
  const detail = `${lockSentence(lock)}. If that still goes on, two would change the same containers at once. What is broken off is in the history, and deploying again finishes it.`;
  if ((await window.showWarningMessage(`Break the lock of ${applicationName}?`, { modal: true, detail }, 'Break Lock')) !== 'Break Lock') return;
  await cloud.unlock(application);
  log.info(`The lock of ${applicationName} was broken: ${lockSentence(lock)}.`);
  offer.information(`${applicationName} can be deployed again.`);
}
