// Loaded into a server under test, before it (`node --expose-gc --import`): tells, whenever it is asked, how much memory is in
// use once all garbage is gone, and of every rejection that nobody has handled.

process.on('message', () => {
  globalThis.gc?.();
  process.send?.({ heapBytes: process.memoryUsage().heapUsed });
});
process.on('unhandledRejection', (reason) => process.send?.({ rejection: reason instanceof Error ? reason.stack : String(reason) }));
process.channel?.unref();
