// The documentation of the diagnostics: one page a code, made from its definition.

import { rules } from '#core/diagnostics/all.ts';
import type { Rule } from '#core/diagnostics/rule.ts';

export function diagnosticPages(): Readonly<Record<string, string>> {
  const all: readonly Rule[] = Object.values(rules);
  return {
    'docs/diagnostics/README.md': index(all),
    ...Object.fromEntries(all.map((rule) => [`docs/diagnostics/${rule.code}.md`, page(rule)])),
  };
}

function index(all: readonly Rule[]): string {
  const rows = all.map(({ code, severity, title, fixed }) => `| [${code}](${code}.md) | ${severity} | ${title} | ${fixed === undefined ? '' : 'yes'} |`);
  return `# Diagnostics\n\nEverything that Clocker says about a blueprint, by code.\n\n| code | severity | what | quick fix |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function page({ code, severity, title, why, example, fixed }: Rule): string {
  const mended = fixed === undefined ? '' : `\n## Fixed\n\n\`\`\`yaml\n${withoutCarets(fixed)}\n\`\`\`\n`;
  return `# ${code}\n\n**${title}** (${severity})\n\n${why}\n\n## Example\n\n\`\`\`yaml\n${example.trim()}\n\`\`\`\n${mended}`;
}

function withoutCarets(text: string): string {
  return text.trim().split('\n').filter((line) => !/^#\s*\^/.test(line)).join('\n');
}
