// SPDX-License-Identifier: Apache-2.0
//
// What docs/API.md promises of all calls alike, and of a few that other programs lean on.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { makeWorld, terms } from './world.mjs';

onEachDatabase('conventions', (database) => {
  let server;
  let api;
  let world;

  const partner = async (name, campaign) => (await api.post('/partners', {
    name, email: `${name}@partner.example`, campaign,
  }, 201)).body.id;

  test('an organisation with one of everything', async () => {
    server = await database.serve();
    api = (await server.org('acme')).api;
    world = await makeWorld(api);
  });

  test('OPTIONS says what may be done, also to those without a key', async () => {
    for (const [path, allow] of [
      ['/api/v1/partners', 'GET, HEAD, POST, OPTIONS'],
      ['/api/v1/partners/prt_0000000000001/override', 'PUT, DELETE, OPTIONS'],
      ['/healthz', 'GET, HEAD, OPTIONS'],
    ]) {
      const answer = await fetch(server.url + path, { method: 'OPTIONS' });
      assert.equal(answer.status, 204, path);
      assert.equal(answer.headers.get('allow'), allow);
      assert.match(answer.headers.get('request-id'), /^req_/);
    }
    assert.equal((await fetch(`${server.url}/api/v1/nothing`, { method: 'OPTIONS' })).status, 404);
    const refused = await api.request('DELETE', '/partners');
    assert.equal(refused.status, 405);
    assert.equal(refused.headers.get('allow'), 'GET, HEAD, POST, OPTIONS');
  });

  test('a slash too many at the end is taken off, and never leads elsewhere', async () => {
    const answer = await api.get('/partners/?limit=1', 308);
    assert.equal(answer.headers.get('location'), '/api/v1/partners?limit=1');
    assert.equal((await api.get('/bob/', undefined)).status, 404);
    const link = await fetch(`${server.url}/bob/?utm_source=x`, { redirect: 'manual' });
    assert.equal(link.status, 308);
    assert.equal(link.headers.get('location'), '/bob?utm_source=x');
    for (const path of ['//evil.example/', '/%5Cevil.example/%2F/', '/\\evil.example/', '/a//']) {
      const to = (await fetch(server.url + path, { redirect: 'manual' })).headers.get('location');
      assert.ok(to === null || /^\/[^/\\]/.test(to), `${path} leads to ${to}`);
    }
  });

  test('the version of the API is said, and another one refused', async () => {
    const { headers } = await api.get('/organisation', 200);
    const version = headers.get('api-version');
    assert.match(version, /^\d{4}-\d\d-\d\d$/);
    await api.request('GET', '/organisation', { headers: { 'Api-Version': version }, status: 200 });
    const { body } = await api.request('GET', '/organisation', { headers: { 'Api-Version': '2020-01-01' }, status: 400 });
    assert.match(body.detail, new RegExp(version));
    const { body: key } = await api.post('/keys', { name: 'pinned' }, 201);
    assert.equal(key.api_version, version);
    const pinned = await server.api(key.key).get('/organisation', 200);
    assert.equal(pinned.headers.get('api-version'), version);
  });

  test('a refusal says where it is explained, and the explanation is there for everybody', async () => {
    const { body } = await api.post('/links', { partner: 'prt_0000000000001' }, 422);
    assert.equal(body.doc_url, '/docs/errors#invalid_field');
    assert.equal(body.retryable, false);
    assert.deepEqual(body.errors, [{ pointer: body.param, code: body.code, detail: body.detail }]);
    const page = await fetch(server.url + body.doc_url);
    assert.equal(page.status, 200);
    const html = await page.text();
    const source = await readFile(new URL('../../src/base/err.def', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/^ERR\(\w+, +(\d+), "(\w+)"/gm)];
    assert.ok(codes.length > 15);
    for (const [, , code] of codes) assert.match(html, new RegExp(`id="${code}"`));
    const manual = await readFile(new URL('../../docs/API.md', import.meta.url), 'utf8');
    for (const [, , code] of codes) assert.ok(manual.includes(`\`${code}\``), `docs/API.md has no ${code}`);
  });

  test('a body in another charset is refused rather than misread', async () => {
    const body = '{"name":"J\u00f6rg"}';
    const send = (type) => api.request('PATCH', `/partners/${world.partner.id}`, { body, headers: { 'content-type': type } });
    for (const type of ['application/json; charset=latin1', 'application/json;charset="iso-8859-1"',
      'application/json; charset=utf-8; charset=utf-16']) {
      const refused = await send(type);
      assert.deepEqual([refused.status, refused.body.code], [415, 'unsupported_media'], type);
    }
    for (const type of ['application/json; charset=UTF-8', 'application/json; charset="utf-8"', 'application/json;version=1']) {
      assert.equal((await send(type)).status, 200, type);
    }
  });

  test('an organisation says who pays, and has a host of its own before its first link', async () => {
    const fresh = (await server.org('fresh')).api;
    const { body } = await fresh.patch('/organisation', { payer: 'agency', tracking_host: 'Go.Fresh.example' }, 200);
    assert.deepEqual([body.payer, body.tracking_host], ['agency', 'go.fresh.example']);
    for (const [wrong, status] of [['localhost', 422], ['a b.example', 422], ['127.0.0.1', 422], ['go.fresh.example:80', 422]]) {
      assert.equal((await fresh.patch('/organisation', { tracking_host: wrong }, status)).body.param, '/tracking_host', wrong);
    }
    const second = (await server.org('second')).api;
    assert.equal((await second.patch('/organisation', { tracking_host: 'GO.fresh.example' }, 409)).body.param, '/tracking_host');
    assert.equal((await second.patch('/organisation', { payer: 'nobody' }, 422)).body.param, '/payer');
    const late = await api.patch('/organisation', { tracking_host: 'go.acme.example' }, 409);
    assert.equal(late.body.code, 'wrong_state');
    const { body: campaign } = await fresh.post('/campaigns', {
      name: 'F', slug: 'f', currency: 'USD', url: 'https://shop.example/', terms }, 201);
    const { body: one } = await fresh.post('/partners', { name: 'F', email: 'f@fresh.example', campaign: campaign.id }, 201);
    const { body: link } = await fresh.post('/links', { partner: one.id, campaign: campaign.id, slug: 'bob' }, 201);
    assert.equal(link.short_url, 'https://go.fresh.example/bob');
    await fresh.patch('/organisation', { payer: 'client', tracking_host: 'go.fresh.example' }, 200);
  });

  test('a partner is put only in a group that the terms have', async () => {
    const put = (group, status) => api.put(`/partners/${world.partner.id}/group`, { campaign: world.campaign.id, group }, status);
    const { body } = await put('platinum', 422);
    assert.equal(body.param, '/group');
    assert.equal((await put('gold', 200)).body.enrolments[0].group, 'gold');
    assert.equal((await put(null, 200)).body.enrolments[0].group, null);
  });

  test('who was named by the caller is not said to have used a code', async () => {
    const { body } = await api.post('/track/lead', { id: 'named', customer: { id: 'named' }, partner: world.partner.id }, 201);
    assert.match(body.attribution.sentence, /^Credited to the partner that the caller named\./);
    assert.equal(body.attribution.credited[0].named, true);
    const later = await api.post('/track/lead', {
      id: 'named-later', customer: { id: 'named' }, occurred_at: new Date(Date.now() + 3600_000).toISOString(),
    }, 201);
    assert.match(later.body.attribution.sentence, /^Credited to the partner (that the caller named|who owns)/);
  });

  test('an empty body and a parameter given twice are refused for what they are', async () => {
    const { body } = await api.request('POST', '/partners', { body: '', headers: { 'Content-Type': 'application/json' } });
    assert.equal(body.status, 400);
    assert.match(body.detail, /nothing where JSON is expected/);
    for (const query of ['limit=1&limit=2', 'status=active&status=disabled']) {
      const refused = await api.get(`/links?${query}`, 422);
      assert.match(refused.body.detail, /given twice/);
    }
  });

  test('what never changes says so', async () => {
    for (const key of ['slug', 'currency']) {
      const { body } = await api.patch(`/campaigns/${world.campaign.id}`, { [key]: 'EUR' }, 422);
      assert.equal(body.detail, `${key} cannot be changed`);
    }
  });

  test('what a batch refuses is pointed to inside the batch', async () => {
    const { body } = await api.post('/track/batch', { events: [
      { type: 'lead', id: 'l-1', customer: { id: 'c-1' } },
      { type: 'sale', id: 's-1', customer: { id: 'c-1', country: 'x1' }, amount: 100, currency: 'USD' },
      { type: 'restated', id: 'x' },
      7,
      { type: 'click', slug: 'nobody' },
    ] }, 207);
    assert.deepEqual(body.results.map(({ status }) => status), [201, 422, 422, 422, 422]);
    assert.deepEqual(body.results.slice(1).map(({ error }) => error.pointer),
      ['/events/1/customer/country', '/events/2/type', '/events/3', '/events/4/slug']);
  });

  test('a batch takes clicks as well, and what was sold by them is credited', async () => {
    const events = { events: [
      { type: 'click', slug: 'bob', user_agent: 'Mozilla/5.0' },
      { type: 'lead', id: 'l-click', customer: { id: 'c-click' }, partner: world.partner.id },
    ] };
    const key = { 'idempotency-key': 'batch-1' };
    const { body } = await api.post('/track/batch', events, 207, key);
    const id = body.results[0].result.click_id;
    assert.match(id, /^clk_/);
    assert.equal((await api.post('/track/batch', events, 207, key)).body.results[0].result.click_id, id);
    const sale = await api.post('/track/sale', {
      id: 's-click', customer: { id: 'c-other' }, click_id: id, amount: 100, currency: 'USD',
    }, 201);
    assert.equal(sale.body.attribution.credited[0].link, world.link.id);
  });

  test('an amount that is not known yet is null, not a number', async () => {
    const early = await api.post('/track/refund', { id: 'r-early', sale_id: 'later' }, 201);
    assert.equal(early.body.event.amount, null);
    assert.equal(early.body.event.currency, null);
    const { body } = await api.get(`/events/${early.body.event.id}`, 200);
    assert.equal(body.event.amount, null);
    const { body: list } = await api.get('/events?type=refund', 200);
    assert.deepEqual(list.data.map(({ amount, invoice_index: index }) => [amount, index]), [[null, null]]);
    const lead = await api.post('/track/lead', { id: 'l-2', customer: { id: 'c-2' } }, 201);
    assert.deepEqual([lead.body.event.amount, lead.body.event.currency], [0, null]);
    await api.post('/track/sale', { id: 'later', customer: { id: 'c-2' }, amount: 5000, currency: 'USD' }, 201);
    const more = await api.post('/track/refund', { id: 'r-more', sale_id: 'later', amount: 1 }, 422);
    assert.equal(more.body.detail, 'only 0.00 USD of this sale is left to refund');
  });

  test('a refund names a sale, or any other event by its type and id', async () => {
    const event = { event_type: 'project_delivered', event_id: 'p-1' };
    const refused = async (body, param, detail) => {
      const { body: said } = await api.post('/track/refund', { id: 'r-x', ...body }, 422);
      assert.deepEqual([said.param, said.detail], [`/${param}`, detail]);
    };
    await refused({}, 'sale_id', 'sale_id is required, or event_type and event_id');
    await refused({ ...event, sale_id: 's' }, 'sale_id', 'sale_id cannot be given together with event_type and event_id');
    await refused({ event_type: 'goal' }, 'event_id', 'event_id is required beside event_type');
    await refused({ event_id: 'p-1' }, 'event_type', 'event_type is required beside event_id');
    const click = { event_type: 'click', event_id: 'p-1' };
    assert.equal((await api.post('/track/refund', { id: 'r-x', ...click }, 422)).body.param, '/event_type');
    await api.post('/track/event', { id: 'p-1', type: 'project_delivered', partner: world.partner.id }, 201);
    await refused({ ...event, amount: 5 }, 'amount', 'this project has none: leave it out to take back all of it');
    await refused({ ...event, currency: 'USD' }, 'currency', 'the project has none');
    await refused({ event_type: 'lead', event_id: 'any', amount: 5 }, 'amount',
      'a lead has none: leave it out to take back all of it');
    const { body } = await api.post('/track/refund', { id: 'r-p', ...event }, 201);
    assert.deepEqual([body.event.amount, body.event.currency], [null, null]);
    assert.equal(body.attribution.sentence, 'The project is taken back.');
    const { body: stored } = await api.get(`/events/${body.event.id}`, 200);
    assert.equal(stored.event.sale, body.event.sale);
    await api.post('/track/refund', { id: 'r-p', ...event }, 200);
    await api.post('/track/refund', { id: 'r-p', sale_id: 'p-1' }, 409);
    // A sale may be named in either way.
    await api.post('/track/refund', { id: 'r-s', sale_id: 'in_1', amount: 1 }, 201);
    await api.post('/track/refund', { id: 'r-s', event_type: 'sale', event_id: 'in_1', amount: 1 }, 200);
  });

  test('codes of currencies and countries are taken in any letter case, and said in capitals', async () => {
    const terms = { trigger: 'sale', reward: { type: 'percentage', value: 20 }, rewards: [
      { if: { country: ['at'] }, reward: { type: 'fixed', amount: 500, currency: 'eur' } }] };
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Small', slug: 'small', currency: 'usd', url: 'https://shop.example/', terms }, 201);
    assert.equal(campaign.currency, 'USD');
    const { body: { terms: document } } = await api.get(`/campaigns/${campaign.id}/terms/1`, 200);
    assert.equal(document.reward.value, '20');
    assert.equal(document.rewards[0].if.country, 'AT');
    assert.equal(document.rewards[0].reward.currency, 'EUR');
    const { body: partner } = await api.post('/partners', {
      name: 'Small', email: 'small@partner.example', campaign: campaign.id, country: 'de' }, 201);
    assert.equal(partner.country, 'DE');
    const { body: sale } = await api.post('/track/sale', {
      id: 'small-1', partner: partner.id, customer: { id: 'small' }, amount: 1000, currency: 'usd' }, 201);
    assert.deepEqual([sale.event.currency, sale.commissions[0].amount], ['USD', 200]);
    const { body: list } = await api.get('/campaigns?currency=usd&slug=small', 200);
    assert.equal(list.data.length, 1);
    const commissions = await api.get(`/commissions?currency=usd&partner=${partner.id}`, 200);
    assert.equal(commissions.body.data.length, 1);
  });

  test('a country that is no code is told what one is, wherever it is sent', async () => {
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Far', slug: 'far', currency: 'USD', url: 'https://shop.example/', terms }, 201);
    const where = [
      ['/partners', { name: 'Far', email: 'far@partner.example', campaign: campaign.id, country: 'Germany' }, '/country'],
      ['/track/lead', { id: 'far-1', customer: { id: 'far', country: 'Germany' } }, '/customer/country'],
      [`/campaigns/${campaign.id}/terms`, { terms: { ...terms,
        rewards: [{ if: { country: 'Germany' }, reward: { type: 'fixed', amount: 1 } }] } }, '/terms/rewards/0/if/country'],
    ];
    for (const [path, body, param] of where) {
      const answer = await api.post(path, body, 422);
      assert.equal(answer.body.param, param);
      assert.match(answer.body.detail, /must be the two-letter ISO 3166-1 code of a country, such as DE/, path);
    }
  });

  test("a customer's country counts in any letter case", async () => {
    for (const country of ['de', 'DE']) {
      await api.post('/track/lead', { id: `from-${country}`, customer: { id: `from-${country}`, country } }, 201);
    }
    const { body } = await api.get('/customers?country=DE', 200);
    assert.deepEqual(body.data.map(({ external_id: id }) => id).sort(), ['from-DE', 'from-de']);
  });

  test('a click told by a code is one of its partner, in any letter case', async () => {
    const ids = [];
    for (const name of ['ida', 'leo']) {
      const id = await partner(name, world.campaign.id);
      await api.post('/codes', { partner: id, campaign: world.campaign.id, code: name.toUpperCase() }, 201);
      ids.push(id);
    }
    for (const [at, code] of ['ida', 'Leo', 'bob'].entries()) {
      const click = await api.post('/track/click', { code, user_agent: 'Mozilla/5.0' }, 201);
      const { body } = await api.post('/track/sale', {
        id: `by-${code}`, customer: { id: `of-${code}` }, click_id: click.body.click_id, amount: 1000, currency: 'USD',
      }, 201);
      assert.equal(body.attribution.credited[0].partner, ids[at] ?? world.partner.id, code);
      assert.equal(body.attribution.credited[0].link, ids[at] ? undefined : world.link.id);
    }
    assert.equal((await api.post('/track/click', { code: 'nobodys' }, 422)).body.param, '/code');
    assert.equal((await api.post('/track/click', { slug: 'nobodys' }, 422)).body.param, '/slug');
    assert.equal((await api.post('/track/click', { slug: 'bob', code: 'ida' }, 422)).body.param, '/code');
  });

  test("a code may stand for a link of its partner, with the link's own reward", async () => {
    const about = { partner: world.partner.id, campaign: world.campaign.id };
    const { body: link } = await api.post('/links', { ...about, slug: 'dear', reward: { type: 'fixed', amount: 700 } }, 201);
    const { body: code } = await api.post('/codes', { ...about, code: 'DEAR7', link: link.id }, 201);
    assert.equal(code.link, link.id);
    const click = await api.post('/track/click', { code: 'dear7', user_agent: 'Mozilla/5.0' }, 201);
    for (const how of [{ code: 'dear7' }, { click_id: click.body.click_id }]) {
      const { body } = await api.post('/track/sale', {
        id: `dear-${Object.keys(how)}`, customer: { id: `dear-${Object.keys(how)}` }, ...how, amount: 9900, currency: 'USD',
      }, 201);
      assert.equal(body.commissions[0].amount, 700);
      assert.equal(body.attribution.credited[0].link, link.id);
    }
    const other = await partner('mia', world.campaign.id);
    for (const wrong of [{ partner: other, link: link.id }, { link: 'lnk_0000000000001' }]) {
      const refused = await api.post('/codes', { ...about, code: 'WRONG', ...wrong }, 422);
      assert.equal(refused.body.param, '/link');
    }
  });

  test('what was approved before its time is in a run without a cutoff, and not in one with', async () => {
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Slow', slug: 'slow', currency: 'USD', url: 'https://shop.example/', terms: { ...terms, hold_days: 30 },
    }, 201);
    const id = await partner('eli', campaign.id);
    const { body: sale } = await api.post('/track/sale', {
      id: 'slow-1', customer: { id: 'slow' }, partner: id, amount: 9900, currency: 'USD',
    }, 201);
    await api.post(`/commissions/${sale.commissions[0].id}/approve`, {}, 200);
    const { body: balance } = await api.get(`/balances?partner=${id}`, 200);
    assert.equal(balance.data[0].payable, 2475);
    const now = database.now().toISOString();
    await sleep(10);
    const run = async (more, status) => (await api.post('/payout-runs', { currency: 'USD', method: 'manual', ...more }, status)).body;
    const due = await run({ cutoff: now }, 422);
    assert.deepEqual([due.code, due.param], ['invalid_field', '/cutoff']);
    assert.match(due.detail, /nothing that is owed in USD was due by then/);
    const none = await run({ currency: 'JPY' }, 422);
    assert.deepEqual([none.param, none.detail], ['/currency', 'nothing is owed in JPY']);
    const all = await run({}, 201);
    assert.equal(all.payouts.find((payout) => payout.partner === id).amount, 2475);
    await api.post(`/payout-runs/${all.id}/approve`, {}, 200);
    assert.match(await database.cli('audit'), /^audit: ok /m);
  });
});
