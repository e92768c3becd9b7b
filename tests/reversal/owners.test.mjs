// SPDX-License-Identifier: Apache-2.0
//
// Customers that several partners own: what the API says of them, and to whom.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const terms = {
  trigger: 'sale', reward: { type: 'percentage', value: '25' }, attribution: { model: 'linear' },
};

onEachDatabase('owners', (database) => {
  test('a shared customer names its owners with shares that add up', async () => {
    const server = await database.serve();
    const { api } = await server.org('acme');
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms,
    }, 201);
    const partner = async (name) => (await api.post('/partners', {
      name, email: `${name}@partner.example`, campaign: campaign.id,
    }, 201)).body.id;
    const owners = [await partner('ann'), await partner('bob'), await partner('cid')];
    const customer = { id: 'eve' };
    await api.post('/track/lead', { id: 'l1', partner: owners[0], customer }, 201);
    await api.post('/track/lead', { id: 'l2', partner: owners[1], customer }, 201);
    await api.post('/track/sale', { id: 's1', partner: owners[2], customer, amount: 100, currency: 'USD' }, 201);
    await api.post('/track/sale', { id: 's2', partner: owners[2], customer: { id: 'ida' }, amount: 100, currency: 'USD' }, 201);

    const { body: found } = await api.get('/customers?external_id=eve', 200);
    const [eve] = found.data;
    assert.deepEqual(eve.owners.map((o) => [o.partner, o.share_ppm]),
      [[owners[0], 333334], [owners[1], 333333], [owners[2], 333333]]);
    assert.equal(eve.partner, owners[0]);
    assert.deepEqual((await api.get(`/customers/${eve.id}`, 200)).body.owners, eve.owners);
    const [ida] = (await api.get('/customers?external_id=ida', 200)).body.data;
    assert.deepEqual(ida.owners, [{ partner: owners[2], link: null, share_ppm: 1000000 }]);

    const shared = (await api.get(`/customers?owner=${owners[2]}`, 200)).body.data.map((k) => k.external_id);
    assert.deepEqual(shared, ['ida', 'eve']);
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });
});
