// Port ranges: `8080`, `8080+`, `8000-8010`, `80,8000+`, and lists of those. Which port is taken is decided when deploying.

import { parseJavaInt, wholeOf } from '#core/coerce/numbers.ts';
import { unwrapStrings } from '#core/coerce/jsonish.ts';
import { accepted, describe, isList, quote, refused, type Outcome, type PortRange, type Value } from '#core/coerce/value.ts';

export const highestPort = 65_535;
const example = 'write a port, a range or several: 8080, 8000-8010, 8000+ or "80,8000+"';

/** Nothing real is nested deeper. */
const deepest = 100;

export function coercePorts(value: Value): Outcome<PortRange> {
  return readPorts(value, 0);
}

function readPorts(value: Value, depth: number): Outcome<PortRange> {
  if (depth > deepest) return refused('The lists of ports are nested too deeply.');
  if (isList(value)) return fromList(value, depth);
  if (typeof value === 'string') return fromText(value);
  const port = wholeOf(value);
  if (port === undefined || BigInt.asIntN(32, port) !== port) return refused(`${describe(value)} is not a port; ${example}.`);
  return single(Number(port));
}

/** Every port in the order in which it is tried. At most `limit`, since a range may name 65,535. */
export function portsIn(range: PortRange, limit = highestPort): number[] {
  switch (range.kind) {
    case 'port':
      return [range.port].slice(0, limit);
    case 'ports': {
      const step = range.start <= range.end ? 1 : -1;
      const count = Math.min(limit, Math.abs(range.end - range.start) + 1);
      return Array.from({ length: count }, (_, index) => range.start + index * step);
    }
    case 'portList': {
      const found: number[] = [];
      for (const part of range.ranges) {
        if (found.length >= limit) break;
        found.push(...portsIn(part, limit - found.length));
      }
      return found;
    }
  }
}

export function printPorts(range: PortRange): string {
  if (range.kind === 'port') return String(range.port);
  if (range.kind === 'ports') return `${range.start}-${range.end}`;
  return range.ranges.map(printPorts).join(',');
}

function single(port: number): Outcome<PortRange> {
  const range: PortRange = { kind: 'port', port };
  if (port >= 1 && port <= highestPort) return accepted(range);
  return accepted(range, `${port} is not a port that can be opened: ports run from 1 to ${highestPort}.`);
}

function fromList(values: readonly Value[], depth: number): Outcome<PortRange> {
  const ranges: PortRange[] = [];
  const notes: string[] = [];
  for (const value of values) {
    const parts = typeof value === 'string' ? unwrapStrings(value) : [value];
    for (const part of parts) {
      if (part === null) return refused(`An entry of the list of ports is empty; ${example}.`);
      const outcome = readPorts(part, depth + 1);
      if (!outcome.ok) return outcome;
      ranges.push(outcome.value);
      notes.push(...outcome.notes);
    }
  }
  return accepted({ kind: 'portList', ranges }, ...notes);
}

function fromText(text: string): Outcome<PortRange> {
  const ranges: PortRange[] = [];
  const notes: string[] = [];
  for (const piece of text.split(',')) {
    const part = piece.trim();
    if (part === '') continue;
    const outcome = fromPart(part, text);
    if (!outcome.ok) return outcome;
    ranges.push(outcome.value);
    notes.push(...outcome.notes);
  }
  const [only] = ranges;
  return accepted(only && ranges.length === 1 ? only : { kind: 'portList', ranges }, ...notes);
}

function fromPart(part: string, whole: string): Outcome<PortRange> {
  const dash = part.indexOf('-', 1);
  if (part.endsWith('+')) return range(parseJavaInt(part.slice(0, -1).trim()), highestPort, whole);
  if (dash > 0 && !part.startsWith('-')) return range(parseJavaInt(part.slice(0, dash).trim()), parseJavaInt(part.slice(dash + 1).trim()), whole);
  const port = parseJavaInt(part);
  return port === undefined ? refused(`${quote(whole)} is not a port range; ${example}${hint(part)}.`) : single(port);
}

function range(start: number | undefined, end: number | undefined, whole: string): Outcome<PortRange> {
  if (start === undefined || end === undefined) return refused(`${quote(whole)} is not a port range; ${example}.`);
  const wrong = [start, end].find((port) => port < 1 || port > highestPort);
  if (wrong !== undefined) return refused(`${quote(whole)} goes beyond the ports there are: ${wrong} is not from 1 to ${highestPort}.`);
  return accepted({ kind: 'ports', start, end }, ...(start > end ? [`The range runs downwards: ${start} is tried first, ${end} last.`] : []));
}

function hint(part: string): string {
  if (/[:/]|\.\./.test(part)) return '; a range is written with "-", and without a protocol';
  return /^[[{]/.test(part) ? '; leave the brackets away' : '';
}
