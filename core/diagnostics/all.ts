// Every diagnostic's definition, by code: the table that tests, documentation and the language server go through.

import type { Code } from '#core/diagnostics/codes.ts';
import { catalogCycle } from '#core/diagnostics/catalogCycle.ts';
import { catalogIdentity } from '#core/diagnostics/catalogIdentity.ts';
import { conflictingKeys } from '#core/diagnostics/conflictingKeys.ts';
import { constraintViolated } from '#core/diagnostics/constraintViolated.ts';
import { duplicateId } from '#core/diagnostics/duplicateId.ts';
import { duplicateItem } from '#core/diagnostics/duplicateItem.ts';
import { duplicateKey } from '#core/diagnostics/duplicateKey.ts';
import { emptyServices } from '#core/diagnostics/emptyServices.ts';
import { invalidImage } from '#core/diagnostics/invalidImage.ts';
import { invalidParameter } from '#core/diagnostics/invalidParameter.ts';
import { invalidYaml } from '#core/diagnostics/invalidYaml.ts';
import { missingKey } from '#core/diagnostics/missingKey.ts';
import { misspeltKey } from '#core/diagnostics/misspeltKey.ts';
import { notDeployable } from '#core/diagnostics/notDeployable.ts';
import { oldKeyName } from '#core/diagnostics/oldKeyName.ts';
import { oldTypeName } from '#core/diagnostics/oldTypeName.ts';
import { outOfRange } from '#core/diagnostics/outOfRange.ts';
import type { Rule } from '#core/diagnostics/rule.ts';
import { surprisingValue } from '#core/diagnostics/surprisingValue.ts';
import { tooLarge } from '#core/diagnostics/tooLarge.ts';
import { undeclaredNetwork } from '#core/diagnostics/undeclaredNetwork.ts';
import { unknownKey } from '#core/diagnostics/unknownKey.ts';
import { unknownType } from '#core/diagnostics/unknownType.ts';
import { unquotedVersion } from '#core/diagnostics/unquotedVersion.ts';
import { whitespaceInKey } from '#core/diagnostics/whitespaceInKey.ts';
import { wrongShape } from '#core/diagnostics/wrongShape.ts';
import { wrongValue } from '#core/diagnostics/wrongValue.ts';
import { yamlSurprise } from '#core/diagnostics/yamlSurprise.ts';

export const rules: Readonly<Record<Code, Rule>> = {
  'catalog-cycle': catalogCycle,
  'catalog-identity': catalogIdentity,
  'conflicting-keys': conflictingKeys,
  'constraint-violated': constraintViolated,
  'duplicate-id': duplicateId,
  'duplicate-item': duplicateItem,
  'duplicate-key': duplicateKey,
  'empty-services': emptyServices,
  'invalid-image': invalidImage,
  'invalid-parameter': invalidParameter,
  'invalid-yaml': invalidYaml,
  'missing-key': missingKey,
  'misspelt-key': misspeltKey,
  'not-deployable': notDeployable,
  'old-key-name': oldKeyName,
  'old-type-name': oldTypeName,
  'out-of-range': outOfRange,
  'surprising-value': surprisingValue,
  'too-large': tooLarge,
  'undeclared-network': undeclaredNetwork,
  'unknown-key': unknownKey,
  'unknown-type': unknownType,
  'unquoted-version': unquotedVersion,
  'whitespace-in-key': whitespaceInKey,
  'wrong-shape': wrongShape,
  'wrong-value': wrongValue,
  'yaml-surprise': yamlSurprise,
};
