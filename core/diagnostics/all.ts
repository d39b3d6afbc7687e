// Every diagnostic's definition, by code: the table that tests, documentation and the language server go through.

import type { Code } from '#core/diagnostics/codes.ts';
import { conflictingKeys } from '#core/diagnostics/conflictingKeys.ts';
import { duplicateKey } from '#core/diagnostics/duplicateKey.ts';
import { emptyServices } from '#core/diagnostics/emptyServices.ts';
import { invalidImage } from '#core/diagnostics/invalidImage.ts';
import { invalidYaml } from '#core/diagnostics/invalidYaml.ts';
import { missingKey } from '#core/diagnostics/missingKey.ts';
import { misspeltKey } from '#core/diagnostics/misspeltKey.ts';
import { notDeployable } from '#core/diagnostics/notDeployable.ts';
import { oldTypeName } from '#core/diagnostics/oldTypeName.ts';
import { outOfRange } from '#core/diagnostics/outOfRange.ts';
import type { Rule } from '#core/diagnostics/rule.ts';
import { surprisingValue } from '#core/diagnostics/surprisingValue.ts';
import { tooLarge } from '#core/diagnostics/tooLarge.ts';
import { unknownType } from '#core/diagnostics/unknownType.ts';
import { unquotedVersion } from '#core/diagnostics/unquotedVersion.ts';
import { whitespaceInKey } from '#core/diagnostics/whitespaceInKey.ts';
import { wrongShape } from '#core/diagnostics/wrongShape.ts';
import { wrongValue } from '#core/diagnostics/wrongValue.ts';
import { yamlSurprise } from '#core/diagnostics/yamlSurprise.ts';

export const rules: Readonly<Record<Code, Rule>> = {
  'conflicting-keys': conflictingKeys,
  'duplicate-key': duplicateKey,
  'empty-services': emptyServices,
  'invalid-image': invalidImage,
  'invalid-yaml': invalidYaml,
  'missing-key': missingKey,
  'misspelt-key': misspeltKey,
  'not-deployable': notDeployable,
  'old-type-name': oldTypeName,
  'out-of-range': outOfRange,
  'surprising-value': surprisingValue,
  'too-large': tooLarge,
  'unknown-type': unknownType,
  'unquoted-version': unquotedVersion,
  'whitespace-in-key': whitespaceInKey,
  'wrong-shape': wrongShape,
  'wrong-value': wrongValue,
  'yaml-surprise': yamlSurprise,
};
