// Signature help inside of `$brooklyn:f(`: the function's parameters, the one at the cursor marked. In half-typed text, where the
// line up to the cursor is all there is to go by.

import { type SignatureHelp, type SignatureInformation, MarkupKind } from 'vscode-languageserver-types';

import type { YamlNode } from '#core/blueprint/yaml.ts';
import { keyText } from '#core/blueprint/tree.ts';
import { placeAt, type Place } from '#core/complete/place.ts';
import { arity, functionNamed, parameterText, signatureText, type DslFunction, type Parameter } from '#core/dsl/functions.ts';
import { locate, locateIn, type Enclosing } from '#core/dsl/locate.ts';
import { readValue } from '#core/dsl/read.ts';
import { isExpression, plainName, prefix } from '#core/dsl/tree.ts';
import type { BlueprintDocument } from './document.ts';

/** `hasOffsets`: the editor takes a parameter's place in the label instead of its text, which may stand there twice. */
export function signatureHelp(document: BlueprintDocument, offset: number, hasOffsets: boolean): SignatureHelp | undefined {
  const call = inTree(document, offset) ?? inLine(document.text, offset);
  const known = call && functionNamed(plainName(call.call.name));
  if (!call || !known) return undefined;
  const { index } = call;
  const signatures = known.signatures.map((signature) => (isReceiverFirst(call, known) ? signature.slice(1) : signature));
  const count = Math.max(call.call.args.length, index + 1);
  const fitting = signatures.findIndex((signature) => arity(signature).most >= count);
  const activeSignature = fitting < 0 ? signatures.length - 1 : fitting;
  return { signatures: signatures.map((signature) => information(known, signature, hasOffsets)), activeSignature, activeParameter: active(signatures[activeSignature] ?? [], index) };
}

/** What a function takes first may stand before it, as in config("p").urlEncode(). */
function isReceiverFirst({ receiver }: Enclosing, { on }: DslFunction): boolean {
  return receiver.length > 0 && on.includes('any') && !on.includes('entity');
}

/** A parameter that takes the rest is marked for all of them. One past the last marks none. */
function active(signature: readonly Parameter[], index: number): number {
  const last = signature.length - 1;
  return index > last && signature[last]?.isRest === true ? last : index;
}

function information(known: DslFunction, signature: readonly Parameter[], hasOffsets: boolean): SignatureInformation {
  const label = signatureText(known.name, signature);
  let at = known.name.length + 1;
  return {
    label,
    documentation: { kind: MarkupKind.Markdown, value: `${known.sentence}\n\n\`\`\`yaml\n${known.example}\n\`\`\`` },
    parameters: signature.map((parameter) => {
      const text = parameterText(parameter);
      const start = at;
      at += text.length + 2;
      return { label: hasOffsets ? [start, start + text.length] : text, documentation: { kind: MarkupKind.Markdown, value: parameter.sentence } };
    }),
  };
}

/** The call whose argument the cursor is in, in the text form or in the key form. */
function inTree({ reading, text }: BlueprintDocument, offset: number): Enclosing | undefined {
  const place = placeAt(reading, offset);
  const node = place && (place.node.kind === 'scalar' && isExpression(place.node.text) ? place.node : keyForm(place));
  return node && locateIn(readValue(node, text).value, text, offset).enclosing.at(-1);
}

/** The outermost call around the place that is written as a key. A described entity or object is no argument anybody needs help with. */
function keyForm({ steps }: Place): YamlNode | undefined {
  let found: YamlNode | undefined;
  for (const step of steps) {
    if (!('map' in step)) continue;
    const key = keyText(step.entry) ?? '';
    if (/^\$brooklyn:(?:entitySpec|object)$/.test(key)) found = undefined;
    else if (key.startsWith(prefix)) found ??= step.map;
  }
  return found;
}

/** The same from what of an expression stands on the line before the cursor. */
function inLine(text: string, offset: number): Enclosing | undefined {
  const line = /[^\r\n]*$/.exec(text.slice(Math.max(0, offset - 10_000), offset))?.[0] ?? '';
  const match = /^(?:[^#]|\S#)*?(?:^|[\s,[{(])(["']?)(\$brooklyn:.*)$/.exec(line);
  if (!match) return undefined;
  const [, quote = '', typed = ''] = match;
  const plain = quote === '"' ? typed.replaceAll('\\"', '"') : quote === "'" ? typed.replaceAll("''", "'") : typed;
  return locate(plain, plain.length).enclosing.at(-1);
}
