// `Clocker: Explain Placement`: for each entity of a blueprint every host, how it ranked or why not, as a document beside it.

import { ProgressLocation, window } from 'vscode';
import { explanationLines } from '#core/view/explanation.ts';
import { understandActive, type Deploying } from './deploy.ts';

export async function explainPlacement(uri: Parameters<typeof understandActive>[0], deploying: Deploying): Promise<void> {
  const understood = await understandActive(uri, deploying);
  if (typeof understood === 'string') return;
  const { application, document } = understood;
  const cloud = await deploying.connection.open();
  const explained = await window.withProgress({ location: ProgressLocation.Window, title: `Explaining ${application.name}` }, () => cloud.explain(application));
  await deploying.plans.show(application.name, [`# Placement of ${application.name}`, '', ...explanationLines(explained), ''].join('\n'), document.uri, `Placement of ${application.name}.txt`);
}
