/* The program that looks around inside a container's namespaces: resolves names, opens TCP connections, passes bytes on, says
   who listens, and holds new connections back while those that were taken are answered. It needs no library and no file, so it runs as the only thing in its image, on every Linux engine. Each of
   its commands ends with one line on its standard output; client/docker/insider.ts makes the image and reads these lines. */

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long usize;
typedef long ssize;

#if defined(__x86_64__)
enum { READ = 0, WRITE = 1, CLOSE = 3, SOCKET = 41, CONNECT = 42, SHUTDOWN = 48, GETSOCKOPT = 55, FCNTL = 72, EXIT = 231, CLOCK = 228, PAUSE = 230, GETDENTS = 217, OPENAT = 257, READLINKAT = 267, PPOLL = 271 };
__asm__(".globl _start\n_start: xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call begin\n");
static ssize call6(ssize n, ssize a, ssize b, ssize c, ssize d, ssize e, ssize f) {
  ssize result;
  register ssize r10 __asm__("r10") = d;
  register ssize r8 __asm__("r8") = e;
  register ssize r9 __asm__("r9") = f;
  __asm__ volatile("syscall" : "=a"(result) : "a"(n), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
enum { READ = 63, WRITE = 64, CLOSE = 57, SOCKET = 198, CONNECT = 203, SHUTDOWN = 210, GETSOCKOPT = 209, FCNTL = 25, EXIT = 94, CLOCK = 113, PAUSE = 115, GETDENTS = 61, OPENAT = 56, READLINKAT = 78, PPOLL = 73 };
__asm__(".globl _start\n_start: mov x29,#0\n mov x30,#0\n mov x0,sp\n bl begin\n");
static ssize call6(ssize n, ssize a, ssize b, ssize c, ssize d, ssize e, ssize f) {
  register ssize x8 __asm__("x8") = n;
  register ssize x0 __asm__("x0") = a;
  register ssize x1 __asm__("x1") = b;
  register ssize x2 __asm__("x2") = c;
  register ssize x3 __asm__("x3") = d;
  register ssize x4 __asm__("x4") = e;
  register ssize x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}
#endif
#define call(n, a, b, c) call6((n), (ssize)(a), (ssize)(b), (ssize)(c), 0, 0, 0)

enum { AF_INET = 2, STREAM = 1, DATAGRAM = 2, NONBLOCK = 04000, IN = 1, OUT = 4, ERR = 8, HUP = 16, INTR = 4, AGAIN = 11, INPROGRESS = 115, TIMEDOUT = 110, REFUSED = 111 };
struct address { u16 family, port; u32 ip; u8 zero[8]; };
struct polled { int fd; short events, seen; };
struct span { ssize seconds, nanos; };

static char page[65536];

/* A freestanding compiler still calls these. */
void *memcpy(void *to, const void *from, usize n) { for (usize i = 0; i < n; i++) ((u8 *)to)[i] = ((const u8 *)from)[i]; return to; }
void *memset(void *to, int value, usize n) { for (usize i = 0; i < n; i++) ((u8 *)to)[i] = (u8)value; return to; }
static usize length(const char *text) { usize n = 0; while (text[n]) n++; return n; }
static int same(const char *a, const char *b) { while (*a && *a == *b) a++, b++; return *a == *b; }
static int begins(const char *text, const char *with) { while (*with) if (*text++ != *with++) return 0; return 1; }
static void quit(int code) { for (;;) call(EXIT, code, 0, 0); }

static int put(int fd, const char *bytes, usize count) {
  while (count > 0) {
    ssize done = call(WRITE, fd, bytes, count);
    if (done == -INTR) continue;
    if (done <= 0) return 0;
    bytes += done, count -= (usize)done;
  }
  return 1;
}
static void say(const char *text) { put(1, text, length(text)); }
static void sayNumber(int fd, usize number) {
  char digits[24];
  int at = 24;
  do digits[--at] = (char)('0' + number % 10), number /= 10; while (number);
  put(fd, digits + at, (usize)(24 - at));
}
static void sayAddress(u32 ip) {
  for (int i = 0; i < 4; i++) {
    if (i) say(".");
    sayNumber(1, ip >> (8 * i) & 255);
  }
}
static usize number(const char *text) { usize value = 0; while (*text >= '0' && *text <= '9') value = value * 10 + (usize)(*text++ - '0'); return value; }
/* As it goes on the wire; text ends behind it. */
static u32 addressIn(const char **text) {
  u32 ip = 0;
  for (int i = 0; i < 4; i++) {
    ip |= (u32)number(*text) << (8 * i);
    while (**text >= '0' && **text <= '9') ++*text;
    if (**text == '.') ++*text;
  }
  return ip;
}
static usize nowMs(void) { struct span now; call(CLOCK, 1, &now, 0); return (usize)(now.seconds * 1000 + now.nanos / 1000000); }
static int pollFor(struct polled *all, int count, ssize ms) {
  struct span limit = { ms / 1000, ms % 1000 * 1000000 };
  return (int)call6(PPOLL, (ssize)all, count, ms < 0 ? 0 : (ssize)&limit, 0, 8, 0);
}
static void nap(usize ms) { if (ms) pollFor(0, 0, (ssize)ms); }

/* A connected socket, or an error's negative number. */
static int dial(u32 ip, u16 port, int kind, ssize withinMs) {
  struct address to = { AF_INET, (u16)(port << 8 | port >> 8), ip, { 0 } };
  int fd = (int)call(SOCKET, AF_INET, kind | NONBLOCK, 0);
  if (fd < 0) return fd;
  int failed = (int)call(CONNECT, fd, &to, sizeof to);
  if (failed == -INPROGRESS) {
    struct polled it = { fd, OUT, 0 };
    int size = sizeof failed;
    failed = pollFor(&it, 1, withinMs) <= 0 ? -TIMEDOUT : (int)call6(GETSOCKOPT, fd, 1, 4, (ssize)&failed, (ssize)&size, 0) < 0 ? -TIMEDOUT : -failed;
  }
  if (failed == 0) {
    call(FCNTL, fd, 4, 0);
    return fd;
  }
  call(CLOSE, fd, 0, 0);
  return failed;
}
static const char *outcome(int fd) { return fd >= 0 ? "open" : fd == -REFUSED ? "refused" : fd == -TIMEDOUT ? "silent" : "unreachable"; }

/* connect ADDRESS PORT MS: "open", "refused", "silent" or "unreachable". */
static void connectTo(u32 ip, u16 port, ssize withinMs) {
  say(outcome(dial(ip, port, STREAM, withinMs)));
  say("\n");
}

/* watch ADDRESS PORT MS PAUSE-MS: "at" and the outcome of each change, milliseconds since the first; until its standard input ends. */
static void watch(u32 ip, u16 port, ssize withinMs, usize pauseMs) {
  const char *last = "";
  usize beganMs = nowMs(), atMs;
  for (;;) {
    struct polled end = { 0, IN, 0 };
    if (pollFor(&end, 1, 0) > 0 && call(READ, 0, page, sizeof page) <= 0) break;
    atMs = nowMs();
    int fd = dial(ip, port, STREAM, withinMs);
    if (fd >= 0) call(CLOSE, fd, 0, 0);
    const char *now = outcome(fd);
    usize tookMs = nowMs() - atMs;
    /* An answer counts when it is there, a failure from when it was asked for. */
    if (!same(now, last)) {
      sayNumber(1, (fd >= 0 ? atMs + tookMs : atMs) - beganMs);
      say(" ");
      say(now);
      say("\n");
      last = now;
    }
    nap(pauseMs > tookMs ? pauseMs - tookMs : 0);
  }
  sayNumber(1, nowMs() - beganMs);
  say(" end\n");
}

/* relay ADDRESS PORT MS: the outcome on standard error; then standard input and output are the connection's. When the far side
   ends its half, "end" and how many bytes it sent are told, so that the near side knows it before this program ends. */
static void relay(u32 ip, u16 port, ssize withinMs) {
  int fd = dial(ip, port, STREAM, withinMs);
  const char *how = outcome(fd);
  put(2, how, length(how));
  put(2, "\n", 1);
  if (fd < 0) quit(1);
  usize sent = 0;
  struct polled both[2] = { { 0, IN, 0 }, { fd, IN, 0 } };
  while (both[0].fd >= 0 || both[1].fd >= 0) {
    if (pollFor(both, 2, -1) < 0) continue;
    if (both[0].fd >= 0 && both[0].seen) {
      ssize got = call(READ, 0, page, sizeof page);
      if (got == -INTR || got == -AGAIN) continue;
      if (got <= 0 || !put(fd, page, (usize)got)) {
        call(SHUTDOWN, fd, 1, 0);
        both[0].fd = -1;
      }
    }
    if (both[1].fd >= 0 && both[1].seen) {
      ssize got = call(READ, fd, page, sizeof page);
      if (got == -INTR || got == -AGAIN) continue;
      if (got > 0 && put(1, page, (usize)got)) {
        sent += (usize)got;
        continue;
      }
      put(2, got == 0 ? "end " : "broken ", got == 0 ? 4 : 7);
      sayNumber(2, sent);
      put(2, "\n", 1);
      if (got != 0) quit(1);
      both[1].fd = -1;
    }
  }
  quit(0);
}

static ssize slurp(const char *path, char *to, usize most) {
  int fd = (int)call(OPENAT, -100, path, 0);
  if (fd < 0) return -1;
  usize have = 0;
  for (;;) {
    ssize got = call(READ, fd, to + have, most - 1 - have);
    if (got <= 0) break;
    have += (usize)got;
  }
  call(CLOSE, fd, 0, 0);
  to[have] = 0;
  return (ssize)have;
}

/* resolve NAME: the addresses that the first name server gives, in one line; "none" or "silent". */
static void resolve(const char *name) {
  u32 server = 0;
  if (slurp("/etc/resolv.conf", page, sizeof page) > 0)
    for (const char *line = page; *line && !server;) {
      if (begins(line, "nameserver ")) {
        const char *at = line + 11;
        if (*at >= '0' && *at <= '9') server = addressIn(&at);
      }
      while (*line && *line != '\n') line++;
      if (*line) line++;
    }
  u8 question[512] = { 0x4d, 0x2a, 1, 0, 0, 1 };
  usize at = 12;
  if (length(name) > 250) quit(2);
  while (*name) {
    usize mark = at++;
    while (*name && *name != '.') question[at++] = (u8)*name++;
    question[mark] = (u8)(at - mark - 1);
    if (*name == '.') name++;
  }
  question[at++] = 0, question[at++] = 0, question[at++] = 1, question[at++] = 0, question[at++] = 1;
  for (int tries = 0; tries < 3; tries++) {
    int fd = dial(server, 53, DATAGRAM, 1000);
    if (fd < 0) break;
    call(WRITE, fd, question, at);
    struct polled it = { fd, IN, 0 };
    ssize got = pollFor(&it, 1, 1500) > 0 ? call(READ, fd, page, sizeof page) : -1;
    call(CLOSE, fd, 0, 0);
    if (got < 12) continue;
    const u8 *answer = (const u8 *)page;
    usize end = (usize)got, read = at, found = 0;
    for (int left = answer[6] << 8 | answer[7]; left > 0 && read + 12 <= end; left--) {
      while (read < end && answer[read] && answer[read] < 192) read += answer[read] + 1u;
      read += read < end && answer[read] ? 2 : 1;
      if (read + 10 > end) break;
      int type = answer[read] << 8 | answer[read + 1];
      usize size = (usize)(answer[read + 8] << 8 | answer[read + 9]);
      if (read + 10 + size > end) break;
      if (type == 1 && size == 4) {
        if (found++) say(" ");
        sayAddress((u32)answer[read + 10] | (u32)answer[read + 11] << 8 | (u32)answer[read + 12] << 16 | (u32)answer[read + 13] << 24);
      }
      read += 10 + size;
    }
    if (!found) say("none");
    say("\n");
    return;
  }
  say("silent\n");
}

/* show FILE...: what is in them. */
static void show(const char *path) {
  int fd = (int)call(OPENAT, -100, path, 0);
  ssize got;
  while (fd >= 0 && (got = call(READ, fd, page, sizeof page)) > 0) put(1, page, (usize)got);
  if (fd >= 0) call(CLOSE, fd, 0, 0);
}

struct entry { usize inode, offset; u16 size; u8 type; char name[]; };
static char *join(char *to, const char *text) { while (*text) *to++ = *text++; *to = 0; return to; }

/* owners: "INODE COMMAND" for each socket that a process has whose files may be seen. */
static void owners(void) {
  static char processes[16384], files[16384];
  char path[128], target[128], command[64];
  int all = (int)call(OPENAT, -100, "/proc", 0200000);
  ssize got;
  while (all >= 0 && (got = call(GETDENTS, all, processes, sizeof processes)) > 0)
    for (ssize at = 0; at < got; at += ((struct entry *)(processes + at))->size) {
      const char *id = ((struct entry *)(processes + at))->name;
      if (*id < '0' || *id > '9' || length(id) > 12) continue;
      char *end = join(join(path, "/proc/"), id);
      join(end, "/comm");
      ssize named = slurp(path, command, sizeof command);
      join(end, "/fd");
      int open = (int)call(OPENAT, -100, path, 0200000);
      ssize listed;
      while (open >= 0 && (listed = call(GETDENTS, open, files, sizeof files)) > 0)
        for (ssize file = 0; file < listed; file += ((struct entry *)(files + file))->size) {
          ssize long_ = call6(READLINKAT, open, (ssize)((struct entry *)(files + file))->name, (ssize)target, sizeof target - 1, 0, 0);
          if (long_ <= 0) continue;
          target[long_] = 0;
          if (!begins(target, "socket:[")) continue;
          sayNumber(1, number(target + 8));
          say(" ");
          say(named > 0 ? command : "\n");
        }
      if (open >= 0) call(CLOSE, open, 0, 0);
    }
}

/* Connections to the ports, as the kernel's tables of them show them, each as one number. */
enum { MOST_PORTS = 32, MOST_CONNECTIONS = 4096 };
struct connections { usize count; u32 ids[MOST_CONNECTIONS]; };
static u16 drained[MOST_PORTS];
static int drainedCount;

static u32 hex(const char **text) {
  u32 value = 0;
  for (;; ++*text) {
    char c = **text;
    u32 digit = c >= '0' && c <= '9' ? (u32)(c - '0') : c >= 'A' && c <= 'F' ? (u32)(c - 'A' + 10) : 16;
    if (digit > 15) return value;
    value = value << 4 | digit;
  }
}
static int isIn(const struct connections *all, u32 id) { for (usize i = 0; i < all->count; i++) if (all->ids[i] == id) return 1; return 0; }

/* A line: "  0: LOCAL:PORT REMOTE:PORT STATE ...". */
static void connectionIn(const char *line, struct connections *all) {
  while (*line && *line != ':') line++;
  if (!*line) return;
  line += 2;
  while (*line && *line != ':') line++;
  if (!*line) return;
  line++;
  u16 port = (u16)hex(&line);
  int isOurs = 0;
  for (int i = 0; i < drainedCount; i++) isOurs |= drained[i] == port;
  if (!isOurs || !*line) return;
  u32 id = port;
  for (line++; *line && *line != ' '; line++) id = (id ^ (u8)*line) * 16777619u;
  if (!*line) return;
  line++;
  u32 state = hex(&line);
  /* Established, half open, or closed by one side that the other has not heard of; not those that only listen or rest. */
  int isBusy = state == 1 || state == 3 || state == 4 || state == 8 || state == 9 || state == 11;
  if (isBusy && all->count < MOST_CONNECTIONS) all->ids[all->count++] = id;
}
static void connectionsFrom(const char *path, struct connections *all) {
  int fd = (int)call(OPENAT, -100, path, 0);
  static char line[256];
  usize size = 0;
  ssize got;
  while (fd >= 0 && (got = call(READ, fd, page, sizeof page)) > 0)
    for (ssize i = 0; i < got; i++) {
      if (page[i] != '\n') {
        if (size < sizeof line - 1) line[size++] = page[i];
        continue;
      }
      line[size] = 0;
      connectionIn(line, all);
      size = 0;
    }
  if (fd >= 0) call(CLOSE, fd, 0, 0);
}
static void connections(struct connections *all) {
  all->count = 0;
  connectionsFrom("/proc/net/tcp", all);
  connectionsFrom("/proc/net/tcp6", all);
}

/* A message to the kernel's packet filter, grown from the left; attributes within attributes. */
static u8 message[32768];
static usize messageEnd;
static usize beginAttribute(u16 type) {
  usize at = messageEnd;
  *(u16 *)(message + at + 2) = type;
  messageEnd += 4;
  return at;
}
static void endAttribute(usize at) {
  *(u16 *)(message + at) = (u16)(messageEnd - at);
  while (messageEnd % 4) message[messageEnd++] = 0;
}
static void bytesAttribute(u16 type, const void *bytes, usize count) {
  usize at = beginAttribute(type);
  memcpy(message + messageEnd, bytes, count);
  messageEnd += count;
  endAttribute(at);
}
static void textAttribute(u16 type, const char *text) { bytesAttribute(type, text, length(text) + 1); }
static void numberAttribute(u16 type, u32 value) {
  u8 bytes[4] = { (u8)(value >> 24), (u8)(value >> 16), (u8)(value >> 8), (u8)value };
  bytesAttribute(type, bytes, 4);
}
static usize nested(u16 type) { return beginAttribute(type | 0x8000); }
static usize beginMessage(u16 type, u16 flags, u8 family, u8 about) {
  usize at = messageEnd;
  *(u16 *)(message + at + 4) = type, *(u16 *)(message + at + 6) = flags;
  message[at + 16] = family, message[at + 19] = about;
  messageEnd += 20;
  return at;
}
static void endMessage(usize at) { *(u32 *)(message + at) = (u32)(messageEnd - at); }

enum { LIST_ITEM = 1, EXPRESSION_NAME = 1, EXPRESSION_DATA = 2, EQUAL = 0, UNEQUAL = 1, IS_DEVICE = 4, IS_PROTOCOL = 16, TCP = 6 };
static usize expressionAt, dataAt;
static void beginExpression(const char *name) {
  expressionAt = nested(LIST_ITEM);
  textAttribute(EXPRESSION_NAME, name);
  dataAt = nested(EXPRESSION_DATA);
}
static void endExpression(void) {
  endAttribute(dataAt);
  endAttribute(expressionAt);
}
static void valueAttribute(u16 type, const void *bytes, usize count) {
  usize at = nested(type);
  bytesAttribute(1, bytes, count);
  endAttribute(at);
}
static void compare(u32 how, const void *bytes, usize count) {
  beginExpression("cmp");
  numberAttribute(1, 1), numberAttribute(2, how), valueAttribute(3, bytes, count);
  endExpression();
}
static void about(u32 what) {
  beginExpression("meta");
  numberAttribute(1, 1), numberAttribute(2, what);
  endExpression();
}
static void ofHeader(u32 offset, u32 count) {
  beginExpression("payload");
  numberAttribute(1, 1), numberAttribute(2, 2), numberAttribute(3, offset), numberAttribute(4, count);
  endExpression();
}

/* Drops what would open a connection to the port from outside, without a word: who asks asks again, as TCP does. Where the message is. */
static usize dropOpening(const char *table, const char *chain, u16 port) {
  const u32 loopback = 1;
  const u8 tcp = TCP, none = 0, opening = 2, mask = 0x12, wire[2] = { (u8)(port >> 8), (u8)port };
  usize at = beginMessage(10 << 8 | 6, 0xc01, 1, 0);
  textAttribute(1, table), textAttribute(2, chain);
  usize all = nested(4);
  about(IS_DEVICE), compare(UNEQUAL, &loopback, 4);
  about(IS_PROTOCOL), compare(EQUAL, &tcp, 1);
  ofHeader(2, 2), compare(EQUAL, wire, 2);
  ofHeader(13, 1);
  beginExpression("bitwise");
  numberAttribute(1, 1), numberAttribute(2, 1), numberAttribute(3, 1), valueAttribute(4, &mask, 1), valueAttribute(5, &none, 1);
  endExpression();
  compare(EQUAL, &opening, 1);
  beginExpression("immediate");
  numberAttribute(1, 0);
  usize verdict = nested(2), code = nested(2);
  numberAttribute(1, 0);
  endAttribute(code), endAttribute(verdict);
  endExpression();
  endAttribute(all);
  endMessage(at);
  return at;
}

/* True when it is in force. The table is owned by the socket: it is gone when this program is, however that ends. */
static int hold(void) {
  const char *name = "clocker-drain", *chain = "in";
  int fd = (int)call(SOCKET, 16, 3, 12);
  if (fd < 0) return 0;
  messageEnd = 0;
  endMessage(beginMessage(16, 1, 0, 10));
  usize at = beginMessage(10 << 8 | 0, 0x401, 1, 0);
  textAttribute(1, name), numberAttribute(2, 2);
  endMessage(at);
  at = beginMessage(10 << 8 | 3, 0x401, 1, 0);
  textAttribute(1, name), textAttribute(3, chain);
  usize hook = nested(4);
  numberAttribute(1, 1), numberAttribute(2, (u32)-300);
  endAttribute(hook);
  textAttribute(7, "filter");
  endMessage(at);
  for (int i = 0; i < drainedCount; i++) at = dropOpening(name, chain, drained[i]);
  /* The last one is answered whatever becomes of it, the others only where they fail. */
  *(u16 *)(message + at + 6) |= 4;
  endMessage(beginMessage(17, 1, 0, 10));
  if (call(WRITE, fd, message, messageEnd) != (ssize)messageEnd) return 0;
  struct polled it = { fd, IN, 0 };
  /* The first answer: an error's number, 0 where all went well. */
  return pollFor(&it, 1, 1000) > 0 && call(READ, fd, page, sizeof page) >= 20 && *(u16 *)(page + 4) == 2 && *(int *)(page + 16) == 0;
}

/* drain SETTLED-MS WITHIN-MS PORT...: after SETTLED-MS at most nobody opens a connection to the ports, until its standard input ends. "drained"
   when those that are there are answered, "busy" where they are not in time; "cannot" where connections cannot be held back.
   Those that last longer than SETTLED-MS anyway are not waited for. */
static void drain(usize settledMs, usize withinMs) {
  static struct connections first, lasting, now;
  connections(&first);
  if (first.count) nap(settledMs);
  connections(&now);
  lasting.count = 0;
  for (usize i = 0; i < now.count; i++) if (isIn(&first, now.ids[i])) lasting.ids[lasting.count++] = now.ids[i];
  if (!hold()) {
    say("cannot\n");
    return;
  }
  usize beganMs = nowMs(), left;
  do {
    nap(5);
    connections(&now);
    left = 0;
    for (usize i = 0; i < now.count; i++) left += !isIn(&lasting, now.ids[i]);
  } while (left && nowMs() - beganMs < withinMs);
  say(left ? "busy\n" : "drained\n");
  while (call(READ, 0, page, sizeof page) > 0);
}

void begin(ssize *stack) {
  int count = (int)stack[0];
  const char **words = (const char **)(stack + 1);
  const char *command = count > 1 ? words[1] : "wait";
  if (same(command, "wait")) while (call(READ, 0, page, sizeof page) > 0);
  else if (same(command, "resolve") && count == 3) resolve(words[2]);
  else if (same(command, "show")) for (int i = 2; i < count; i++) show(words[i]);
  else if (same(command, "owners")) owners();
  else if (same(command, "drain") && count >= 5 && count - 4 <= MOST_PORTS) {
    for (int i = 4; i < count; i++) drained[drainedCount++] = (u16)number(words[i]);
    drain(number(words[2]), number(words[3]));
  } else if (count >= 5) {
    const char *text = words[2];
    u32 ip = addressIn(&text);
    u16 port = (u16)number(words[3]);
    ssize withinMs = (ssize)number(words[4]);
    if (same(command, "connect")) connectTo(ip, port, withinMs);
    else if (same(command, "relay")) relay(ip, port, withinMs);
    else if (same(command, "watch") && count == 6) watch(ip, port, withinMs, number(words[5]));
    else quit(2);
  } else quit(2);
  quit(0);
}
