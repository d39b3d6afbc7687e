// References to an id, from the lens above it. The language server sends them as plain data; the editor wants its own objects.

import { commands, Location, Position, Range, Uri } from 'vscode';

export async function showReferences(argument: unknown): Promise<void> {
  if (!isRecord(argument)) return;
  const { uri, position, locations } = argument;
  const at = positionOf(position);
  if (typeof uri !== 'string' || !at || !Array.isArray(locations)) return;
  await commands.executeCommand('editor.action.showReferences', Uri.parse(uri), at, locations.flatMap(locationOf));
}

function locationOf(value: unknown): readonly Location[] {
  if (!isRecord(value) || typeof value['uri'] !== 'string' || !isRecord(value['range'])) return [];
  const start = positionOf(value['range']['start']);
  const end = positionOf(value['range']['end']);
  return start && end ? [new Location(Uri.parse(value['uri']), new Range(start, end))] : [];
}

function positionOf(value: unknown): Position | undefined {
  if (!isRecord(value)) return undefined;
  const { line, character } = value;
  return typeof line === 'number' && typeof character === 'number' ? new Position(line, character) : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
