// `Clocker: Why Can't A Reach B?`: which two entities and which port, and then the answer with what to do.

import { ProgressLocation, window } from 'vscode';
import { verdict } from '#core/doctor/verdict.ts';
import { verdictDocument, verdictSentence } from '#core/view/doctor.ts';
import { chooseEntity } from './moveEntity.ts';
import type { Invoking } from './invoke.ts';
import { offer } from './offer.ts';

/** What is known of the question; the rest is asked for. */
export interface Question {
  readonly application?: string | undefined;
  readonly entity?: string | undefined;
  readonly other?: string | undefined;
  readonly port?: number | undefined;
}

const patienceMs = 15_000;

/** Gives the answer as it was shown. */
export async function whyNot(question: Question, { connection, plans }: Invoking): Promise<string | undefined> {
  const cloud = await connection.open();
  await cloud.settled(AbortSignal.timeout(patienceMs));
  const a = await chooseEntity(cloud, question, "Why Can't A Reach B?", 'A: who cannot reach somebody');
  if (a === undefined) return undefined;
  const b = await chooseEntity(cloud, { application: a.application, entity: question.other }, `Why Can't ${a.entityName} Reach B?`, 'B: who is not reached');
  if (b === undefined) return undefined;
  const port = question.port ?? (question.other === undefined ? await askForPort(b.entityName) : undefined);
  if (port === 'declined') return undefined;
  const found = verdict(await window.withProgress({ location: ProgressLocation.Notification, title: `Looking from ${a.entityName} to ${b.entityName}` }, () => cloud.diagnose(a, b, port)));
  const names = { a: a.entityName, b: b.entityName };
  const show = async (): Promise<void> => plans.show(a.application, verdictDocument(found, names), undefined, `From ${a.entityName} to ${b.entityName}.md`);
  const sentence = verdictSentence(found, names);
  if (found.broken === undefined) offer.information(sentence, { 'Show Checks': show });
  else offer.warning(sentence, { 'Show Checks': show });
  return sentence;
}

async function askForPort(name: string): Promise<number | undefined | 'declined'> {
  const text = await window.showInputBox({ title: 'Port', prompt: `A TCP port of ${name}; nothing for those that it declares`, validateInput: (value) => (value.trim() === '' || (/^\d+$/.test(value.trim()) && Number(value) > 0 && Number(value) < 65_536) ? undefined : 'A port is a number from 1 to 65535.') });
  if (text === undefined) return 'declined';
  return text.trim() === '' ? undefined : Number(text);
}
