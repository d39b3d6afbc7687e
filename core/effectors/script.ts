// How a command of a blueprint is run in a container: by bash where there is one, as Brooklyn has it, in its own folder or where
// the entity's program runs. Arguments show in the engine's event log, so nothing that may be secret is one.

/** For `HostPort.exec`. `command` must not hold a secret; what may be secret goes into the environment. */
export function commandLine(command: string, directory = ''): readonly string[] {
  return [
    '/bin/sh',
    '-c',
    'if [ -n "$1" ]; then cd "$1" || exit; elif [ -d "${RUN_DIR:-}" ]; then cd "$RUN_DIR" || exit; fi; exec "$(command -v bash || echo /bin/sh)" -c "$2"',
    'clocker',
    directory,
    command,
  ];
}

/** Prints what an address answers, and the status in a line of its own at the end; 127 where there is neither curl nor wget. Needs the environment of `requestEnvironment`. */
export const requestCommand: readonly string[] = [
  '/bin/sh',
  '-c',
  `set --
n=1
while eval "header=\\\${HEADER_$n-}"; [ -n "$header" ]; do
  if command -v curl > /dev/null; then set -- "$@" -H "$header"; else set -- "$@" "--header=$header"; fi
  n=$((n + 1))
done
if command -v curl > /dev/null; then exec curl -sS -m 20 -w '\\n%{http_code}' "$@" "$URL"; fi
command -v wget > /dev/null || exit 127
wget -q -T 20 -O - "$@" "$URL" && printf '\\n200'`,
];

export function requestEnvironment(url: string, headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { URL: url, ...Object.fromEntries(Object.entries(headers).map(([name, value], index) => [`HEADER_${index + 1}`, `${name}: ${value}`])) };
}
