// Puts the user interface together: views, commands, status bar, language client. Nothing here connects to a host; that
// happens when a view comes on screen or a command needs it.

import { commands, type Disposable, type ExtensionContext, window } from 'vscode';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { ReadClouds } from '#core/cloud/config.ts';
import { applicationsView } from '#core/view/applications.ts';
import { hostsView } from '#core/view/hosts.ts';
import { networksView } from '#core/view/networks.ts';
import type { ViewNode } from '#core/view/node.ts';
import { withSensors } from '#core/view/sensors.ts';
import { applicationProblems, hostProblems, situationOf } from '#core/view/status.ts';
import { watchActiveEditor } from './blueprints.ts';
import { type Building, Builds } from './build.ts';
import { watchDockerfiles } from './buildLens.ts';
import { guarded, registerCommands } from './commands.ts';
import { OpenPorts } from './forwardPort.ts';
import { tellBlocks } from './blocksInUse.ts';
import { Connection } from './connection.ts';
import { KeptCredentials } from './credentials.ts';
import { type ContextHost, watchHostSettings } from './hosts.ts';
import { answerImages } from './knownImages.ts';
import { languageClient } from './languageClient.ts';
import { LiveSensors, type ReadDeployed } from './liveSensors.ts';
import { Logs } from './logs.ts';
import { networkDrag } from './networkDrag.ts';
import type { Packaging } from './packageDockerfile.ts';
import { PlanDocuments } from './planDocument.ts';
import { type FollowPolicies, watchPolicies } from './policies.ts';
import { RegistriesTree } from './registriesTree.ts';
import { StatusBar } from './statusBar.ts';
import { Tree } from './tree.ts';
import { watchNeeds } from './unlock.ts';
import type { Cloud, Understand } from '../engine/cloud.ts';
import type { HostConfig } from '#core/host/config.ts';
import type { Credentials } from '../engine/ports.ts';
import type { Registries } from '../engine/registries.ts';

/** What the user interface needs of the rest of Clocker, loaded when it is first called. */
export interface Wiring {
  readonly openCloud: (hosts: readonly HostConfig[], credentials: Credentials, clouds: readonly CloudConfig[]) => Promise<Cloud>;
  /** As the setting has them. */
  readonly readClouds: (value: unknown, hosts: readonly HostConfig[]) => Promise<ReadClouds>;
  /** The Docker contexts of this machine. */
  readonly readContexts: () => Promise<readonly ContextHost[]>;
  readonly registriesFor: (credentials: Credentials) => Registries;
  readonly understand: Understand;
  readonly readDeployed: ReadDeployed;
  readonly followPolicies: FollowPolicies;
  readonly buildSource: Building['buildSource'];
  readonly packageSource: Packaging['packageSource'];
}

/** Gives back how to stop: everything that was started has ended when that resolves. */
export function start(context: ExtensionContext, { openCloud, readClouds, readContexts, registriesFor, understand, readDeployed, followPolicies, buildSource, packageSource }: Wiring): () => Promise<void> {
  const log = window.createOutputChannel('Clocker', { log: true });
  const onError = (error: unknown): void => void guarded(() => Promise.reject(error), log);
  const credentials = new KeptCredentials(context.secrets);
  const connection = new Connection((hosts, clouds) => openCloud(hosts, credentials, clouds), async (value, hosts) => (isUnset(value) ? [] : (await readClouds(value, hosts)).clouds));
  const registries = registriesFor(credentials);
  const statusBar = new StatusBar(connection);
  const plans = new PlanDocuments();
  const logs = new Logs(connection);
  const ports = new OpenPorts(connection);
  const builds = new Builds();
  const node = (id: string): ViewNode | undefined => applications.node(id) ?? hosts.node(id) ?? networks.node(id) ?? registriesTree.node(id);
  const applications: Tree = new Tree({ viewId: 'clocker.applications', nodes: (observed) => withSensors(applicationsView(observed)), problems: applicationProblems, live: new LiveSensors(connection, readDeployed), dragAndDrop: networkDrag(node, false) }, connection, onError);
  const networks: Tree = new Tree({ viewId: 'clocker.networks', nodes: networksView, problems: () => 0, dragAndDrop: networkDrag(node, true) }, connection, onError);
  const hosts: Tree = new Tree({ viewId: 'clocker.hosts', nodes: hostsView, problems: hostProblems }, connection, onError);
  const registriesTree = new RegistriesTree(registries, credentials);
  const subscriptions: Disposable[] = [
    log,
    statusBar,
    plans,
    logs,
    ports,
    builds,
    watchDockerfiles(),
    applications,
    hosts,
    networks,
    registriesTree,
    connection.onChange((observed) => void commands.executeCommand('setContext', 'clocker.situation', situationOf(observed))),
    ...watchActiveEditor(),
    watchPolicies(connection, followPolicies, log),
    watchNeeds({ connection, credentials }),
    watchHostSettings(async (value, hosts) => (isUnset(value) ? [] : (await readClouds(value, hosts)).problems)),
    ...registerCommands({
      connection,
      credentials,
      registries,
      registriesChanged: () => registriesTree.refresh(),
      readContexts,
      understand,
      readDeployed,
      plans,
      logs,
      ports,
      builds,
      buildSource,
      packageSource,
      log,
      statusBar,
      extensionUri: context.extensionUri,
      node,
      reveal: (application) => applications.reveal(`application/${application}`),
    }),
  ];
  const client = languageClient(context);
  answerImages(client, connection, registries);
  const blocks = tellBlocks(client, connection);
  // The server starts beside the rest: an editor does not wait for it.
  void guarded(() => client.start().then(() => blocks.begin()), log);
  return async () => {
    blocks.dispose();
    for (const subscription of subscriptions) subscription.dispose();
    await Promise.all([connection.dispose(), client.dispose()]);
  };
}

/** Reading clouds takes the catalog, which nobody waits for who has none. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
