// SPDX-License-Identifier: Apache-2.0
//
// Every filter of every list finds what a walk over the whole list finds, however the server
// looks it up: alone, together with another filter, and page by page.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { Description } from './schema.mjs';
import { terms } from './world.mjs';

const PAGING = ['limit', 'starting_after', 'ending_before'];
const LISTS = ['/partners', '/links', '/codes', '/customers', '/events', '/commissions', '/ledger/entries', '/payouts',
  '/payout-runs', '/campaigns'];

// Three partners in two campaigns; sales, refunds, a dispute, churn; one payout paid, one failed.
async function story(api, mature) {
  const sale = (id, partner, customer) => api.post('/track/sale', {
    id, partner, customer: { id: customer }, amount: 9900, currency: 'USD',
  }, 201);
  const ids = [];
  for (const slug of ['spring', 'autumn']) {
    const { body: campaign } = await api.post('/campaigns', {
      name: slug, slug, currency: 'USD', url: 'https://shop.example/',
      terms: { ...terms, hold_days: slug === 'spring' ? 0 : 30, minimum_payout: 0 },
    }, 201);
    for (const name of ['Ann', 'Bob', 'Cy']) {
      const { body: partner } = await api.post('/partners', {
        name, email: `${name}.${slug}@partner.example`, campaign: campaign.id, country: name === 'Ann' ? 'DE' : 'US',
      }, 201);
      await api.post('/links', { partner: partner.id, campaign: campaign.id, url: 'https://shop.example/' }, 201);
      await api.post('/codes', { partner: partner.id, campaign: campaign.id, code: `${name}${slug}` }, 201);
      ids.push(partner.id);
    }
  }
  for (let i = 0; i < 12; i++) await sale(`in_${i}`, ids[i % 6], `cus_${i % 7}`);
  await api.post('/track/lead', { id: 'in_1', partner: ids[0], customer: { id: 'cus_lead' } }, 201); // as a sale's id
  await api.post('/track/refund', { id: 're_1', sale_id: 'in_1', amount: 100, currency: 'USD' }, 201);
  await api.post('/track/refund', { id: 're_2', sale_id: 'in_2', currency: 'USD' }, 201);
  await api.post('/track/churn', { id: 'ch_1', customer: { id: 'cus_3' } }, 201);
  await mature();
  const { body: run } = await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201);
  await api.post(`/payout-runs/${run.id}/approve`, {}, 200);
  const results = run.payouts.map((one, i) => ({
    payout: one.id, ...(i ? { status: 'paid', reference: `ref ${i}` } : { status: 'failed', reason: 'no account' }),
  }));
  await api.post(`/payout-runs/${run.id}/results`, results, 200);
  await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201);
}

const text = (value) => (value === null || value === undefined ? '' : String(value));

onEachDatabase('filters', (database) => {
  let api, description;

  before(async () => {
    const server = await database.serve();
    api = (await server.org('acme')).api;
    await story(api, () => database.cli('job mature'));
    description = new Description((await server.api('').get('/openapi.json', 200)).body);
  });

  const ids = (rows) => rows.map((one) => one.id);
  const found = async (path, query, limit) => ids(await api.all(`${path}?${new URLSearchParams(query)}`, limit));

  for (const path of LISTS) {
    test(`of ${path}`, async () => {
      const all = await api.all(path);
      assert.ok(all.length > 1, `${all.length} rows`);
      const { call } = description.calls().find((one) => one.method === 'GET' && one.path === path);
      const names = call.parameters.map((p) => p.name)
        .filter((name) => !PAGING.includes(name) && all.some((row) => text(row[name]) && typeof row[name] !== 'object'));
      assert.ok(names.length > 0);
      for (const name of names) {
        for (const value of new Set(all.map((row) => text(row[name])).filter(Boolean))) {
          const want = all.filter((row) => text(row[name]) === value);
          assert.deepEqual(await found(path, { [name]: value }, 3), ids(want), `${name}=${value}`);
          for (const other of names.filter((one) => one !== name)) {
            const second = text(want[0][other]);
            if (!second) continue;
            const both = want.filter((row) => text(row[other]) === second);
            assert.deepEqual(await found(path, { [name]: value, [other]: second }), ids(both),
              `${name}=${value} ${other}=${second}`);
          }
        }
      }
    });
  }

  test('of values that nothing has', async () => {
    for (const query of ['/events?external_id=in_99', '/events?type=goal', '/ledger/entries?kind=adjust',
      '/commissions?status=held', '/commissions?customer=cus_0000000000001', '/commissions?payout=pay_0000000000001',
      '/ledger/entries?payout=pay_0000000000001']) {
      assert.deepEqual((await api.get(query, 200)).body.data, [], query);
    }
  });
});
