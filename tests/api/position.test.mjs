// SPDX-License-Identifier: Apache-2.0
//
// ledger_position: the last ledger entry that is in an object's figures. Whatever happens, the
// entries up to a balance's position add up to the balance, and those up to a commission's or
// payout's are all there are about it.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Api } from '../lib/api.mjs';
import { onEachDatabase } from '../lib/databases.mjs';

const terms = { trigger: 'sale', reward: { type: 'percentage', value: '20' }, hold_days: 0 };

onEachDatabase('the position in the ledger', (database) => {
  let server, api, blind, partner, commission, run, payout;

  before(async () => {
    server = await database.serve();
    const org = await server.org('acme');
    api = org.api;
    const key = await api.post('/keys', { name: 'blind', scopes: ['read', '-money'] }, 201);
    blind = new Api(api.url, key.body.key);
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms,
    }, 201);
    partner = (await api.post('/partners', { name: 'Ada', email: 'ada@partner.example', campaign: campaign.id }, 201)).body.id;
  });

  const newest = (entries) => Math.max(0, ...entries.map((e) => e.number)) || null;

  async function entries() {
    const { body } = await api.get('/ledger/entries?limit=100', 200);
    assert.equal(body.has_more, false);
    return body.data;
  }

  function sums(list) {
    const legs = list.flatMap((e) => e.legs);
    const of = (account) => legs.filter((l) => l.account === account && (l.partner ?? partner) === partner)
      .reduce((sum, l) => sum + l.credit - l.debit, 0);
    return { pending: of('partner_pending'), payable: of('partner_payable'), in_payout: of('payout_clearing'), paid: of('cash') };
  }

  async function holds() {
    const all = await entries();
    const [balance] = (await api.get(`/balances?partner=${partner}`, 200)).body.data;
    const { pending, payable, in_payout: waiting, paid, held } = balance;
    assert.equal(balance.ledger_position, newest(all));
    assert.deepEqual({ pending: pending + held, payable, in_payout: waiting, paid },
      sums(all.filter((e) => e.number <= balance.ledger_position)));
    const payouts = (await api.get('/payouts', 200)).body.data;
    for (const p of payouts) {
      const about = newest(all.filter((e) => e.payout === p.id));
      assert.equal(p.ledger_position, about);
      assert.equal((await api.get(`/payouts/${p.id}`, 200)).body.ledger_position, about);
    }
    for (const m of (await api.get('/commissions', 200)).body.data) {
      const one = (await api.get(`/commissions/${m.id}`, 200)).body;
      const took = one.payouts.map((p) => p.payout);
      const about = newest(all.filter((e) => e.commission === m.id || took.includes(e.payout)));
      assert.equal(m.ledger_position, about);
      assert.equal(one.ledger_position, about);
    }
    if (run) {
      const { body } = await api.get(`/payout-runs/${run.id}`, 200);
      assert.equal(body.ledger_position, newest(all.filter((e) => body.payouts.some((p) => p.id === e.payout))));
    }
    return balance.ledger_position;
  }

  const sale = async (id, amount) => (await api.post('/track/sale', {
    id, customer: { id: `of ${id}` }, partner, amount, currency: 'USD',
  }, 201)).body.commissions[0];

  test('it goes on with every entry', async () => {
    commission = await sale('one', 10000);
    const earned = await holds();
    await sale('two', 5000);
    const both = await holds();
    assert.ok(both > earned);
    assert.equal((await api.get(`/commissions/${commission.id}`, 200)).body.ledger_position, earned, "its own, not the other's");
    await api.post(`/commissions/${commission.id}/approve`, {}, 200);
    assert.ok(await holds() > both);
  });

  test('a payout that waits for approval has none, and then its commissions have its', async () => {
    run = (await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body;
    assert.equal(run.ledger_position, null);
    payout = run.payouts[0].id;
    await holds();
    run = (await api.post(`/payout-runs/${run.id}/approve`, {}, 200)).body;
    assert.equal(await holds(), run.ledger_position);
    await api.post(`/payout-runs/${run.id}/results`, [{ payout, status: 'paid', reference: 'TX' }], 200);
    const settled = await holds();
    assert.ok(settled > run.ledger_position);
    assert.equal((await api.get(`/commissions/${commission.id}`, 200)).body.ledger_position, settled);
  });

  test('a refund of what was paid', async () => {
    await api.post('/track/refund', { id: 'back', sale_id: 'one' }, 201);
    const after = await holds();
    assert.equal((await api.get(`/commissions/${commission.id}`, 200)).body.ledger_position, after);
    assert.ok((await api.get(`/payouts/${payout}`, 200)).body.ledger_position < after);
  });

  test('who sees no money sees none', async () => {
    const { body } = await blind.get(`/commissions/${commission.id}`, 200);
    assert.ok(!('ledger_position' in body));
    assert.ok((await blind.get('/commissions', 200)).body.data.every((m) => !('ledger_position' in m)));
  });
});
