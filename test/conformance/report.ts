// `npm run conformance`: what Clocker says of published blueprints, beside what Brooklyn says of them, as a table.

import { answerOf, coercionRows, wantedOf } from './coercions.ts';
import { absence, checkAll, checkInvalid, coverage, fileOf, isThere, show } from './corpus.ts';
import { findDefects } from './defects.ts';
import { deliberateErrors, notKnownBefore } from './exceptions.ts';
import { assertSame, expressionRows } from './expressions.ts';

if (!isThere) {
  console.log(`skipped: ${absence}`);
} else {
  const all = checkAll();
  const valid = all.filter(({ published }) => published.validYaml);
  const errors = valid.flatMap((file) => file.diagnostics.filter(({ severity }) => severity === 'error').map((error) => show(file, error)));
  const invalid = all.filter(({ published }) => !published.validYaml);
  const refused = checkInvalid();
  const defects = findDefects(all);
  const expressions = expressionRows(fileOf('dsl-parse.json'));
  const coercions = coercionRows(fileOf('coercion.json'));
  const { uses, known, unknown } = coverage(all);
  const sameTrees = expressions.filter((row) => doesNotThrow(() => assertSame(row))).length;
  const sameValues = coercions.filter((row) => answerOf(row) === wantedOf(row)).length;
  const inState = (state: string): number => defects.filter((defect) => defect.state === state).length;
  console.table({
    'expressions: same tree or both refuse': { count: sameTrees, of: expressions.length },
    'coercions: same value or both refuse': { count: sameValues, of: coercions.length },
    'valid files without an error': { count: valid.length - new Set(errors.map((error) => error.split(':')[0])).size, of: valid.length },
    'invalid YAML: an error': { count: invalid.filter(({ diagnostics }) => diagnostics.some(({ code }) => code === 'invalid-yaml')).length, of: invalid.length },
    'refused by upstream, refused here': { count: refused.filter((entry) => entry.errors.length > 0).length, of: refused.length - Object.keys(notKnownBefore).length },
    'defects that Clocker shipped, found': { count: inState('found'), of: inState('found') + inState('missed') },
    'uses of entity types that are known': { count: known, of: uses },
  });
  console.log(`\nErrors in files that upstream accepts (${errors.length}), each a real defect:`);
  for (const { error, reason } of deliberateErrors) console.log(`  ${error}: ${reason}`);
  console.log(`\nRefused by upstream, not to be known before (${Object.keys(notKnownBefore).length}):`);
  for (const [name, reason] of Object.entries(notKnownBefore)) console.log(`  ${name}: ${reason}`);
  console.log('\nDefects that are not found, and why:');
  for (const { defect, state, because } of defects) if (state !== 'found') console.log(`  ${state}: ${defect.rule} ${defect.path} ${defect.detail.slice(0, 80)}: ${because}`);
  console.log(`\nUnknown types, the most used first: ${unknown.slice(0, 12).map(([type, count]) => `${type} (${count})`).join(', ')}`);
}

function doesNotThrow(run: () => void): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
