// SPDX-License-Identifier: Apache-2.0
//
// Idempotency-Key on what changes access: a repeated request makes nothing twice, and an answer
// with a secret is kept without it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

onEachDatabase('repeated requests', (database) => {
  let api, other, server;

  const post = (path, body, key, status, by = api) => by.post(path, body, status, { 'idempotency-key': key });
  const keys = async () => (await api.get('/keys', 200)).body.data;
  const members = async () => (await api.get('/members', 200)).body.data;

  before(async () => {
    server = await database.serve();
    const acme = await server.org('acme');
    api = acme.api;
    for (const email of ['bob@acme.example', 'eve@acme.example']) await server.user(acme, { email, role: 'viewer' });
    other = (await server.org('other')).api;
  });

  test('a key is made once and shown once', async () => {
    const before_ = (await keys()).length;
    const first = await post('/keys', { name: 'shop', scopes: ['read'] }, 'one', 201);
    assert.match(first.body.key, /^sk_live_/);
    assert.equal(first.headers.get('idempotent-replayed'), null);
    const again = await post('/keys', { scopes: ['read'], name: 'shop' }, 'one', 201);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(again.body, { ...first.body, key: null });
    assert.equal((await keys()).length, before_ + 1);
    await post('/keys', { name: 'shop', scopes: ['write'] }, 'one', 422);
    const files = database.kind === 'sqlite' ? readdirSync(database.data, { recursive: true, withFileTypes: true }) : [];
    for (const file of files.filter((one) => one.isFile()))
      assert.ok(!readFileSync(join(file.parentPath ?? file.path, file.name)).includes(first.body.key), `${file.name} has the secret`);
  });

  test('an invitation is made once, and its link shown once', async () => {
    const ivy = { email: 'ivy@acme.example', role: 'viewer' };
    const first = await post('/invitations', ivy, 'eight', 201);
    assert.match(first.body.link, new RegExp(`^${server.url}/invite/[\\w-]{43}$`));
    const again = await post('/invitations', ivy, 'eight', 201);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(again.body, { ...first.body, link: null });
    const { body: { data } } = await api.get('/invitations', 200);
    assert.equal(data.length, 1);
    assert.ok(!('link' in data[0]));
    const token = first.body.link.split('/').at(-1);
    const files = database.kind === 'sqlite' ? readdirSync(database.data, { recursive: true, withFileTypes: true }) : [];
    for (const file of files.filter((one) => one.isFile()))
      assert.ok(!readFileSync(join(file.parentPath ?? file.path, file.name)).includes(token), `${file.name} has the token`);
    await api.request('DELETE', `/invitations/${data[0].id}`, {});
    assert.deepEqual((await api.get('/invitations', 200)).body.data, []);
  });

  test('a role is changed once', async () => {
    const first = await post('/members', { email: 'bob@acme.example', role: 'manager' }, 'two', 201);
    // Somebody has changed it since: a late repetition must not change it back.
    await post('/members', { email: 'bob@acme.example', role: 'admin' }, 'three', 201);
    const again = await post('/members', { email: 'bob@acme.example', role: 'manager' }, 'two', 201);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    assert.deepEqual(again.body, first.body);
    assert.equal((await members()).find((one) => one.email === 'bob@acme.example').role, 'admin');
  });

  test('who does not belong to the organisation gets no role, whether there is an account or not', async () => {
    await server.cli('user create', '--email', 'zoe@other.example', '--name', 'Zoe');
    const [known, unknown] = [await api.post('/members', { email: 'zoe@other.example', role: 'viewer' }, 422),
      await api.post('/members', { email: 'xoe@other.example', role: 'viewer' }, 422)];
    assert.equal(known.body.param, '/email');
    assert.equal(known.body.detail.replace('zoe', 'xoe'), unknown.body.detail);
  });

  test('what was refused may be mended and sent with the same key', async () => {
    await post('/keys', { name: '' }, 'four', 422);
    await post('/keys', { name: 'mended' }, 'four', 201);
  });

  test('keys for repetitions belong to one API key, and to one organisation', async () => {
    await post('/keys', { name: 'mine' }, 'five', 201);
    const theirs = await post('/keys', { name: 'theirs' }, 'five', 201, other);
    assert.equal(theirs.headers.get('idempotent-replayed'), null);
    assert.match(theirs.body.key, /^sk_live_/);
  });

  test('a key for repetitions belongs to one call', async () => {
    const key = await post('/keys', { name: 'both' }, 'seven', 201);
    const member = await post('/members', { email: 'eve@acme.example', role: 'manager' }, 'seven', 201);
    assert.equal(member.headers.get('idempotent-replayed'), null);
    assert.equal((await post('/keys', { name: 'both' }, '"seven"', 201)).body.id, key.body.id);
  });

  test('many at once make one, and who comes too early is told so', async () => {
    const before_ = (await keys()).length;
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/keys', { name: 'race' }, 'six')));
    const done = answers.filter(({ status }) => status === 201);
    assert.equal(done.filter(({ body }) => body.key).length, 1);
    assert.equal(new Set(done.map(({ body }) => body.id)).size, 1);
    for (const { status, body, headers } of answers.filter((one) => !done.includes(one))) {
      assert.deepEqual([status, body.code, body.retryable], [409, 'request_in_flight', true]);
      assert.equal(headers.get('retry-after'), '1');
    }
    const again = await post('/keys', { name: 'race' }, 'six', 201);
    assert.equal(again.body.id, done[0].body.id);
    assert.equal((await keys()).length, before_ + 1);
  });
});
