// The sensors of an entity in the view "Applications": a folded branch under it, and what is in it once somebody opens it.

import type { LiveEntity } from '#core/blueprint/application.ts';
import { literal, type ViewNode } from '#core/view/node.ts';

/** The same tree, each entity with a branch for its sensors, empty until it is opened. */
export function withSensors(applications: readonly ViewNode[]): readonly ViewNode[] {
  return applications.map((application) => Object.assign({}, application, { children: application.children.map((entity) => Object.assign({}, entity, { children: [...entity.children, ...branchOf(entity)] })) }));
}

function branchOf({ id, label, subject }: ViewNode): readonly ViewNode[] {
  if (subject.kind !== 'entity') return [];
  return [
    {
      id: `${id}/sensors`,
      subject: { kind: 'sensors', application: subject.application, entity: subject.entity },
      label: 'Sensors',
      description: '',
      icon: { id: 'pulse' },
      tooltip: `What ${literal(label)} tells: read when this is open, and read again every few seconds`,
      contextValue: 'sensors',
      accessibilityLabel: `Sensors of ${label}`,
      isBranch: true,
      isFolded: true,
      children: [],
    },
  ];
}

/** `branch` is the id of the branch. Sensors that could not be read come last, with the reason. */
export function sensorNodes(branch: string, application: string, { key, sensors }: LiveEntity, problems: readonly { readonly entity: string; readonly sensor: string; readonly problem: string }[]): readonly ViewNode[] {
  const unread = problems.filter(({ entity, sensor }) => entity === key && !sensors.some(({ name }) => name === sensor));
  return [
    ...sensors.map(({ name, shown }) => sensorNode(branch, application, key, { name, text: shown, isProblem: false })),
    ...unread.map(({ sensor, problem }) => sensorNode(branch, application, key, { name: sensor, text: problem, isProblem: true })),
  ];
}

function sensorNode(branch: string, application: string, entity: string, { name, text, isProblem }: { readonly name: string; readonly text: string; readonly isProblem: boolean }): ViewNode {
  return {
    id: `${branch}/${name}`,
    subject: { kind: 'sensor', application, entity, sensor: name, value: text },
    label: name,
    description: isProblem ? 'could not be read' : text,
    icon: isProblem ? { id: 'warning', colour: 'list.warningForeground' } : { id: 'symbol-variable' },
    tooltip: `**${literal(name)}**\n\n${literal(text)}`,
    contextValue: 'sensor',
    accessibilityLabel: `Sensor ${name}, ${isProblem ? `could not be read: ${text}` : text}`,
    isBranch: false,
    children: [],
  };
}
