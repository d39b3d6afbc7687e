// How a command of a blueprint is run in a container: by bash where there is one, as Brooklyn has it, in its own folder or where
// the entity's program runs. Arguments show in the engine's event log and commands may hold secrets, so none is an argument.

/** A command and its environment, for `HostPort.exec`. */
export interface Run {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const runner = `if [ -n "$1" ]; then cd "$1" || exit; elif [ -d "\${RUN_DIR:-}" ]; then cd "$RUN_DIR" || exit; fi
command=$CLOCKER_COMMAND
unset CLOCKER_COMMAND
exec "$(command -v bash || echo /bin/sh)" -c "$command"`;

export function runOf(command: string, directory = '', env: Readonly<Record<string, string>> = {}): Run {
  return { command: ['/bin/sh', '-c', runner, 'clocker', directory], env: { ...env, CLOCKER_COMMAND: command } };
}

const requestCommand: readonly string[] = [
  '/bin/sh',
  '-c',
  `set --
n=1
while eval "header=\\\${HEADER_$n-}"; [ -n "$header" ]; do
  if command -v curl > /dev/null; then set -- "$@" -H "$header"; else set -- "$@" "--header=$header"; fi
  n=$((n + 1))
done
if command -v curl > /dev/null; then
  set -- -sS -m 20 -w '\\n%{http_code}' -X "$METHOD" "$@"
  if [ -n "\${BODY+given}" ]; then printf %s "$BODY" | curl "$@" --data-binary @- "$URL"; exit; fi
  exec curl "$@" "$URL"
fi
[ "$METHOD" = GET ] && command -v wget > /dev/null || exit 127
wget -q -T 20 -O - "$@" "$URL" && printf '\\n200'`,
];

/** Prints what an address answers, and the status in a line of its own at the end; ends with 127 where there is neither curl nor, for a GET, wget. */
export function requestOf(url: string, headers: Readonly<Record<string, string>>, { method = 'GET', body }: { readonly method?: string; readonly body?: string | undefined } = {}): Run {
  return { command: requestCommand, env: { URL: url, METHOD: method, ...(body !== undefined && { BODY: body }), ...Object.fromEntries(Object.entries(headers).map(([name, value], index) => [`HEADER_${index + 1}`, `${name}: ${value}`])) } };
}
