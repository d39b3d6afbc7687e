// `clocker plan FILE`: says what a deployment would do, and does nothing.

import { downHosts } from '#core/plan/lost.ts';
import type { Plan } from '#core/plan/plan.ts';
import { render } from '#core/plan/render.ts';
import { readApplication } from './blueprintFile.ts';
import { hostOptions, type Command } from './command.ts';
import { withCloud } from './hosts.ts';
import { writePlanFile } from './planFile.ts';
import { planJson } from './planJson.ts';
import type { Style, Terminal } from './terminal.ts';

export const plan: Command = {
  name: 'plan',
  operands: 'FILE',
  operandCount: { least: 1, most: 1 },
  sentence: 'say what a deployment of the blueprint would do',
  options: [...hostOptions, 'without', 'out', 'json'],
  run: async (invocation) => {
    const { operands, without, isJson, out, terminal } = invocation;
    const [file = ''] = operands;
    const application = await readApplication(file, terminal);
    if (application === undefined) return 1;
    const made = await withCloud(invocation, (cloud) => terminal.planning(() => cloud.plan(application, { without })));
    if (isJson) terminal.print(JSON.stringify(planJson(made), undefined, 2));
    else printPlan(made, terminal);
    if (out !== undefined && made.refusals.length === 0) await writePlanFile(out, file, made);
    return made.refusals.length === 0 ? 0 : 1;
  },
};

const styles: Readonly<Record<string, Style>> = { '+': 'green', '~': 'yellow', '-': 'red', '!': 'red' };

export function printPlan(made: Plan, terminal: Terminal): void {
  for (const line of render(made)) {
    const style = styles[line[0] ?? ''];
    terminal.print(style === undefined ? line : terminal.paint(style, line));
  }
  const down = downHosts(made.refusals);
  const options = [...(made.without ?? []), ...down].map((host) => `--without ${host}`).join(' ');
  if (down.length > 0) terminal.complain(`if ${down.length === 1 ? `host ${down[0] ?? ''} is` : `hosts ${down.join(', ')} are`} lost, go ahead with: ${options}`);
}
