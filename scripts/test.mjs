// `npm test`: sets everything up, then runs everything that can fail. `npm test -- PART` runs the test files whose path contains PART.

import { fileURLToPath } from 'node:url';
import { afterSetup } from './setup.mjs';

await afterSetup(fileURLToPath(import.meta.url), async () => {
  const { test } = await import('./test.ts');
  return await test(process.argv.slice(2));
});
