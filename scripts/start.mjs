// `npm start`: from a fresh clone to an open VS Code with Clocker in it. Options: --no-open, --deploy FILE.

import { fileURLToPath } from 'node:url';
import { afterSetup } from './setup.mjs';

await afterSetup(fileURLToPath(import.meta.url), async () => {
  const { start } = await import('./start.ts');
  return await start(process.argv.slice(2));
});
