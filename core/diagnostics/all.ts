// Every diagnostic's definition, by code: the table that tests, documentation and the language server go through.

import type { Code } from '#core/diagnostics/codes.ts';
import { catalogCycle } from '#core/diagnostics/catalogCycle.ts';
import { catalogIdentity } from '#core/diagnostics/catalogIdentity.ts';
import { conflictingKeys } from '#core/diagnostics/conflictingKeys.ts';
import { constraintViolated } from '#core/diagnostics/constraintViolated.ts';
import { dslSyntax } from '#core/diagnostics/dslSyntax.ts';
import { duplicateId } from '#core/diagnostics/duplicateId.ts';
import { duplicateItem } from '#core/diagnostics/duplicateItem.ts';
import { duplicateKey } from '#core/diagnostics/duplicateKey.ts';
import { emptyServices } from '#core/diagnostics/emptyServices.ts';
import { extraDocument } from '#core/diagnostics/extraDocument.ts';
import { headroomConflict } from '#core/diagnostics/headroomConflict.ts';
import { invalidAffinityRule } from '#core/diagnostics/invalidAffinityRule.ts';
import { invalidImage } from '#core/diagnostics/invalidImage.ts';
import { invalidLocation } from '#core/diagnostics/invalidLocation.ts';
import { invalidParameter } from '#core/diagnostics/invalidParameter.ts';
import { invalidYaml } from '#core/diagnostics/invalidYaml.ts';
import { missingKey } from '#core/diagnostics/missingKey.ts';
import { mappedNetwork } from '#core/diagnostics/mappedNetwork.ts';
import { misspeltKey } from '#core/diagnostics/misspeltKey.ts';
import { notDeployable } from '#core/diagnostics/notDeployable.ts';
import { oldKeyName } from '#core/diagnostics/oldKeyName.ts';
import { oldTypeName } from '#core/diagnostics/oldTypeName.ts';
import { outOfRange } from '#core/diagnostics/outOfRange.ts';
import { outOfScopeReference } from '#core/diagnostics/outOfScopeReference.ts';
import { overlappingSubnets } from '#core/diagnostics/overlappingSubnets.ts';
import { recursiveReference } from '#core/diagnostics/recursiveReference.ts';
import type { Rule } from '#core/diagnostics/rule.ts';
import { surprisingValue } from '#core/diagnostics/surprisingValue.ts';
import { tooLarge } from '#core/diagnostics/tooLarge.ts';
import { undeclaredNetwork } from '#core/diagnostics/undeclaredNetwork.ts';
import { unknownConfigKeyReference } from '#core/diagnostics/unknownConfigKeyReference.ts';
import { unknownEntityReference } from '#core/diagnostics/unknownEntityReference.ts';
import { unknownFunction } from '#core/diagnostics/unknownFunction.ts';
import { unknownKey } from '#core/diagnostics/unknownKey.ts';
import { unknownScope } from '#core/diagnostics/unknownScope.ts';
import { unknownSensor } from '#core/diagnostics/unknownSensor.ts';
import { unknownType } from '#core/diagnostics/unknownType.ts';
import { unquotedVersion } from '#core/diagnostics/unquotedVersion.ts';
import { unreadableSource } from '#core/diagnostics/unreadableSource.ts';
import { whitespaceInKey } from '#core/diagnostics/whitespaceInKey.ts';
import { wrongAddress } from '#core/diagnostics/wrongAddress.ts';
import { wrongArguments } from '#core/diagnostics/wrongArguments.ts';
import { wrongShape } from '#core/diagnostics/wrongShape.ts';
import { wrongValue } from '#core/diagnostics/wrongValue.ts';
import { yamlSurprise } from '#core/diagnostics/yamlSurprise.ts';

export const rules: Readonly<Record<Code, Rule>> = {
  'catalog-cycle': catalogCycle,
  'catalog-identity': catalogIdentity,
  'conflicting-keys': conflictingKeys,
  'constraint-violated': constraintViolated,
  'dsl-syntax': dslSyntax,
  'duplicate-id': duplicateId,
  'duplicate-item': duplicateItem,
  'duplicate-key': duplicateKey,
  'empty-services': emptyServices,
  'extra-document': extraDocument,
  'headroom-conflict': headroomConflict,
  'invalid-affinity-rule': invalidAffinityRule,
  'invalid-image': invalidImage,
  'invalid-location': invalidLocation,
  'invalid-parameter': invalidParameter,
  'invalid-yaml': invalidYaml,
  'missing-key': missingKey,
  'mapped-network': mappedNetwork,
  'misspelt-key': misspeltKey,
  'not-deployable': notDeployable,
  'old-key-name': oldKeyName,
  'old-type-name': oldTypeName,
  'out-of-range': outOfRange,
  'out-of-scope-reference': outOfScopeReference,
  'overlapping-subnets': overlappingSubnets,
  'recursive-reference': recursiveReference,
  'surprising-value': surprisingValue,
  'too-large': tooLarge,
  'undeclared-network': undeclaredNetwork,
  'unknown-config-key-reference': unknownConfigKeyReference,
  'unknown-entity-reference': unknownEntityReference,
  'unknown-function': unknownFunction,
  'unknown-key': unknownKey,
  'unknown-scope': unknownScope,
  'unknown-sensor': unknownSensor,
  'unknown-type': unknownType,
  'unquoted-version': unquotedVersion,
  'unreadable-source': unreadableSource,
  'whitespace-in-key': whitespaceInKey,
  'wrong-address': wrongAddress,
  'wrong-arguments': wrongArguments,
  'wrong-shape': wrongShape,
  'wrong-value': wrongValue,
  'yaml-surprise': yamlSurprise,
};
