// The programs that Clocker puts into a container whose entity is installed by commands: its main program, which waits for the
// installation, becomes the parent of what is launched and stops it; and the one that carries out a phase. Both need a shell
// and the usual small tools, nothing else. What is done is known from files in the container, so that anybody can go on.

import type { Course } from '#core/lifecycle/lifecycle.ts';

/** Everything of ours in the container. */
export const ourDir = '/var/lib/clocker';
/** There when everything was carried out once: from then on a restart of the container launches by itself. What was installed and customized lasts as long as the container. */
export const doneFile = `${ourDir}/done`;

/** There when it is time to launch. */
export const launchFile = `${ourDir}/launch`;

/** Holds `stopped` in a container that somebody stopped on purpose, until it is started again. */
export const stoppedFile = `${ourDir}/stopped`;

/**
 * The container's main program. It gets SIGTERM when the container is to stop and SIGUSR1 when it is time to launch. A launch
 * that ends well has put its program into the background: then the container lasts as long as the process whose id is in
 * PID_FILE, or until it is stopped.
 */
const mainProgram = `
d=${ourDir}
child=
stop() {
  trap '' TERM INT USR1
  if [ -n "$child" ]; then
    if [ -e "$d/stop.sh" ]; then ( cd "$RUN_DIR" && exec /bin/sh "$d/run" stop ) < /dev/null; fi
    kill -TERM -1 2> /dev/null
    wait "$child"
    while [ -s "$PID_FILE" ] && kill -0 "$(cat "$PID_FILE")" 2> /dev/null; do sleep 1; done
  fi
  exit 0
}
trap stop TERM INT
trap : USR1
rm -f "$d"/*.pid "$PID_FILE"
if [ -e "$d/done" ]; then
  if [ -e "$d/pre-launch.sh" ]; then
    ( cd "$RUN_DIR" && exec /bin/sh "$d/run" pre-launch ) < /dev/null & child=$!
    wait "$child" || { code=$?; echo "pre-launch failed with exit code $code" >&2; exit "$code"; }
  fi
else
  until [ -e "$d/launch" ]; do sleep 1 & wait "$!"; done
fi
mkdir -p "$RUN_DIR"
( cd "$RUN_DIR" && exec /bin/sh "$d/run" launch ) < /dev/null & child=$!
trap '' USR1
if [ ! -e "$d/done" ] && [ ! -e "$d/post-launch.sh" ] && [ -e "$d/settle" ]; then /bin/sh "$d/settle" < /dev/null > /dev/null 2>&1 & fi
if [ -e "$d/done" ] && [ -e "$d/post-launch.sh" ]; then ( cd "$RUN_DIR" && exec /bin/sh "$d/run" post-launch ) < /dev/null & fi
wait "$child" || exit "$?"
while [ ! -s "$PID_FILE" ] || kill -0 "$(cat "$PID_FILE")" 2> /dev/null; do sleep 1 & wait "$!"; done
echo 'the process in PID_FILE has ended' >&2
exit 1
`;

/** `phase NAME DIRECTORY`: carries a phase out once; one that an earlier deployment left running is waited for. Prints what it prints, ends as it ends. */
const phaseProgram = `
d=${ourDir}
name=$1
log=$d/$name.log
if [ -e "$d/$name.done" ]; then exit 0; fi
pid=$(cat "$d/$name.pid" 2> /dev/null)
if [ -e "$d/$name.exit" ] || [ -z "$pid" ] || ! kill -0 "$pid" 2> /dev/null; then
  rm -f "$d/$name.exit"
  : > "$log"
  (
    mkdir -p "$2" && cd "$2" && /bin/sh "$d/run" "$name"
    echo "$?" > "$d/$name.code" && mv "$d/$name.code" "$d/$name.exit"
  ) < /dev/null >> "$log" 2>&1 &
  pid=$!
  echo "$pid" > "$d/$name.pid"
fi
at=0
over=
pause=0.02
while :; do
  if [ -e "$d/$name.exit" ] || ! kill -0 "$pid" 2> /dev/null; then over=yes; fi
  size=$(wc -c < "$log")
  if [ "$size" -gt "$at" ]; then
    tail -c "+$((at + 1))" "$log" | head -c "$((size - at))"
    at=$size
  fi
  if [ -n "$over" ]; then break; fi
  sleep "$pause" 2> /dev/null || sleep 1
  if [ "$pause" = 0.02 ]; then pause=0.05; else pause=0.2; fi
done
code=$(cat "$d/$name.exit" 2> /dev/null || echo 137)
if [ "$code" = 0 ]; then : > "$d/$name.done"; fi
exit "$code"
`;

