import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { file, run, says } from './support.ts';

/** Wrong usage: one sentence, where to read on, exit code 2, nothing on stdout. */
function wrong(args: readonly string[], sentence: string | RegExp): void {
  test(`clocker ${args.join(' ')}`, async () => {
    const ran = await run(args);
    const [first = ''] = ran.stderr.split('\n');
    if (typeof sentence === 'string') assert.equal(first, `clocker: ${sentence}`);
    else assert.match(first, sentence);
    says(ran, { exitCode: 2, stderr: /^clocker: .*\nclocker: try: clocker --help\n$/ });
  });
}

wrong([], /^clocker: which command\? check, .*plan, .*deploy, status, .*delete\b/);
wrong(['deply', 'x'], 'there is no command deply; did you mean deploy?');
wrong(['xyzzy'], /^clocker: there is no command xyzzy; the commands are check, .*delete\b/);
wrong(['status', '--hsot', 'a=b'], 'there is no option --hsot; did you mean --host?');
wrong(['status', '--host'], /host/);
wrong(['check'], 'clocker check needs FILE...');
wrong(['plan', 'a', 'b'], 'clocker plan takes FILE only; "b" is too much');
wrong(['check', 'a', '--yes'], 'clocker check has no option --yes');
wrong(['check', 'none.yaml'], 'there is no file none.yaml');
wrong(['check', '/'], '/ is a folder; name a file');
wrong(['status', '--host', 'a'], '--host a: write NAME=ENDPOINT, like a=unix:///var/run/docker.sock');
wrong(['status', '--host', 'a=/x', '--host', 'a=/y'], 'two hosts are named a');
wrong(['status', '--host', 'a=box:2375'], /^clocker: --host a=box:2375: "box:2375" is not an endpoint of a Docker Engine; write it like /);
wrong(['status', '--host', 'a=ssh://me:hunter2@box'], /^clocker: --host a: ssh:\/\/…@box holds a password/);
wrong(['status', '--context', 'no-such-context'], /^clocker: there is no Docker context no-such-context in .*; there are default/);
wrong(['check', 'a', '--trust-host-key', 'x'], 'clocker check has no option --trust-host-key');
wrong(['status', '--host', 'a=/x', '--hosts', 'f'], 'give --host or --hosts, not both');
wrong(['deploy', 'x.yaml'], 'nobody can be asked here (stdin is not a terminal); give --yes to go ahead without asking');
wrong(['delete', 'x'], 'nobody can be asked here (stdin is not a terminal); give --yes to go ahead without asking');

test('files of hosts that make no sense', async () => {
  const cases = [
    ['a: 1', /^clocker: hosts\.yaml:1:1: a list of hosts is wanted/],
    ['', /^clocker: hosts\.yaml:1:1: a list of hosts is wanted/],
    ['[]', /^clocker: hosts\.yaml: there is no host in it/],
    ['- {name: a}', /^clocker: hosts\.yaml:1:3: a host needs an endpoint/],
    ['- [', /^clocker: hosts\.yaml:1:\d+: /],
    ['# ours\n- name: a\n  endpoint: /s\n- name: b\n  endpoint: /t\n  readonly: true\n', /^clocker: hosts\.yaml:6:3: a host has no readonly; did you mean readOnly\?\n/],
    ['- name: a\n  endpoint: tcp://a\n  tls:\n    cert: x\n    kee: y\n', /^clocker: hosts\.yaml:5:5: tls has no kee; did you mean key\?\nhosts\.yaml:3:3: cert and key belong together/],
    ['- {name: a, endpoint: /s}\n- {name: a, endpoint: /t}\n', /^clocker: hosts\.yaml:2:4: two hosts are named a\n/],
  ] as const;
  for (const [text, sentence] of cases) says(await run(['status', '--hosts', await file('hosts.yaml', text)]), { exitCode: 2, stderr: sentence });
});

test('help and version', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  says(await run(['--version']), { exitCode: 0, stdout: version });
  says(await run(['--help']), { exitCode: 0, stdout: /check FILE\.\.\.[^]*deploy FILE[^]*--host NAME=ENDPOINT[^]*Exit codes/ });
  says(await run(['deploy', '--help']), { exitCode: 0, stdout: /^clocker deploy FILE\n[^]*--yes/ });
});
