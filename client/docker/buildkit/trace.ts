// What BuildKit tells while it builds, out of the messages in the engine's stream.

import { StringDecoder } from 'node:string_decoder';
import type { TraceStatus } from '#core/image/buildTrace.ts';
import { bytesOf, fieldsOf, numberOf } from './wire.ts';

type Fields = ReturnType<typeof fieldsOf>;

export class TraceReader {
  /** By step: what a command says comes in pieces that may cut a character in two. */
  readonly #decoders = new Map<string, StringDecoder>();

  /** `base64` is what the engine sends as `moby.buildkit.trace`. Of a message that cannot be read there is nothing to tell. */
  take(base64: string): TraceStatus {
    try {
      const fields = fieldsOf(Buffer.from(base64, 'base64')).flatMap(([number, value]) => (typeof value === 'object' ? [[number, fieldsOf(value)] as const] : []));
      return { vertices: fields.flatMap(([number, vertex]) => (number === 1 ? [vertexOf(vertex)] : [])), logs: fields.flatMap(([number, log]) => (number === 3 ? [this.#logOf(log)] : [])) };
    } catch (error) {
      if (error instanceof RangeError) return { vertices: [], logs: [] };
      throw error;
    }
  }

  #logOf(log: Fields): TraceStatus['logs'][number] {
    const vertex = bytesOf(log, 1).toString();
    const decoder = this.#decoders.get(vertex) ?? new StringDecoder('utf8');
    this.#decoders.set(vertex, decoder);
    return { vertex, text: decoder.write(bytesOf(log, 4)) };
  }
}

function vertexOf(vertex: Fields): TraceStatus['vertices'][number] {
  const [startedMs, completedMs, error] = [timeOf(bytesOf(vertex, 5)), timeOf(bytesOf(vertex, 6)), bytesOf(vertex, 7).toString()];
  return {
    digest: bytesOf(vertex, 1).toString(), name: bytesOf(vertex, 3).toString(), isCached: numberOf(vertex, 4) === 1,
    ...(startedMs !== undefined && { startedMs }), ...(completedMs !== undefined && { completedMs }), ...(error !== '' && { error }),
  };
}

/** Milliseconds since 1970. */
function timeOf(timestamp: Buffer): number | undefined {
  if (timestamp.length === 0) return undefined;
  const fields = fieldsOf(timestamp);
  return numberOf(fields, 1) * 1000 + numberOf(fields, 2) / 1e6;
}
