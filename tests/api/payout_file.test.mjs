// SPDX-License-Identifier: Apache-2.0
//
// The file of a payout run: what is in it, and that PayPal's never pays anybody twice.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const terms = { trigger: 'sale', reward: { type: 'percentage', value: '20' }, hold_days: 0 };

onEachDatabase('the file of a payout run', (database) => {
  let server, api;
  const partners = {};

  before(async () => {
    server = await database.serve();
    api = (await server.org('acme')).api;
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms,
    }, 201);
    for (const name of ['ada', 'bob', 'cat']) {
      const { body } = await api.post('/partners', { name, email: `${name}@partner.example`, campaign: campaign.id }, 201);
      partners[name] = body.id;
    }
  });

  // A run that pays each of the partners something, approved.
  async function approved(method, names) {
    for (const [i, name] of names.entries()) {
      const { body } = await api.post('/track/sale', {
        id: `${method}-${name}`, customer: { id: `cus-${method}-${name}` }, partner: partners[name],
        amount: 10000 + 500 * i, currency: 'USD',
      }, 201);
      await api.post(`/commissions/${body.commissions[0].id}/approve`, {}, 200);
    }
    const { body: run } = await api.post('/payout-runs', { currency: 'USD', method }, 201);
    await file(run, 409);
    await api.post(`/payout-runs/${run.id}/approve`, {}, 200);
    const name = (id) => Object.keys(partners).find((one) => partners[one] === id);
    return { id: run.id, payouts: Object.fromEntries(run.payouts.map((p) => [name(p.partner), p.id])) };
  }

  async function file(run, status = 200) {
    const answer = await api.request('GET', `/payout-runs/${run.id}/export.csv`);
    assert.equal(answer.status, status, answer.text);
    return answer.text.split(/\r?\n/).filter(Boolean).map((line) => line.split(','));
  }

  const result = (run, name, status) => api.post(`/payout-runs/${run.id}/results`, [
    { payout: run.payouts[name], status, ...(status === 'failed' ? { reason: 'account closed' } : { reference: 'TX' }) },
  ], 200);

  test('PayPal is told of those who wait for their money alone', async () => {
    const run = await approved('paypal', ['ada', 'bob', 'cat']);
    const line = (name, amount) => [`${name}@partner.example`, amount, 'USD', run.payouts[name], 'Partner payout'];
    assert.deepEqual((await file(run)).sort(), [line('ada', '20.00'), line('bob', '21.00'), line('cat', '22.00')]);
    await result(run, 'ada', 'paid');
    await result(run, 'bob', 'failed');
    assert.deepEqual(await file(run), [line('cat', '22.00')]);
    await result(run, 'cat', 'paid');
    await file(run, 409);
    const next = await api.post('/payout-runs', { currency: 'USD', method: 'paypal' }, 201);
    assert.deepEqual(next.body.payouts.map((p) => [p.partner, p.amount]), [[partners.bob, 2100]]);
    await api.post(`/payout-runs/${next.body.id}/cancel`, {}, 200);
  });

  test('a file for people has them all, with what became of them', async () => {
    const run = await approved('manual', ['ada', 'cat']);
    await result(run, 'ada', 'paid');
    const [head, ...rows] = await file(run);
    assert.deepEqual(head, ['payout', 'partner', 'name', 'recipient', 'amount', 'currency', 'status', 'reference']);
    const of = (name) => rows.find((row) => row[0] === run.payouts[name]);
    assert.deepEqual(of('ada').slice(1), [partners.ada, 'ada', 'ada@partner.example', '20.00', 'USD', 'paid', 'TX']);
    assert.deepEqual(of('cat').slice(4), ['21.00', 'USD', 'approved', '']);
    await result(run, 'bob', 'failed'); // his of the run before, owed again
    await result(run, 'cat', 'paid');
    const done = (await file(run)).slice(1);
    assert.deepEqual(done.map((row) => [row[2], row[6]]).sort(), [['ada', 'paid'], ['bob', 'failed'], ['cat', 'paid']]);
  });
});
