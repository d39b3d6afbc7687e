// Effectors from the palette and the tree: which application, entity and effector, its arguments, and then a plan to be approved
// or a command whose output is shown.

import { ProgressLocation, type QuickPickItem, window } from 'vscode';
import type { Application, LiveEntity } from '#core/blueprint/application.ts';
import type { Effector } from '#core/effectors/effector.ts';
import { signature } from '#core/view/effectors.ts';
import { changeQuestion, planDocument, refusalSentence } from '#core/view/words.ts';
import type { Cloud, CommandEffector, RequestEffector } from '../engine/cloud.ts';
import { effectorNamed, entityNamed, prepare, type Order } from '../engine/effects.ts';
import { carryOut } from './carryOut.ts';
import { chooseApplication } from './deleteApplication.ts';
import type { Deploying, Ending } from './deploy.ts';
import type { ReadDeployed } from './liveSensors.ts';
import { offer } from './offer.ts';
import { settings } from './settings.ts';

export interface Invoking extends Deploying {
  readonly readDeployed: ReadDeployed;
}

/** What is known of the wish; the rest is asked for. */
export interface Wish {
  readonly application?: string | undefined;
  readonly entity?: string | undefined;
  readonly effector?: string | undefined;
  /** Meant is the application itself, where no entity is named. */
  readonly isWhole?: boolean;
  /** By the names of the parameters. */
  readonly given?: Readonly<Record<string, string>> | undefined;
}

const patienceMs = 15_000;

export async function invokeEffector(wish: Wish, invoking: Invoking): Promise<Ending> {
  const cloud = await invoking.connection.open();
  await cloud.settled(AbortSignal.timeout(patienceMs));
  const id = wish.application ?? (await chooseApplication(cloud, 'Invoke Effector'));
  if (id === undefined) return 'declined';
  const { application, whole } = await invoking.readDeployed(cloud, id);
  const { entities } = await window.withProgress({ location: ProgressLocation.Window, title: `Reading ${application.name}` }, () => cloud.sense(application, { maxAgeMs: patienceMs }));
  const chosen = await choose(entities, wish);
  if (chosen === undefined) return 'declined';
  const { entity, effector } = chosen;
  const given = wish.given ?? (await askFor(effector));
  if (given === undefined) return 'declined';
  return obey({ entity, effector, given }, { id, cloud, application, whole: () => whole(cloud) }, invoking);
}

interface Ground {
  readonly id: string;
  readonly cloud: Cloud;
  readonly application: Application;
  readonly whole: () => Promise<Application>;
}

async function obey(order: Order, ground: Ground, invoking: Invoking): Promise<Ending> {
  const { entity, effector, given } = order;
  const { id, cloud, application, whole } = ground;
  const prepared = await prepare(order, cloud, application, whole);
  if (prepared.kind === 'command') return run(prepared.effector, prepared.env, prepared.entities, id, cloud, invoking);
  if (prepared.kind === 'steps') {
    for (const step of prepared.steps) {
      const ending = await obey(step, ground, invoking);
      if (ending !== 'done' && ending !== 'unchanged') return ending;
    }
    return 'done';
  }
  const { plan } = prepared;
  const refusal = refusalSentence('change', plan);
  if (refusal !== undefined) {
    offer.error(refusal, { 'Show Plan': () => invoking.plans.show(plan.applicationName, planDocument(plan), undefined) });
    return 'refused';
  }
  if (plan.actions.length === 0) {
    offer.information(`${entity.name} is so already; there is nothing to do.`);
    return 'unchanged';
  }
  if (settings().confirmDeploy) {
    const title = effector.name;
    const { message, detail } = changeQuestion(`${title} ${entity.name}`, plan);
    if ((await window.showInformationMessage(message, { modal: true, detail }, 'Go Ahead')) !== 'Go Ahead') return 'declined';
  }
  const outcome = await carryOut(cloud, plan, 'change', invoking, `${effector.name} of ${entity.name}`);
  if (outcome.kind === 'outdated') offer.warning(`The hosts have changed since ${effector.name} of ${entity.name} was planned; nothing was done.`, { 'Plan Again': async () => void (await invokeEffector({ application: id, entity: entity.key, effector: effector.name, given }, invoking)) });
  return outcome.kind;
}

interface Chosen {
  readonly entity: LiveEntity;
  readonly effector: Effector;
}

async function choose(entities: readonly LiveEntity[], wish: Wish): Promise<Chosen | undefined> {
  // The application comes first.
  const known = wish.entity !== undefined ? entityNamed(entities, wish.entity) : wish.isWhole === true && wish.effector !== undefined ? entities[0] : undefined;
  const among = known ? [known] : entities;
  if (wish.effector !== undefined && known) return { entity: known, effector: effectorNamed(known, wish.effector) };
  const items = among.flatMap((entity) =>
    entity.effectors.flatMap((effector): (QuickPickItem & { readonly chosen: Chosen })[] =>
      wish.effector !== undefined && effector.name !== wish.effector ? [] : [{ label: signature(effector), description: known ? '' : entity.name, detail: effector.description, chosen: { entity, effector } }],
    ),
  );
  if (items.length === 0) {
    offer.information('There is no such effector.');
    return undefined;
  }
  return (await window.showQuickPick(items, { title: known ? `Effectors of ${known.name}` : 'Invoke Effector', placeHolder: 'What is to be done', matchOnDescription: true, matchOnDetail: true }))?.chosen;
}

async function askFor({ name, parameters }: Effector): Promise<Readonly<Record<string, string>> | undefined> {
  const given: Record<string, string> = {};
  for (const [index, parameter] of parameters.entries()) {
    const value = await window.showInputBox({
      title: `${name} (${index + 1} of ${parameters.length})`,
      prompt: [parameter.name, parameter.description ?? ''].filter((part) => part !== '').join(': '),
      ignoreFocusOut: true,
      ...(parameter.default !== undefined && { value: parameter.default }),
    });
    if (value === undefined) return undefined;
    given[parameter.name] = value;
  }
  return given;
}

async function run(effector: CommandEffector | RequestEffector, env: Readonly<Record<string, string>>, entities: readonly string[], application: string, cloud: Cloud, { log }: Invoking): Promise<Ending> {
  const title = `${effector.name} of ${entities.join(', ')}`;
  log.info(title);
  const ends = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    return cloud.invoke(application, effector, env, entities, { signal: stop.signal, onLine: (entity, { text }) => log.info(`${entity} | ${text}`) });
  });
  const problems = ends.flatMap(({ entity, end }) => (end.kind === 'failed' ? [end.problem] : end.code === 0 ? [] : [`${effector.name} in ${entity} ended with exit code ${end.code}`]));
  for (const problem of problems) log.error(problem);
  const show = { 'Show Output': () => log.show(true) };
  if (problems[0] !== undefined) offer.error(problems[0], show);
  else offer.information(`${title}: done.`, show);
  return problems.length === 0 ? 'done' : 'failed';
}
