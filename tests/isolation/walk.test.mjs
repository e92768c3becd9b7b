// SPDX-License-Identifier: Apache-2.0
//
// Walks every call of the API as somebody who must not get anywhere: without a key, with
// another organisation's key and this one's ids, with a key that lacks the scope or may not
// see money or people. Afterwards the organisation must be as it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillIn, goodBodies, makeRun, makeWorld } from '../api/world.mjs';
import { run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';

const { stdout: table } = await run(['routes']);
const calls = table.trim().split('\n').map((line) => {
  const [, method, path, who, mode, flags, scope] =
    /^(\w+) +(\S+) +(\S+) +(\S+) *([^[]*?) *(?:\[(.+)\])?$/.exec(line);
  return { method, path: path.replace('/api/v1', '').replace(/:(\w+)/g, '{$1}'), who, mode,
    flags: flags.split(' '), scope };
}).filter((call) => call.flags.includes('api'));
const closed = calls.filter((call) => call.who !== 'anybody');

async function lists(api) {
  const all = {};
  for (const path of ['/campaigns', '/partners', '/links', '/codes', '/customers', '/events', '/enrolments',
    '/commissions', '/restatements', '/balances', '/payout-runs', '/payouts', '/ledger/entries']) {
    all[path] = (await api.get(path, 200)).body.data;
  }
  all.organisation = (await api.get('/organisation', 200)).body;
  return all;
}

const texts = (value, found = []) => {
  if (value && typeof value === 'object') for (const [key, inner] of Object.entries(value)) texts2(key, inner, found);
  return found;
};
function texts2(key, inner, found) {
  if (inner && typeof inner === 'object') texts(inner, found);
  else found.push([key, inner]);
}

onEachDatabase('isolation', (database) => {
  let mine;
  let world;
  let server;
  let bodies;

  const key = async (org, scopes) => server.api(await database.cli('key create', '--org', org, '--name', 'x',
    '--scopes', scopes));

  const send = (api, call) => api.request(call.method, fillIn(call.path, world), {
    body: bodies[`${call.method} ${call.path}`] ?? (call.method === 'GET' ? undefined : {}),
  });

  test('an organisation has something to hide', async () => {
    server = await database.serve();
    mine = await server.org('acme');
    world = await makeWorld(mine.api);
    world.commission ??= { id: 'com_0000000000001' };
    world.run = await makeRun(mine.api, world);
    bodies = goodBodies(world);
    assert.ok(closed.length > 40);
  });

  test('nobody gets anywhere without a key, or with one that was revoked', async () => {
    const revoked = await key('acme', 'all');
    await revoked.get('/organisation', 200);
    const [, id] = /^(key_\w+)\t[^\t]+\tx\tall$/m.exec(await database.cli('key list', '--org', 'acme'));
    await database.cli('key revoke', '--org', 'acme', '--id', id);
    for (const call of closed) {
      for (const api of [server.api(undefined), server.api('sk_live_0'), server.api(`sk_live_${'0'.repeat(52)}`), revoked]) {
        const { status, body } = await send(api, call);
        assert.equal(status, 401, `${call.method} ${call.path}`);
        assert.equal(body.code, 'unauthenticated');
      }
    }
  });

  test("another organisation's key finds none of these ids", async () => {
    const before = await lists(mine.api);
    const other = await server.org('other');
    for (const call of closed.filter(({ path }) => path.includes('{id}'))) {
      const { status, text } = await send(other.api, call);
      assert.ok(status === 404 || status === 422, `${call.method} ${call.path} gave ${status}\n${text}`);
      assert.doesNotMatch(text, /Bob|bob@|Spring|jane@/i, `${call.method} ${call.path}`);
    }
    assert.deepEqual(await lists(mine.api), before);
  });

  test('ids of another organisation in a body or a filter lead nowhere', async () => {
    const before = await lists(mine.api);
    const other = (await server.org('third')).api;
    for (const [path, body] of [
      ['/partners', bodies['POST /partners']],
      ['/links', bodies['POST /links']],
      ['/codes', bodies['POST /codes']],
    ]) {
      const { status, text } = await other.post(path, body);
      assert.ok([404, 422].includes(status), `${path} gave ${status}\n${text}`);
    }
    const sale = await other.post('/track/sale', {
      id: 'stolen', customer: { id: 'cus_1' }, amount: 100, currency: 'USD', partner: world.partner.id, code: 'BOB10',
      click_id: world.sale.event.click ?? undefined,
    });
    assert.ok([201, 422].includes(sale.status), sale.text);
    assert.deepEqual(sale.body.commissions ?? [], []);
    for (const path of ['/links', '/codes', '/customers', '/commissions', '/events', '/enrolments']) {
      const { status, body } = await other.get(`${path}?partner=${world.partner.id}`);
      assert.ok(status === 404 || status === 422 || body.data.length === 0, path);
    }
    assert.deepEqual(await lists(mine.api), before);
  });

  test('another organisation sees empty lists', async () => {
    const fourth = (await server.org('fourth')).api;
    for (const call of closed.filter(({ method, path }) => method === 'GET' && !path.includes('{'))) {
      const { status, text } = await fourth.get(call.path);
      assert.equal(status < 500, true, `${call.path} ${text}`);
      assert.doesNotMatch(text, /Bob|bob@|Spring|jane@|acme/i, call.path);
    }
  });

  test('a key without the scope is refused by every call that has one', async () => {
    const poor = await key('acme', 'nothing:read');
    const before = await lists(mine.api);
    for (const call of closed.filter(({ scope }) => scope)) {
      const { status, body } = await send(poor, call);
      assert.equal(status, 403, `${call.method} ${call.path}`);
      assert.equal(body.code, 'forbidden');
    }
    assert.deepEqual(await lists(mine.api), before);
  });

  test('a key that reads writes nothing', async () => {
    const reader = await key('acme', 'read');
    const before = await lists(mine.api);
    for (const call of closed.filter(({ method, scope }) => method !== 'GET' && !scope?.endsWith(':read'))) {
      assert.equal((await send(reader, call)).status, 403, `${call.method} ${call.path}`);
    }
    assert.deepEqual(await lists(mine.api), before);
  });

  test('who may not see money gets no amounts', async () => {
    const junior = await key('acme', 'read,-money');
    const money = /^(amount|tax|pending|held|payable|in_payout|paid|debit|credit|revenue|earned|base|reversed)$/;
    for (const call of closed.filter(({ method, scope }) => method === 'GET' && scope !== 'admin')) {
      const { status, body, text } = await send(junior, call);
      if (call.flags.includes('money')) assert.equal(status, 403, call.path);
      if (status !== 200 || !body) continue;
      for (const [name, value] of texts(body)) {
        if (money.test(name)) assert.ok(value === null || typeof value === 'string', `${call.path}: ${name} is ${value}\n${text}`);
      }
      assert.doesNotMatch(text, /24\.75|99\.00|2475|9900/, `${call.path}\n${text}`);
    }
  });

  test('who may not see personal data gets no names and addresses of customers', async () => {
    const junior = await key('acme', 'read,-personal_data');
    for (const call of closed.filter(({ method, scope }) => method === 'GET' && scope !== 'admin')) {
      const { status, text } = await send(junior, call);
      if (status === 200) assert.doesNotMatch(text, /jane@|bob@partner/i, `${call.path}\n${text}`);
    }
  });
});
