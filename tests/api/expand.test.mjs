// SPDX-License-Identifier: Apache-2.0
//
// expand=partner,commissions.explanation: ids become objects, and nobody sees more by it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { Description } from './schema.mjs';
import { fillIn, makeWorld } from './world.mjs';

onEachDatabase('expanding', (database) => {
  let server, api, world, description, payout;

  const key = async (scopes) => server.api(await database.cli('key create', '--org', 'acme', '--name', 'x',
    '--scopes', scopes));

  before(async () => {
    server = await database.serve({ args: ['--rate-limit', '600'] });
    ({ api } = await server.org('acme'));
    world = await makeWorld(api);
    await api.post(`/commissions/${world.commission.id}/approve`, {}, 200);
    const { body: run } = await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201);
    await api.post(`/payout-runs/${run.id}/approve`, {}, 200);
    world.run = run;
    payout = run.payouts[0].id;
    description = new Description((await api.get('/openapi.json', 200)).body);
  });

  test('an id becomes the object that it names, and an object inside has its own', async () => {
    const { body } = await api.get(`/commissions/${world.commission.id}?expand=partner.enrolments.campaign,event.customer,explanation`, 200);
    const plain = (await api.get(`/commissions/${world.commission.id}`, 200)).body;
    assert.equal(body.partner.object, 'partner');
    assert.equal(body.partner.id, plain.partner);
    assert.equal(body.partner.enrolments[0].campaign.slug, 'spring');
    assert.equal(body.event.customer.email, 'jane@customer.example');
    assert.deepEqual(body.explanation, plain.explanation);
    assert.deepEqual({ ...body, partner: plain.partner, event: plain.event }, plain);
  });

  test('what is in an answer already may be gone into', async () => {
    const { body } = await api.get(`/payouts/${payout}?expand=partner,commissions.explanation,commissions.event`, 200);
    assert.equal(body.partner.name, 'Bob');
    assert.equal(body.commissions[0].event.type, 'sale');
    assert.ok(body.commissions[0].explanation.sentence);
    const { body: run } = await api.get(`/payout-runs/${world.run.id}?expand=payouts.partner`, 200);
    assert.equal(run.payouts[0].partner.name, 'Bob');
    const { body: event } = await api.get(`/events/${world.sale.event.id}?expand=event.customer,commissions.partner`, 200);
    assert.equal(event.event.customer.external_id, 'cus_1');
    assert.equal(event.commissions[0].partner.name, 'Bob');
  });

  test('a list is expanded as a whole, and null stays null', async () => {
    for (let i = 0; i < 30; i++) {
      const { body } = await api.post('/partners', { name: `P${i}`, email: `p${i}@partner.example`, campaign: world.campaign.id,
        parent: i % 2 ? world.partner.id : undefined }, 201);
      await api.post('/track/sale', { id: `x${i}`, customer: { id: `x${i}` }, partner: body.id, amount: 1000, currency: 'USD' }, 201);
    }
    const { body } = await api.get('/commissions?limit=100&expand=partner.parent', 200);
    assert.equal(body.data.length, 31);
    assert.equal(new Set(body.data.map(({ partner }) => partner.id)).size, 31);
    assert.deepEqual(body.data.slice(0, 2).map(({ partner }) => partner.parent?.name ?? null), ['Bob', null]);
    const { body: events } = await api.get('/events?limit=100&expand=commissions', 200);
    assert.ok(events.data.every((one) => one.commissions.length === 1));
    const { body: partners } = await api.get('/partners?limit=40&expand=enrolments', 200);
    assert.ok(partners.data.every((one) => one.enrolments.length === 1));
    const { body: balances } = await api.get('/balances?expand=partner', 200);
    assert.ok(balances.data.every(({ partner }) => partner.object === 'partner'));
  });

  test('every member that a call can expand is expanded as described', async () => {
    let count = 0;
    for (const one of description.calls()) {
      const parameter = one.call.parameters.find(({ name }) => name === 'expand');
      if (!parameter || one.method !== 'GET') continue;
      const names = parameter.description.split(': ')[1];
      const path = `${fillIn(one.path, world).replace('pay_0000000000001', payout)}?expand=${names.replaceAll(' ', '')}`;
      const answer = await api.get(path);
      assert.ok([200, 404].includes(answer.status), `${path}: ${answer.text}`);
      if (answer.status !== 200) continue;
      assert.deepEqual(description.check(one.answer, answer.body), [], path);
      count++;
    }
    assert.ok(count > 18, `${count} calls can expand`);
  });

  test('what cannot be expanded is refused, and what can be is said', async () => {
    for (const [path, pattern] of [
      ['/links?expand=owner', /owner cannot be expanded here; what can be: campaign, partner$/],
      [`/links/${world.link.id}?expand=partner.nobody`, /nobody cannot .* parent, enrolments/],
      ['/commissions?expand=explanation.steps', /steps cannot be expanded/],
      ['/partners?expand=parent.parent.parent.parent', /at most 3/],
      ['/links?expand=', /cannot be expanded/],
      ['/links?expand=partner&expand=campaign', /twice/],
      ['/keys?expand=name', /nothing can be expanded/],
      [`/links?expand=${Array(11).fill('partner').join(',')}`, /at most 10/],
    ]) {
      const { body } = await api.get(path, 422);
      assert.equal(body.param, '/expand', path);
      assert.match(body.detail, pattern, path);
    }
    assert.equal((await api.request('POST', '/track/lead?expand=partner', { body: {}, status: 422 })).body.param, '/expand');
  });

  test('a key needs the scopes of what it expands, and is shown no more than there', async () => {
    const poor = await key('commissions:read');
    const refused = await poor.get('/commissions?expand=partner', 403);
    assert.equal(refused.body.param, '/expand');
    assert.match(refused.body.detail, /partners:read/);
    await poor.get('/commissions?expand=partner.enrolments', 403);
    await poor.get('/commissions?expand=explanation', 200);
    const junior = await key('read,-money,-personal_data');
    const { body, text } = await junior.get('/commissions?expand=partner,event.customer,campaign', 200);
    assert.equal(body.data[0].partner.name, 'P29');
    assert.doesNotMatch(text, /@partner\.example|jane@|bob@partner/);
    for (const one of body.data) assert.deepEqual([one.amount, one.event.amount], [null, null]);
    await junior.get('/commissions?expand=payout', 403);
    assert.deepEqual((await junior.get(`/events/${world.sale.event.id}?expand=event.customer`, 200)).body.object, 'event');
  });

  test('it counts twice in the rate limit', async () => {
    const least = async (path) => {
      const mine = await key('read');
      const answers = await Promise.all(Array.from({ length: 20 }, () => mine.get(path, 200)));
      return Math.min(...answers.map(({ headers }) => Number(/r=(\d+)/.exec(headers.get('ratelimit'))[1])));
    };
    assert.ok(await least('/links?expand=partner') < await least('/links') - 5);
  });
});
