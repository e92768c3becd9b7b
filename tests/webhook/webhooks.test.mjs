// SPDX-License-Identifier: Apache-2.0
//
// Outgoing webhooks against a real receiver, checked by the library of Standard Webhooks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { terms } from '../api/world.mjs';
import { Description } from '../api/schema.mjs';
import { Receiver, until } from './receiver.mjs';

onEachDatabase('webhooks', (database) => {
  let server, api, org, campaign, partner;
  const receivers = [];
  let sales = 0;

  const receiver = async () => {
    const r = await new Receiver().open();
    receivers.push(r);
    return r;
  };
  const endpoint = async (to, more = {}) =>
    (await api.post('/webhook-endpoints', { url: to.url, ...more }, 201)).body;
  const remove = (e) => api.request('DELETE', `/webhook-endpoints/${e.id}`, { status: 204 });
  const sale = async (more = {}) => (await api.post('/track/sale', {
    id: `sale-${++sales}`, customer: { id: `cus-${sales}`, email: 'jane@customer.example' }, partner: partner.id,
    amount: 9900, currency: 'USD', ...more,
  }, 201)).body;
  const deliveries = async (e, more = '') =>
    (await api.get(`/webhook-deliveries?endpoint=${e.id}&limit=100${more}`, 200)).body.data;
  const only = async (e) => {
    const all = await deliveries(e);
    assert.equal(all.length, 1);
    return all[0];
  };

  const serve = async () => {
    server = await database.serve({ args: ['--webhook-private'] });
    org ??= await server.org('acme');
    api = server.api(org.key ?? org.api.key);
  };

  before(async () => {
    await serve();
    campaign = (await api.post('/campaigns', {
      name: 'Spring', slug: 'spring', currency: 'USD', url: 'https://shop.example/', terms,
    }, 201)).body;
    partner = (await api.post('/partners', {
      name: 'Bob', email: 'bob@partner.example', campaign: campaign.id,
    }, 201)).body;
  });

  after(async () => {
    for (const r of receivers) await r.close();
  });

  test('a sale is told with its commission, signed, as the API shows them, without gaps', async () => {
    const to = await receiver();
    const e = await endpoint(to);
    assert.match(e.secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.equal((await api.get(`/webhook-endpoints/${e.id}`, 200)).body.secret, undefined);
    const made = await sale();
    await until(() => to.got.length >= 2);
    const { body: described } = await server.api('').get('/openapi.json', 200);
    const byType = Object.fromEntries(to.got.map((got) => [got.body.type, got]));
    assert.deepEqual(Object.keys(byType).sort(),
      ['commission.approved', 'commission.created', 'sale.recorded'].filter((type) => byType[type]).sort());
    for (const got of to.got) {
      assert.deepEqual(to.verified(e.secret, got), got.body);
      const { schema } = described.webhooks[got.body.type].post.requestBody.content['application/json'];
      assert.deepEqual(new Description(described).check(schema, got.body), []);
      assert.match(got.id, /^msg_[0-9a-z]{13}$/);
      assert.equal(got.text, JSON.stringify(got.body), 'it is minified');
      assert.equal(got.headers['content-type'], 'application/json');
      assert.match(got.headers['user-agent'], /^partnerd\//);
    }
    assert.deepEqual(byType['sale.recorded'].body.data, made);
    const { body: commission } = await api.get(`/commissions/${made.commissions[0].id}`, 200);
    const told = byType['commission.created'].body.data;
    assert.deepEqual(Object.keys(told), Object.keys(commission));
    assert.deepEqual([told.id, told.amount, told.partner], [commission.id, commission.amount, partner.id]);
    const numbers = to.got.map(({ body }) => body.sequence).sort((a, b) => a - b);
    assert.deepEqual(numbers, numbers.map((_, i) => numbers[0] + i));
    await until(async () => (await deliveries(e)).every(({ status }) => status === 'delivered'));
    const one = (await deliveries(e))[0];
    assert.equal(one.answer_status, 204);
    assert.equal(one.attempts, 1);
    const full = (await api.get(`/webhook-deliveries/${one.id}`, 200)).body;
    assert.equal(JSON.stringify(full.body), to.got.find(({ id }) => id === one.message).text);
    await remove(e);
    assert.equal((await api.get(`/webhook-endpoints/${e.id}`)).status, 404);
    assert.equal((await api.get(`/webhook-deliveries/${one.id}`)).status, 404);
  });

  test('nothing is written where nobody wants it, and nobody is told an address', async () => {
    const newest = async () => (await api.get('/messages?limit=1', 200)).body.data[0]?.id;
    const before = await newest();
    await sale();
    assert.equal(await newest(), before);
    const to = await receiver();
    const e = await endpoint(to, { types: ['partner.created', 'partner.approved'] });
    await sale();
    const { body: eve } = await api.post('/partners', { name: 'Eve', email: 'eve@partner.example', campaign: campaign.id,
      status: 'pending' }, 201);
    await api.post(`/partners/${eve.id}/approve`, {}, 200);
    await until(() => to.got.length === 2);
    assert.deepEqual(to.types().sort(), ['partner.approved', 'partner.created']);
    for (const { text, body } of to.got) {
      assert.doesNotMatch(text, /eve@partner/);
      assert.equal(body.data.id, eve.id);
    }
    await remove(e);
  });

  test('what fails comes again under the same id, and can be replayed', async () => {
    const to = await receiver();
    to.answer = (got, n) => (n === 1 ? { status: 500, text: 'out of \u0007order' } : { status: 200, text: 'thanks' });
    const e = await endpoint(to, { types: ['sale.recorded'] });
    await sale();
    await until(async () => (await only(e)).attempts === 1);
    const waiting = await only(e);
    assert.deepEqual([waiting.status, waiting.answer_status, waiting.answer], ['waiting', 500, 'out of  order']);
    assert.ok(new Date(waiting.next_attempt_at) - database.now() < 6500);
    assert.ok((await api.get(`/webhook-endpoints/${e.id}`, 200)).body.failing_since);
    await until(async () => (await only(e)).status === 'delivered');
    assert.equal(to.got.length, 2);
    assert.equal(to.got[1].id, to.got[0].id);
    assert.ok(to.got[1].at - to.got[0].at >= 4900, 'after 5 seconds');
    assert.equal(to.got[1].text, to.got[0].text);
    for (const got of to.got) to.verified(e.secret, got);
    const done = await only(e);
    assert.deepEqual([done.attempts, done.answer, done.next_attempt_at], [2, 'thanks', null]);
    assert.equal((await api.get(`/webhook-endpoints/${e.id}`, 200)).body.failing_since, null);
    const again = (await api.post(`/webhook-deliveries/${done.id}/replay`, {}, 202)).body;
    assert.equal(again.status, 'waiting');
    await until(() => to.got.length === 3);
    assert.equal(to.got[2].id, to.got[0].id);
    await remove(e);
  });

  test('Retry-After is obeyed, for all that goes there', async () => {
    const to = await receiver();
    to.answer = (got, n) => (n === 1 ? { status: 503, headers: { 'Retry-After': '600' } } : { status: 200 });
    const e = await endpoint(to, { types: ['sale.recorded'] });
    await sale();
    await until(async () => (await deliveries(e))[0]?.attempts === 1);
    const first = await only(e);
    const wait = new Date(first.next_attempt_at) - database.now();
    assert.ok(wait > 590_000 && wait <= 600_000, String(wait));
    await sale();
    await database.cli('job outbox');
    assert.equal(to.got.length, 1);
    database.advance('11m');
    await until(() => to.got.length === 3);
    await until(async () => (await deliveries(e)).every(({ status }) => status === 'delivered'));
    await remove(e);
  });

  test('410 disables, redirections are failures, and enabling goes on with what waits', async () => {
    const to = await receiver();
    const other = await receiver();
    to.answer = () => ({ status: 302, headers: { Location: other.url } });
    const e = await endpoint(to, { types: ['sale.recorded'] });
    await sale();
    await until(async () => (await deliveries(e))[0]?.attempts === 1);
    const { status, error, answer_status: answered } = await only(e);
    assert.deepEqual([status, error, answered], ['waiting', 'redirections are not followed', 302]);
    to.answer = () => ({ status: 410 });
    await sale();
    await until(async () => (await api.get(`/webhook-endpoints/${e.id}`, 200)).body.status === 'disabled');
    const { body: off } = await api.get(`/webhook-endpoints/${e.id}`, 200);
    assert.equal(off.reason, 'The endpoint answered 410 Gone.');
    const { body: log } = await api.get('/audit?action=webhook_endpoint.disable', 200);
    assert.equal(log.data[0].target, e.id);
    const count = to.got.length;
    database.advance('6m');
    await sale();
    await database.cli('job outbox');
    assert.equal(to.got.length, count);
    await api.post(`/webhook-endpoints/${e.id}/test`, {}, 409);
    to.answer = () => ({ status: 200 });
    const { body: on } = await api.patch(`/webhook-endpoints/${e.id}`, { status: 'enabled' }, 200);
    assert.deepEqual([on.status, on.reason], ['enabled', null]);
    await until(async () => (await deliveries(e, '&status=waiting')).length === 0);
    assert.equal(other.got.length, 0);
    await remove(e);
  });

  test('both secrets sign while one is being replaced', async () => {
    const to = await receiver();
    const e = await endpoint(to, { types: ['sale.recorded'] });
    const { body: turned } = await api.post(`/webhook-endpoints/${e.id}/rotate`, {}, 200);
    assert.notEqual(turned.secret, e.secret);
    assert.ok(turned.previous_secret_until);
    await api.post(`/webhook-endpoints/${e.id}/test`, {}, 202);
    await until(() => to.got.length === 1);
    assert.equal(to.got[0].body.type, 'webhook.test');
    assert.equal(to.got[0].body.sequence, null);
    assert.equal(to.got[0].headers['webhook-signature'].split(' ').length, 2);
    for (const secret of [e.secret, turned.secret]) to.verified(secret, to.got[0]);
    database.advance('25h');
    await api.post(`/webhook-endpoints/${e.id}/test`, {}, 202);
    await until(() => to.got.length === 2);
    to.verified(turned.secret, to.got[1]);
    assert.throws(() => to.verified(e.secret, to.got[1]));
    const { body: now } = await api.post(`/webhook-endpoints/${e.id}/rotate`, { keep_hours: 0 }, 200);
    await api.post(`/webhook-endpoints/${e.id}/test`, {}, 202);
    await until(() => to.got.length === 3);
    to.verified(now.secret, to.got[2]);
    assert.throws(() => to.verified(turned.secret, to.got[2]));
    await remove(e);
  });

  test('one that never answers keeps no other waiting', async () => {
    const slow = await receiver();
    slow.answer = () => ({ hang: true });
    const quick = await receiver();
    const dead = await endpoint(slow, { types: ['sale.recorded'] });
    const alive = await endpoint(quick, { types: ['sale.recorded'] });
    const began = Date.now();
    for (let i = 0; i < 40; i++) await sale();
    await until(() => quick.got.length === 40, 10_000);
    assert.ok(Date.now() - began < 12_000);
    assert.ok(slow.got.length <= 16, `${slow.got.length} at once`);
    const other = await server.org('elsewhere');
    const third = await receiver();
    const theirs = (await other.api.post('/webhook-endpoints', { url: third.url }, 201)).body;
    await other.api.post(`/webhook-endpoints/${theirs.id}/test`, {}, 202);
    await until(() => third.got.length === 1, 5000);
    await until(async () => (await deliveries(dead)).some(({ error }) => error === 'no answer within 15 seconds'), 30_000);
    await remove(dead);
    await remove(alive);
  });

  test('what was missed can be replayed from a time on', async () => {
    const to = await receiver();
    const keeper = await receiver();
    const kept = await endpoint(keeper, { types: ['sale.recorded'] });
    const since = new Date(database.now() - 1).toISOString();
    for (let i = 0; i < 3; i++) await sale();
    const e = await endpoint(to, { types: ['sale.recorded', 'commission.paid'] });
    const { body } = await api.post(`/webhook-endpoints/${e.id}/replay`, { since }, 202);
    assert.deepEqual([body.messages, body.has_more], [3, false]);
    await until(() => to.got.length === 3 && keeper.got.length === 3);
    const sorted = (r) => r.got.map(({ id }) => id).sort();
    assert.deepEqual(sorted(to), sorted(keeper));
    const all = [];
    const { body: pull } = await api.get('/messages?limit=2&type=sale.recorded', 200);
    all.push(...pull.data);
    const { body: next } = await api.get(`/messages?limit=2&type=sale.recorded&starting_after=${pull.data[1].id}`, 200);
    all.push(next.data[0]);
    assert.deepEqual(all.map(({ id }) => id).sort(), sorted(to));
    await remove(e);
    await remove(kept);
  });

  test('killed in between, it is sent again under the same id', async () => {
    const to = await receiver();
    to.answer = () => ({ hang: true });
    const e = await endpoint(to, { types: ['sale.recorded'] });
    await sale();
    await until(() => to.got.length === 1);
    await server.kill();
    to.answer = () => ({ status: 200 });
    await serve();
    database.advance('40s');
    await until(() => to.got.length === 2);
    assert.equal(to.got[1].id, to.got[0].id);
    to.verified(e.secret, to.got[1]);
    await until(async () => (await only(e)).status === 'delivered');
    await remove(e);
  });

  test('after ten attempts over three days it is given up, and the endpoint disabled', async () => {
    const to = await receiver();
    to.answer = () => ({ status: 500 });
    const e = await endpoint(to, { types: ['sale.recorded'] });
    await sale();
    for (const [i, span] of ['0s', '7s', '7m', '37m', '3h', '7h', '13h', '17h', '25h', '29h'].entries()) {
      database.advance(span);
      await until(async () => {
        await database.cli('job outbox');
        return (await only(e)).attempts === i + 1;
      });
    }
    const { status, attempts } = await only(e);
    assert.deepEqual([status, attempts], ['failed', 10]);
    const { body: off } = await api.get(`/webhook-endpoints/${e.id}`, 200);
    assert.equal(off.status, 'disabled');
    assert.match(off.reason, /^Nothing has arrived since \d{4}-\d\d-\d\d; the last attempt: answered 500\.$/);
    assert.equal((await api.get('/webhook-deliveries?status=failed', 200)).body.data.length >= 1, true);
    await remove(e);
  });

  test('messages are forgotten after 30 days', async () => {
    assert.ok((await api.get('/messages', 200)).body.data.length > 0);
    await database.pass('31d', 'messages');
    assert.equal((await api.get('/messages', 200)).body.data.length, 0);
    assert.match(await database.cli('audit'), /^audit: ok /m);
  });

  test("a setting keeps webhooks out of the server's own network", async () => {
    await server.stop();
    server = await database.serve();
    api = server.api(api.key);
    for (const url of ['http://example.com/', 'https://127.0.0.1/', 'https://[::1]/', 'https://2130706433/',
      'https://10.1.2.3/', 'https://169.254.169.254/', 'https://localhost/', 'https://a:b@example.com/']) {
      const { body } = await api.post('/webhook-endpoints', { url }, 422);
      assert.equal(body.param, '/url', url);
    }
    // A name that stands for an address of this machine.
    const e = await endpoint({ url: 'https://localhost.localdomain:1/' });
    await api.post(`/webhook-endpoints/${e.id}/test`, {}, 202);
    await until(async () => (await only(e)).attempts === 1);
    assert.match((await only(e)).error, /not public|resolve/);
  });
});
