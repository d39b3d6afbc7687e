// Protocol Buffers and the frames of gRPC, as far as a build session needs them: fields by their numbers, and messages cut out of
// a stream. Which number means what is for those to know who use it. Written here, for @grpc/grpc-js with protobufjs, which can serve
// such a session as well, would make each program that is packed 413 kB larger, by a quarter and more, against 3 kB of this and the session.

/** A number, or bytes: a text, a message, bytes. */
export type FieldValue = number | Buffer;

/** The fields of a message in their order; one that is repeated comes again. Numbers beyond 53 bits lose their last digits. Fails with a RangeError where the message is cut short. */
export function fieldsOf(message: Buffer): readonly (readonly [number: number, value: FieldValue])[] {
  const fields: [number, FieldValue][] = [];
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (;;) {
      const byte = message.readUInt8(at++);
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        fields.push([number, varint()]);
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (at + length > message.length) throw new RangeError('a message is cut short');
        fields.push([number, message.subarray(at, at + length)]);
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new RangeError('no message');
    }
  }
  return fields;
}

/** The first field of this number as bytes; empty where there is none. */
export function bytesOf(fields: ReturnType<typeof fieldsOf>, number: number): Buffer {
  const value = fields.find(([one]) => one === number)?.[1];
  return typeof value === 'object' ? value : Buffer.alloc(0);
}

/** 0 where there is none, as the format has it. */
export function numberOf(fields: ReturnType<typeof fieldsOf>, number: number): number {
  const value = fields.find(([one]) => one === number)?.[1];
  return typeof value === 'number' ? value : 0;
}

/** A message of these fields; whole numbers not below 0. Those that are 0, empty or undefined are left out, as the format has it. */
export function message(...fields: readonly (readonly [number: number, value: number | bigint | string | Buffer | undefined])[]): Buffer {
  return Buffer.concat(fields.flatMap(([number, value]) => {
    if (value === undefined) return [];
    if (typeof value === 'number' || typeof value === 'bigint') return value > 0 ? [varintOf(number * 8), varintOf(value)] : [];
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    return bytes.length === 0 ? [] : [varintOf(number * 8 + 2), varintOf(bytes.length), bytes];
  }));
}

function varintOf(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let left = BigInt(value);
  while (left >= 0x80n) {
    bytes.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  return Buffer.from([...bytes, Number(left)]);
}

const headerBytes = 5;

/** A message as gRPC sends it. */
export function frame(content: Buffer): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(content.length, 1);
  return Buffer.concat([header, content]);
}

/** What goes before `bytes` where they are the last field of a message: large ones are not copied for it. */
export function frameBefore(fields: Buffer, number: number, bytes: Buffer): Buffer {
  const content = Buffer.concat([fields, varintOf(number * 8 + 2), varintOf(bytes.length)]);
  const framed = frame(content);
  framed.writeUInt32BE(content.length + bytes.length, 1);
  return framed;
}

/** Messages out of pieces as they come. */
export class FrameSplitter {
  #rest = Buffer.alloc(0);

  take(bytes: Buffer): readonly Buffer[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const whole: Buffer[] = [];
    while (this.#rest.length >= headerBytes) {
      const end = headerBytes + this.#rest.readUInt32BE(1);
      if (this.#rest.length < end) break;
      whole.push(this.#rest.subarray(headerBytes, end));
      this.#rest = this.#rest.subarray(end);
    }
    return whole;
  }
}
