// SPDX-License-Identifier: Apache-2.0
//
// The command line, alone and through a running server.
import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Api } from '../lib/api.mjs';
import { run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';

describe('without data', () => {
  test('every command explains itself and names its options', async () => {
    const { stdout } = await run(['help']);
    const commands = [...stdout.matchAll(/^ {2}(\w[\w ]*?) {2,}/gm)].map((match) => match[1]);
    assert.ok(commands.length > 20);
    for (const command of commands) {
      const { status, stdout: help } = await run([...command.split(' '), '--help']);
      assert.equal(status, 0, command);
      assert.match(help, new RegExp(`^Usage: partnerd ${command}`));
      assert.match(help, /--data/);
    }
  });

  test('the routes are listed with what they require', async () => {
    const { stdout } = await run(['routes']);
    assert.match(stdout, /^POST +\/api\/v1\/partners +manager +write +api \[partners:write\]$/m);
  });

  test('settings say where they come from', async () => {
    const { status, stdout } = await run(['settings', '--loops', '3'], { env: { PARTNERD_WORKERS: '7' } });
    assert.equal(status, 0);
    assert.match(stdout, /^loops = 3 {2}\(flag\)$/m);
    assert.match(stdout, /^workers = 7 {2}\(environment\)$/m);
    assert.match(stdout, /^idle_seconds = 30 {2}\(default\)$/m);
  });

  test('a directory without data is not taken for an empty organisation', async () => {
    const nowhere = join(tmpdir(), `partnerd-nowhere-${process.pid}`);
    for (const command of ['audit', 'org list', 'job mature', 'user list', 'backup --to /nowhere/x', 'ledger key']) {
      const { status, stderr } = await run([...command.split(' '), '--data', nowhere]);
      assert.equal(status, 2, command);
      assert.match(stderr, /There is no data in .*partnerd-nowhere/, command);
    }
    assert.equal(existsSync(nowhere), false);
  });

  test('a wrong setting is wrong usage', async () => {
    const { status, stderr } = await run(['settings', '--loops', 'many']);
    assert.equal(status, 2);
    assert.match(stderr, /loops \(flag\) is not a number/);
    for (const command of ['serve', 'settings']) {
      const got = await run([command, '--listen', 'foo', '--data', '/nowhere']);
      assert.equal(got.status, 2, `${command} ${got.stdout}${got.stderr}`);
      assert.match(got.stderr, /listen must be an address like 127\.0\.0\.1:8080, not "foo"/);
    }
  });

  test('a setting of yes or no may be followed by its value', async () => {
    for (const words of [['--jobs', 'no'], ['--jobs=no']])
      assert.match((await run(['settings', ...words])).stdout, /^jobs = no {2}\(flag\)$/m);
    assert.match((await run(['settings', '--access-log', '--jobs', 'yes'])).stdout, /^access_log = yes {2}\(flag\)$/m);
    assert.equal((await run(['settings', '--jobs', 'perhaps'])).status, 2);
  });
});

// What holds whether a server runs or not.
function sameEverywhere(database) {
  test('an organisation, a user, a role and a key are made', async () => {
    const id = await database.cli('org create', '--name', 'Acme', '--slug', 'acme', '--currency', 'eur');
    assert.match(id, /^org_[0-9a-z]{13}$/);
    const user = await database.cli('user create', { input: 'correct horse battery\n' },
      '--email', 'Ann@Example.com', '--name', 'Ann', '--password-stdin');
    assert.match(user, /^usr_[0-9a-z]{13}$/);
    await database.cli('member add', '--org', 'acme', '--email', 'ann@example.com', '--role', 'owner');
    const key = await database.cli('key create', '--org', 'acme', '--name', 'ci');
    assert.match(key, /^sk_live_[0-9a-z]{52}$/);
    assert.match(await database.cli('org list'), new RegExp(`^${id}\tacme\tAcme\tEUR\tUTC\tactive$`, 'm'));
    assert.match(await database.cli('user list'), /\tann@example.com\tAnn$/m);
    assert.match(await database.cli('member list', '--org', 'acme'), /^ann@example.com\towner$/m);
    assert.match(await database.cli('key list', '--org', id), /^key_\w+\t\.\.\.\w{4}\tci\tall$/m);
  });

  test('a sandbox is made as one, is listed as one, and its keys begin otherwise', async () => {
    const id = await database.cli('org create', '--name', 'Try', '--slug', 'try', '--sandbox');
    assert.match(await database.cli('org list'), new RegExp(`^${id}\ttry\tTry\tUSD\tUTC\tactive\tsandbox$`, 'm'));
    assert.match(await database.cli('key create', '--org', 'try', '--name', 'ci'), /^sk_test_[0-9a-z]{52}$/);
  });

  test('what cannot be is refused with its reason', async () => {
    for (const [command, args, reason, input] of [
      ['org create', ['--name', 'Again', '--slug', 'acme'], /slug/],
      ['user create', ['--email', 'ann@example.com', '--name', 'A'], /email/],
      ['user create', ['--email', 'b@example.com', '--name', 'B', '--password-stdin'], /8 characters/, 'short\n'],
      ['member add', ['--org', 'nobody', '--email', 'ann@example.com', '--role', 'owner'], /no organisation/],
      ['member add', ['--org', 'acme', '--email', 'x@example.com', '--role', 'owner'], /no user/],
      ['member remove', ['--org', 'acme', '--email', 'ann@example.com'], /without an owner/],
      ['key revoke', ['--org', 'acme', '--id', 'key_0000000000001'], /./],
    ]) {
      const got = await run([...command.split(' '), ...database.where, ...args], { input, env: database.env });
      assert.equal(got.status, 1, `${command} ${args}\n${got.stdout}${got.stderr}`);
      assert.equal(got.stdout, '');
      assert.match(got.stderr, reason);
      assert.match(got.stderr, /^partnerd: /m);
    }
  });

  test('a value that an option cannot have is wrong usage', async () => {
    for (const [command, args, reason] of [
      ['member add', ['--org', 'acme', '--email', 'ann@example.com', '--role', 'king'], /role must be one of: partner, viewer, man.+ owner/],
      ['member add', ['--org', 'acme', '--email', 'ann@example.com', '--role', 'viewer', '--without', 'money,cars'], /"cars" is not money/],
      ['member invite', ['--org', 'acme', '--email', 'zed@example.com', '--role', 'king'], /role must be one of/],
      ['key create', ['--org', 'acme', '--name', 'x', '--scopes', 'cars'], /cars/],
      ['key create', ['--org', 'acme', '--name', 'x', '--allowed-ips', 'cars'], /cars/],
      ['org create', ['--name', 'X', '--slug', 'No Slug'], /slug/],
      ['org create', ['--name', 'X', '--slug', 'xx', '--currency', 'ABC'], /ISO 4217/],
    ]) {
      const got = await run([...command.split(' '), ...database.where, ...args], { env: database.env });
      assert.equal(got.status, 2, `${command} ${args}\n${got.stdout}${got.stderr}`);
      assert.equal(got.stdout, '');
      assert.match(got.stderr, reason);
    }
  });

  test('an owner by the workspace alone is no member of the organisation', async () => {
    const workspace = await database.cli('workspace create', '--name', 'Agency');
    await database.cli('org create', '--name', 'Beta', '--slug', 'beta', '--workspace', workspace);
    await database.cli('user create', '--email', 'zoe@example.com', '--name', 'Zoe');
    await database.cli('workspace member', '--workspace', workspace, '--email', 'zoe@example.com', '--role', 'owner');
    assert.match(await database.cli('member list', '--org', 'beta'), /^zoe@example.com\towner\tby the workspace/m);
    const about = [...database.where, '--org', 'beta', '--email', 'zoe@example.com'];
    const gone = await run(['member', 'remove', ...about], { env: database.env });
    assert.match(gone.stderr, /no such member/);
    await database.cli('member add', '--org', 'beta', '--email', 'zoe@example.com', '--role', 'viewer');
    const acts = await run(['member', 'add', ...about, '--role', 'partner'], { env: database.env });
    assert.match(acts.stderr, /needs a partner to act for \(partner\)/);
    const stranger = await run(['member', 'add', ...about, '--role', 'partner', '--partner', 'prt_0000000000001'],
      { env: database.env });
    assert.match(stranger.stderr, /There is no such partner/);
  });

  test('commands at the same time wait for each other', async () => {
    const made = await Promise.all([1, 2, 3, 4, 5].map((i) =>
      database.cli('key create', '--org', 'acme', '--name', `parallel ${i}`)));
    assert.equal(new Set(made).size, 5);
  });

  test('a job runs for every organisation, an unknown one is wrong usage', async () => {
    await database.cli('job sessions');
    await database.cli('job idempotency', '--org', 'acme', '--at', '2027-01-01T00:00:00Z');
    await database.cli('job nonsense', { status: 2 });
    await database.cli('job idempotency', { status: 2 }, '--at', 'tomorrow');
  });
}

onEachDatabase('commands alone', (database) => {
  sameEverywhere(database);

  test('a backup can be restored into an empty directory', async () => {
    const file = join(database.dir, 'backup.tar');
    await database.cli('backup', '--to', file);
    assert.ok(statSync(file).size > 1000);
    const data = join(database.dir, 'restored');
    const restored = await run(['restore', '--data', data, '--from', file]);
    assert.equal(restored.status, 0, restored.stderr);
    const { stdout } = await run(['org', 'list', '--data', data]);
    assert.match(stdout, /\tacme\tAcme\t.*\tactive$/m);
    assert.match(stdout, /\ttry\tTry\t.*\tactive\tsandbox$/m);
    const again = await run(['restore', '--data', data, '--from', file]);
    assert.equal(again.status, 1);
  });
});

onEachDatabase('commands through a server', (database) => {
  let server;

  test('the server says when it is ready', async () => {
    server = await database.serve();
    assert.match(server.log, new RegExp(`ready ${server.url}`));
    const health = await fetch(`${server.url}/healthz`);
    assert.equal((await health.json()).status, 'ok');
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
  });

  test('its socket is for its owner only', () => {
    assert.equal(statSync(join(database.data, 'partnerd.sock')).mode & 0o777, 0o600);
  });

  sameEverywhere(database);

  test('a key made by a command works at once, and no more once it is revoked', async () => {
    const key = await database.cli('key create', '--org', 'acme', '--name', 'short-lived');
    const api = new Api(server.url, key);
    const { body } = await api.get('/organisation', 200);
    assert.equal(body.slug, 'acme');
    const list = await database.cli('key list', '--org', 'acme');
    const [, id] = /^(key_\w+)\t[^\t]+\tshort-lived\t/m.exec(list);
    await database.cli('key revoke', '--org', 'acme', '--id', id);
    await api.get('/organisation', 401);
  });

  test('signing in with the password opens a session, a wrong one does not', async () => {
    const post = (password) => fetch(`${server.url}/sign-in`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ email: 'ann@example.com', password, next: '/o/acme' }),
    });
    const good = await post('correct horse battery');
    assert.equal(good.status, 303);
    assert.equal(good.headers.get('location'), '/o/acme');
    assert.match(good.headers.get('set-cookie'), /^sid=[\w-]{43}; Path=\/; Max-Age=1209600; HttpOnly; SameSite=Lax$/);
    const bad = await post('incorrect horse');
    assert.equal(bad.status, 422);
    assert.equal(bad.headers.get('set-cookie'), null);
    assert.match(await bad.text(), /wrong/);
  });

  test('counters are shown to this machine', async () => {
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(metrics, /^partnerd_http_requests_total \d+$/m);
    assert.match(metrics, /^partnerd_http_answers_total\{class="4xx"\} [1-9]/m);
    for (const line of metrics.trim().split('\n')) assert.match(line, /^(# (HELP|TYPE) \w+ .+|[a-z_]+(\{\w+="\w+"\})? -?\d+)$/);
  });

  test('a second server on the same data gives up', async () => {
    const second = await run(['serve', ...database.where, '--listen', '127.0.0.1:0'], { env: database.env });
    assert.equal(second.status, 1);
    assert.match(second.stderr, /in use/);
  });

  test('it stops when it is asked to and leaves no socket', async () => {
    await server.stop();
    assert.equal(existsSync(join(database.data, 'partnerd.sock')), false);
    writeFileSync(join(database.data, 'partnerd.sock'), ''); // what a killed server might leave
    assert.match(await database.cli('org list'), /acme/);
  });
});
