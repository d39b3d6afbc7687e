// What a host in a container costs more than the engine that carries it: small questions to both.

import { localCloud } from '#core/cloud/localCloud.ts';
import { nestedContainerName, nestedEndpoint } from '#core/cloud/nestedHost.ts';
import { openCloud } from '../../../client/controller.ts';
import { connectDocker } from '../../../client/docker/dockerHost.ts';
import { Parents } from '../../../client/docker/nested/parents.ts';
import { noCredentials, type HostPort } from '../../../client/engine/ports.ts';
import { busyboxImage, engine, machineImage } from '../../support/lab.ts';
import { labCloud } from '../../support/lab/run.ts';

const questions = 50;

/** Milliseconds of one question, asked of the host through its parent, and of the parent. */
export async function askedThroughParent(): Promise<{ readonly nestedMs: number; readonly directMs: number }> {
  const parent = { name: 'parent', endpoint: `unix://${await engine()}` };
  const name = labCloud('through');
  const cloud = openCloud([parent]);
  const config = localCloud({ name, hosts: 1, on: parent.name, image: await machineImage() }, await cloud.settled());
  if (typeof config === 'string') throw new Error(config);
  const image = await busyboxImage();
  const parents = new Parents();
  const direct = connectDocker(parent, noCredentials, parents);
  const through = connectDocker({ name: `${name}-1`, endpoint: nestedEndpoint(parent.name, nestedContainerName(`${name}-1`)) }, noCredentials, parents);
  try {
    await cloud.createCloud(config);
    return { nestedMs: await timeOf(through, image), directMs: await timeOf(direct, image) };
  } finally {
    through.close();
    direct.close();
    await cloud.deleteCloud(name);
    cloud.dispose();
  }
}

async function timeOf(port: HostPort, image: string): Promise<number> {
  const { signal } = new AbortController();
  await port.hasImage(image, signal);
  const beganMs = performance.now();
  for (let times = 0; times < questions; times += 1) await port.hasImage(image, signal);
  return (performance.now() - beganMs) / questions;
}
