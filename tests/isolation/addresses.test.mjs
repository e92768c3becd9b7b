// SPDX-License-Identifier: Apache-2.0
//
// Keys that are bound to addresses: from elsewhere they are no keys, whoever says where a request
// comes from; their owner finds out what happened.
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

const UNKNOWN = `sk_live_${'0'.repeat(52)}`;

onEachDatabase('keys that are bound to addresses', (database) => {
  let server, org, bound;

  const from = (address, key = bound.key, at = server) => at.api(key).request('GET', '/organisation',
    { headers: address ? { 'x-forwarded-for': address } : {} });
  const listed = async (id) => (await org.api.get('/keys', 200)).body.data.find((key) => key.id === id);
  const entries = async (id) => (await org.api.get(`/audit?target=${id}`, 200)).body.data;
  const same = ({ status, headers, body }) => ({
    status, names: [...headers.keys()].sort(), version: headers.get('api-version'), ...body, request_id: '',
  });

  // What is noted beside the request comes a moment after it.
  async function soon(what) {
    for (let tries = 0; tries < 200; tries++, await sleep(25)) {
      const got = await what();
      if (got) return got;
    }
    return what();
  }

  test('a key is made with addresses and networks, and shows them', async () => {
    server = await database.serve({ args: ['--trust-proxy=yes'] });
    org = await server.org('acme');
    bound = (await org.api.post('/keys', { name: 'shop', allowed_ips: ['203.0.113.0/24', '2001:DB8:0::/32', '198.51.100.7/32'] }, 201)).body;
    assert.deepEqual(bound.allowed_ips, ['203.0.113.0/24', '2001:db8::/32', '198.51.100.7']);
    assert.deepEqual((await listed(bound.id)).allowed_ips, bound.allowed_ips);
    for (const nowhere of [undefined, null, []]) {
      const { body } = await org.api.post('/keys', { name: 'free', allowed_ips: nowhere }, 201);
      assert.deepEqual(body.allowed_ips, []);
      assert.equal((await from('192.0.2.1', body.key)).status, 200);
    }
    assert.deepEqual((await entries(bound.id)).map(({ action, change }) => [action, change.allowed_ips]),
      [['key.create', '203.0.113.0/24,2001:db8::/32,198.51.100.7']]);
  });

  test('what is no address or network is refused with its name', async () => {
    for (const bad of ['203.0.113.0/33', '203.0.113.7/24', '2001:db8::/129', 'shop.example', '203.0.113', '*', '[2001:db8::1]', '10.0.0.0/8;x']) {
      const { body } = await org.api.post('/keys', { name: 'x', allowed_ips: ['192.0.2.1', bad] }, 422);
      assert.equal(body.param, '/allowed_ips');
      assert.ok(body.detail.includes(`"${bad}"`), body.detail);
    }
    for (const bad of ['203.0.113.7', [7], [''], [null], ['192.0.2.1,192.0.2.2'], {}, Array(21).fill('192.0.2.1')])
      assert.equal((await org.api.post('/keys', { name: 'x', allowed_ips: bad }, 422)).body.param, '/allowed_ips');
  });

  test('through a proxy that is trusted the address counts that the proxy has seen', async () => {
    for (const there of ['203.0.113.0', '203.0.113.255', '198.51.100.7', '::ffff:203.0.113.7', '2001:db8:ffff::1', '192.0.2.1, 203.0.113.7'])
      assert.equal((await from(there)).status, 200, there);
    for (const there of ['203.0.112.255', '198.51.100.8', '2001:db9::1', '203.0.113.7, 192.0.2.1', '203.0.113.7,', 'unknown', ''])
      assert.equal((await from(there)).status, 401, there);
  });

  test('from elsewhere it is answered as a key that is none', async () => {
    const stray = await from('192.0.2.1'), unknown = await from('192.0.2.1', UNKNOWN);
    assert.deepEqual(same(stray), same(unknown));
    assert.equal(stray.body.code, 'unauthenticated');
    assert.match(stray.body.detail, /may not be used from this address/);
  });

  test('its owner finds that in the audit log, its operator in the log, both without the address', async () => {
    const refused = await soon(async () => (await entries(bound.id)).find(({ action }) => action === 'key.refuse'));
    assert.equal(refused.change.from, '203.0.112.0/24'); // the first; then no more for ten minutes
    assert.equal(refused.actor_name, 'shop');
    assert.equal((await entries(bound.id)).length, 2);
    const lines = server.log.split('\n').filter((line) => line.includes('key refused for its address'));
    assert.equal(lines.length, 1);
    assert.ok(lines[0].includes(bound.id) && lines[0].includes('203.0.112.0/24') && lines[0].includes('level=warn'), lines[0]);
    assert.doesNotMatch(server.log, /203\.0\.112\.255/);
  });

  test('it shows when it was used last, which refusals are not', async () => {
    const { body: idle } = await org.api.post('/keys', { name: 'idle', allowed_ips: ['203.0.113.7'] }, 201);
    assert.equal(idle.last_used_at, null);
    assert.equal((await from('192.0.2.1', idle.key)).status, 401);
    await soon(async () => (await entries(idle.id)).length === 2);
    assert.equal((await listed(idle.id)).last_used_at, null);
    assert.equal((await from('203.0.113.7', idle.key)).status, 200);
    assert.match(await soon(async () => (await listed(idle.id)).last_used_at), /^\d{4}-/);
  });

  test('it makes no key for elsewhere', async () => {
    const { body: own } = await org.api.post('/keys', { name: 'own', allowed_ips: ['203.0.113.0/24'] }, 201);
    const make = (allowed_ips, status) => server.api(own.key).post('/keys', { name: 'x', allowed_ips }, status, { 'x-forwarded-for': '203.0.113.7' });
    assert.equal((await make(['203.0.113.7', '192.0.2.1'], 403)).body.param, '/allowed_ips');
    await make(['0.0.0.0/0'], 403);
    assert.deepEqual((await make(['203.0.113.7'], 201)).body.allowed_ips, ['203.0.113.7']);
    assert.deepEqual((await make([], 201)).body.allowed_ips, ['203.0.113.0/24']);
  });

  test('on the page: typed with lines between, and refused at the field', async () => {
    const owner = await new Visitor(server).signIn(await server.user(org));
    const page = '/app/acme/settings/keys';
    await owner.token(page);
    const make = (allowed_ips) => owner.ask('POST', page, { csrf: owner.csrf, name: 'by hand', scope: 'read', allowed_ips });
    const wrong = await make('203.0.113.7\r\n203.0.113.7/24');
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /203\.0\.113\.7\/24&quot; is an address inside a network: write 203\.0\.113\.0\/24/);
    assert.match(wrong.text, /<textarea[^>]*name="allowed_ips"[^>]*aria-invalid="true"/);
    const { status, text } = await make(' 203.0.113.7,\r\n2001:db8::/32 \r\n');
    assert.equal(status, 200);
    const key = /id="secret" value="([^"]+)"/.exec(text)[1];
    assert.match(text, /<span>203\.0\.113\.7, 2001:db8::\/32<\/span>/);
    assert.equal((await from('203.0.113.7', key)).status, 200);
    assert.equal((await from('203.0.113.8', key)).status, 401);
  });

  test('on the command line', async () => {
    const key = await server.cli('key create', '--org', 'acme', '--name', 'line', '--allowed-ips', '127.0.0.1,203.0.113.0/24');
    assert.equal((await from('', key)).status, 200);
    assert.equal((await from('192.0.2.1', key)).status, 401);
    assert.match(await server.cli('key list', '--org', 'acme'), /\tline\tall\tfrom 127\.0\.0\.1,203\.0\.113\.0\/24$/m);
    await server.cli('key create', { status: 2 }, '--org', 'acme', '--name', 'line', '--allowed-ips', '127.0.0.1/33');
  });

  test('without that setting nobody says where they come from', async () => {
    await server.stop();
    server = await database.serve();
    assert.equal((await from('203.0.113.7')).status, 401);
    const { body: local } = await server.api(org.key).post('/keys', { name: 'local', allowed_ips: ['127.0.0.1'] }, 201);
    assert.equal((await from('203.0.113.7', local.key)).status, 200);
  });
});
