// SPDX-License-Identifier: Apache-2.0
//
// True-ups of retroactive tiers: by the job, once, and by the difference when something is late.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const percent = (value) => ({ type: 'percentage', value });
const terms = {
  trigger: 'sale', reward: percent('20'), hold_days: 0,
  tiers: { by: 'revenue', period: 'month', retroactive: true, steps: [{ from: 10000, reward: percent('30') }] },
};

onEachDatabase('true-ups', (database) => {
  test('pay the tier reached for the whole month, and take back what a late refund costs', async () => {
    const server = await database.serve({ args: ['--jobs=no'] });
    const { api } = await server.org('acme');
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms,
    }, 201);
    const { body: partner } = await api.post('/partners', {
      name: 'Bob', email: 'bob@partner.example', campaign: campaign.id,
    }, 201);
    const now = database.now();
    const after = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString();
    const sell = (id, amount) => api.post('/track/sale', {
      id, customer: { id: `cus-${id}` }, partner: partner.id, amount, currency: 'USD', occurred_at: now.toISOString(),
    }, 201);
    const run = (at) => database.cli('job true-up', '--org', 'acme', '--at', at);
    const trueUps = async () => (await api.all('/events')).filter((e) => e.type === 'true_up');
    const amountOf = async (event) => (await api.all(`/commissions?event=${event.id}`)).map((m) => m.amount);

    for (const id of ['a', 'b', 'c']) await sell(id, 6000);
    await run(now.toISOString());
    assert.deepEqual(await trueUps(), []);
    await run(after);
    await run(after);
    const [first, ...more] = await trueUps();
    assert.deepEqual(more, []);
    assert.match(first.external_id, new RegExp(`^true-up/enr_\\w+/${now.toISOString().slice(0, 7)}$`));
    assert.deepEqual(await amountOf(first), [1200]);
    assert.match(first.attribution.sentence, /180.00 USD were driven/);

    await api.post('/track/refund', { id: 'r', sale_id: 'a' }, 201);
    await run(after);
    await run(after);
    const [second] = await trueUps();
    assert.equal(second.external_id, `${first.external_id}/2`);
    assert.deepEqual(await amountOf(second), [-600]);
    const [{ id, explanation }] = await api.all(`/commissions?event=${second.id}`);
    assert.match(explanation.sentence, /^-6.00 USD = true-up of .*: 36.00 USD in the end, less 30.00 USD earned/);
    assert.match(explanation.sentence, /and 12.00 USD trued up before/);
    await api.post(`/commissions/${id}/reject`, {}, 409);
    assert.match(await database.cli('audit'), /^audit: ok/m);

    // Below zero or not, it is paid with the rest.
    await database.pass(`${Math.ceil((Date.parse(after) - database.now()) / 1000) + 60}s`);
    const { body: run1 } = await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201);
    assert.deepEqual(run1.payouts.map((p) => p.amount), [3600]);
    await api.post(`/payout-runs/${run1.id}/approve`, {}, 200);
    await api.post(`/payout-runs/${run1.id}/results`, [{ payout: run1.payouts[0].id, status: 'paid' }], 200);
    assert.match(await database.cli('audit'), /^audit: ok/m);

    // The tier is lost after it was paid: what is left owes.
    for (const id of ['b', 'c']) await api.post('/track/refund', { id: `r-${id}`, sale_id: id }, 201);
    await run(after);
    const { body: { data: [balance] } } = await api.get(`/balances?partner=${partner.id}`, 200);
    assert.equal(balance.pending + balance.payable, -3600);
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });
});
