// SHA-256 of a text (as UTF-8), in plain arithmetic, because core may not reach for Node's or the browser's. For short
// texts: specs and plans.

/** 64 lower-case hexadecimal digits. Lone surrogates count as U+FFFD. */
export function sha256(text: string): string {
  const state = new Int32Array(initial);
  const bytes = padded(utf8(text));
  const words = new Int32Array(64);
  for (let block = 0; block < bytes.length; block += 64) compress(state, words, bytes, block);
  return [...state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

const primes: readonly number[] = firstPrimes(64);
const initial: readonly number[] = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const roundConstants: readonly number[] = primes.map((prime) => fraction(Math.cbrt(prime)));

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate);
  }
  return found;
}

/** The first 32 bits after the binary point. */
function fraction(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) | 0;
}

function utf8(text: string): number[] {
  const escaped = encodeURIComponent(text.toWellFormed());
  const bytes: number[] = [];
  for (let at = 0; at < escaped.length; at++) {
    if (escaped[at] === '%') {
      bytes.push(Number.parseInt(escaped.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(escaped.charCodeAt(at));
  }
  return bytes;
}

/** The message, a one bit, zeros, and the length in bits, to a multiple of 64 bytes. */
function padded(message: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  for (let at = 0, rest = message.length * 8; at < 8; at++, rest = Math.floor(rest / 256)) bytes[bytes.length - 1 - at] = rest % 256;
  return bytes;
}

function compress(state: Int32Array, words: Int32Array, bytes: Uint8Array, block: number): void {
  const word = (index: number): number => words[index] ?? 0;
  const byte = (index: number): number => bytes[index] ?? 0;
  for (let t = 0; t < 16; t++) {
    const at = block + t * 4;
    words[t] = (byte(at) << 24) | (byte(at + 1) << 16) | (byte(at + 2) << 8) | byte(at + 3);
  }
  for (let t = 16; t < 64; t++) {
    const early = word(t - 15);
    const late = word(t - 2);
    const mixEarly = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const mixLate = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    words[t] = (word(t - 16) + mixEarly + word(t - 7) + mixLate) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t++) {
    const choice = (e & f) ^ (~e & g);
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + (roundConstants[t] ?? 0) + word(t)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}