/** Tries the check for a moment, and where it is content marks everything as carried out; ends as the last try did. By the main program where nothing comes between the launch and the check, else by a command. */
const settleProgram = `
mkdir -p "$RUN_DIR" && cd "$RUN_DIR" || exit 1
for pause in 0.02 0.02 0.03 0.05 0.1 0.2 last; do
  /bin/sh ${ourDir}/run check
  code=$?
  if [ "$code" = 0 ]; then : > ${doneFile}; exit; fi
  sleep "$pause" 2> /dev/null || exit "$code"
done
`;
/** So long it tries, about; and some time for the check itself. */
export const settlesWithinMs = 600;

/** Stands for the container's own address, which is known only inside and may be another after each start. */
export const ownAddress = '__OWN_ADDRESS__';

/** `run NAME`: becomes the script of that name, with the container's own address in its text and environment. Bash where there is one, as Brooklyn has it; the first command that fails ends it. */
function runProgram(names: readonly string[]): string {
  return `
d=${ourDir}
script=$d/$1.sh
address=$(hostname -i 2> /dev/null | cut -d ' ' -f 1)
replaced() { sed "s/${ownAddress}/$address/g"; }
${names.map((name) => `export ${name}="$(printf '%s' "$${name}" | replaced)"`).join('\n')}
if grep -q ${ownAddress} "$script"; then
  # Others may read it just now.
  replaced < "$script" > "$script.own.$$" && mv "$script.own.$$" "$script.own"
  script=$script.own
fi
exec "$(command -v bash || echo /bin/sh)" -e "$script"
`;
}

/** The container's entry point; what follows it as arguments is ignored by it. */
export const entrypoint: readonly string[] = ['/bin/sh', '-c', mainProgram, 'clocker'];

/** A file of ours, to be in the container before it starts. */
export interface Script {
  readonly path: string;
  readonly text: string;
}

export function scriptsOf(course: Course): readonly Script[] {
  const script = (name: string, commands: string | undefined): readonly Script[] => (commands === undefined ? [] : [{ path: `${ourDir}/${name}.sh`, text: `${commands}\n` }]);
  return [
    { path: `${ourDir}/phase`, text: phaseProgram },
    { path: `${ourDir}/run`, text: runProgram(course.ownAddressIn) },
    ...course.phases.flatMap(({ name, commands }) => script(name, commands)),
    ...script('launch', course.launch),
    ...script('check', course.check),
    ...(course.check === undefined ? [] : [{ path: `${ourDir}/settle`, text: settleProgram }]),
    ...script('stop', course.stop),
    ...script('reload', course.follow?.reload),
  ];
}

export function phaseCommand(name: string, directory: string): readonly string[] {
  return ['/bin/sh', `${ourDir}/phase`, name, directory];
}

/** Makes the program read again what follows others. */
export const reloadCommand: readonly string[] = ['/bin/sh', `${ourDir}/run`, 'reload'];
/** Lets the main program launch. */
export const launchCommand: readonly string[] = ['/bin/sh', '-c', `mkdir -p "$RUN_DIR" && : > ${launchFile} && kill -USR1 1`];
/** Ends with 0 when the program runs. Without commands of its own a program runs when the process in PID_FILE does, or when nothing says otherwise. */
export const checkCommand: readonly string[] = [
  '/bin/sh',
  '-c',
  `cd "$RUN_DIR" || exit 1
if [ -e ${ourDir}/check.sh ]; then exec /bin/sh ${ourDir}/run check; fi
[ ! -s "$PID_FILE" ] || kill -0 "$(cat "$PID_FILE")"`,
];
/** The check right after a launch, see `settleProgram`. Only for programs that have a check. */
export const settleCommand: readonly string[] = ['/bin/sh', `${ourDir}/settle`];
/** Marks that everything was carried out. */
export const doneCommand: readonly string[] = ['/bin/sh', '-c', `: > ${doneFile}`];
/**
 * Leaves of everything of ours only which phases are done: programs, outputs and ids belong to one container. What apt keeps in case
 * (80 MB for a small program) it makes again or needs no more; an image that is to travel need not carry it.
 */
export const tidyCommand: readonly string[] = ['/bin/sh', '-c', `cd ${ourDir} && for file in *; do case "$file" in *.done) ;; *) rm -rf "$file" ;; esac; done && rm -f /var/cache/apt/*.bin /var/cache/apt/archives/*.deb`];
/** Prints the names of the phases that are done, one a line. */
export const donePhasesCommand: readonly string[] = ['/bin/sh', '-c', `cd ${ourDir} && for done in *.done; do echo "$done"; done`];

export function donePhases(printed: readonly string[]): ReadonlySet<string> {
  return new Set(printed.filter((line) => line.endsWith('.done')).map((line) => line.slice(0, -'.done'.length)));
}
