// Linux's tables of sockets and routes as they stand in /proc/net.

import type { Listener } from '#core/doctor/facts.ts';

const listening = '0A';

/** `tcp` and `tcp6` are the texts of the files; `owners` are processes by the inodes of their sockets. Each port and address once, by port. */
export function listenersIn(tcp: string, tcp6: string, owners: ReadonlyMap<number, string>): readonly Listener[] {
  const found = new Map<string, Listener>();
  for (const line of [...tcp.split('\n').slice(1), ...tcp6.split('\n').slice(1)]) {
    const fields = line.trim().split(/\s+/);
    const [hex = '', port = ''] = (fields[1] ?? '').split(':');
    if (fields[3] !== listening) continue;
    const process = owners.get(Number(fields[9]));
    const address = addressOf(hex);
    const listener = { port: Number.parseInt(port, 16), address, ...(process !== undefined && { process }) };
    found.set(`${listener.port} ${address}`, found.get(`${listener.port} ${address}`)?.process === undefined ? listener : (found.get(`${listener.port} ${address}`) ?? listener));
  }
  return [...found.values()].toSorted((a, b) => a.port - b.port);
}

/** Whether the routes in /proc/net/route lead to an address. */
export function leadsTo(route: string, address: string): boolean {
  const wanted = address.split('.').reduceRight((sum, byte) => sum * 256 + Number(byte), 0);
  return route.split('\n').slice(1).some((line) => {
    const [, destination = '', , flags = '0', , , , mask = ''] = line.trim().split(/\s+/);
    if (!/^[0-9A-F]{8}$/i.test(destination) || Number.parseInt(flags, 16) % 2 === 0) return false;
    const [to, bits] = [Number.parseInt(destination, 16), Number.parseInt(mask, 16)];
    return ((wanted & bits) >>> 0) === to;
  });
}

/** In the order of bytes of this kind of processor, four at a time. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).toReversed());
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '0.0.0.0';
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (isMapped) return bytes.slice(12).join('.');
  return bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1 ? '::1' : 'IPv6';
}
