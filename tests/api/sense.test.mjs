// SPDX-License-Identifier: Apache-2.0
//
// Terms that contradict themselves, in whatever words, are refused by the path of what is wrong, and whatever is
// accepted can be read ever after: by sales, pages, simulations and jobs. So are rewards of one partner or link
// that the campaign's terms could never pay.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

const percentage = (value) => ({ type: 'percentage', value });
const fixed = (amount) => ({ type: 'fixed', amount });
const base = { trigger: 'sale', reward: percentage('25') };
const on = (...conditions) => ({ ...base, rewards: conditions.map((test, i) => ({ if: test, reward: fixed(7 + i) })) });

// Spellings of conditions; whatever pair of them is accepted has to be readable.
const SPELLINGS = [
  { attributes: {} }, { country: 'DE' }, { country: 'de' }, { country: ['DE'] }, { country: ['at', 'DE'] },
  { product: 'a' }, { product: ['a'] }, { product: ['a', 'b'] }, { product: ['b', 'a'] }, { product: 'a', attributes: {} },
  { recurring: true }, { recurring: false }, { recurring: null }, { event: 'sale' }, { event: 'lead' }, { event: null },
  { amount: null }, { amount: { from: 0 } }, { amount: { below: 5 } }, { amount: { from: null, below: 5 } },
  { attributes: { seats: 5 } }, { attributes: { seats: ['5'] } }, { product: 'a', event: 'sale' }, {},
];

onEachDatabase('sense', (database) => {
  let server, org, api, campaigns = 0;

  before(async () => {
    server = await database.serve();
    org = await server.org('acme');
    api = org.api;
  });

  async function campaign(terms) {
    const slug = `c${++campaigns}`;
    return (await api.post('/campaigns', { name: slug, slug, currency: 'USD', url: 'https://shop.example/', terms }, 201)).body.id;
  }

  async function partner(of) {
    const email = `p${++campaigns}@partner.example`;
    return (await api.post('/partners', { name: 'Ann', email, campaign: of }, 201)).body.id;
  }

  const refused = ({ status, body }) => [status, body.param];

  test('the same conditions in other words are refused, and nothing changes', async () => {
    const of = await campaign(base);
    const who = await partner(of);
    for (const [terms, param] of [
      [on({ attributes: {} }), '/terms/rewards/0/if/attributes'],
      [on({}), '/terms/rewards/0/if'],
      [on({ country: 'DE' }, { country: 'de' }), '/terms/rewards/1/if'],
      [on({ product: 'a' }, { product: ['a'] }), '/terms/rewards/1/if'],
      [on({ product: 'a', attributes: {} }, { product: 'a' }), '/terms/rewards/0/if/attributes'],
      [on({ product: ['a', 'b'] }, { product: 'a' }), '/terms/rewards/1/if'],
    ]) {
      assert.deepEqual(refused(await api.post(`/campaigns/${of}/terms`, { terms })), [422, param]);
      const other = { name: 'X', slug: 'x', currency: 'USD', url: 'https://shop.example/', terms };
      assert.deepEqual(refused(await api.post('/campaigns', other)), [422, param]);
      assert.deepEqual(refused(await api.post(`/campaigns/${of}/restatements`, { terms, reason: 'Again' })), [422, param]);
    }
    await api.post('/track/sale', { id: 's-1', partner: who, customer: { id: 'cus-1' }, amount: 9900, currency: 'USD' }, 201);
    assert.equal((await api.get(`/campaigns/${of}/terms`, 200)).body.data.length, 1);
  });

  test('whatever pair of conditions is accepted can be read ever after', async () => {
    const of = await campaign(base);
    const who = await partner(of);
    const seen = { 201: 0, 422: 0 };
    for (const one of SPELLINGS) {
      for (const other of SPELLINGS) {
        const made = await api.post(`/campaigns/${of}/terms`, { terms: on(one, other) });
        seen[made.status]++;
        if (made.status !== 201) continue;
        const again = await api.post(`/campaigns/${of}/terms`, { terms: made.body.terms });
        assert.deepEqual([again.status, again.body.terms], [201, made.body.terms], JSON.stringify([one, other]));
      }
    }
    assert.ok(seen[201] > 100 && seen[422] > 100, JSON.stringify(seen));
    assert.equal(seen[201] + seen[422], SPELLINGS.length ** 2);
    await api.post('/track/sale', { id: 's-2', partner: who, customer: { id: 'cus-2' }, amount: 9900, currency: 'USD' }, 201);
  });

  test('a reward of one partner that could never be paid is refused', async () => {
    const delayed = await campaign({ ...base, delay_invoices: 2 });
    const ann = await partner(delayed);
    const put = (of, who, body) => api.put(`/partners/${who}/override`, { campaign: of, ...body });
    assert.deepEqual(refused(await put(delayed, ann, { reward: percentage('30'), recurring_months: 1 })), [422, '/recurring_months']);
    assert.deepEqual(refused(await put(delayed, ann, { commissionType: 'Percentage', commissionValue: 30, recurringMonths: 1 })),
      [422, '/recurringMonths']);
    assert.equal((await put(delayed, ann, { reward: percentage('30'), recurring_months: 2 })).status, 200);
    assert.equal((await put(delayed, ann, { reward: percentage('30'), recurring_months: null })).status, 200);
    assert.equal((await put(delayed, ann, { reward: percentage('30') })).status, 200);
    for (const trigger of ['click', 'lead', 'retainer']) {
      const of = await campaign({ trigger, reward: fixed(50) });
      const who = await partner(of);
      const answer = await put(of, who, { reward: percentage('30') });
      assert.deepEqual(refused(answer), [422, '/reward']);
      assert.match(answer.body.detail, /no amount to take a percentage of/);
      assert.deepEqual(refused(await put(of, who, { reward: fixed(60), recurring_months: 3 })), [422, '/recurring_months']);
      assert.equal((await put(of, who, { reward: fixed(60) })).status, 200);
    }
  });

  test('groups are blamed by their names, as far as there is room', async () => {
    const of = await campaign(base);
    const blamed = async (name) => refused(await api.post(`/campaigns/${of}/terms`, {
      terms: { ...base, delay_invoices: 2, groups: { [name]: { recurring_months: 1 } } } }));
    assert.deepEqual(await blamed('gold'), [422, '/terms/groups/gold/recurring_months']);
    const [status, param] = await blamed('日'.repeat(40));
    assert.equal(status, 422);
    assert.match(param, /^\/terms\/groups\/日+$/);
  });

  test('the page says at the field what could never be paid', async () => {
    const owner = await new Visitor(server).signIn(await server.user(org, { email: 'owner@acme.example', name: 'Olga' }));
    for (const [terms, sent, at] of [
      [{ ...base, delay_invoices: 2 }, { kind: 'percentage', reward: '30', recurring_months: '1' }, /pays nothing: delay_invoices/],
      [{ trigger: 'lead', reward: fixed(50) }, { kind: 'percentage', reward: '30', recurring_months: '' }, /no amount to take a percentage of/],
    ]) {
      const of = await campaign(terms);
      const who = await partner(of);
      await owner.token(`/app/acme/partners/${who}`);
      const body = { csrf: owner.csrf, campaign: of, from: '', until: '', ...sent };
      const answer = await owner.ask('POST', `/app/acme/partners/${who}/override`, body);
      assert.equal(answer.status, 422);
      assert.match(answer.text, at);
      const { body: enrolled } = await api.get(`/enrolments?partner=${who}`, 200);
      assert.deepEqual(enrolled.data.map((one) => one.override), [null]);
    }
  });

  test('a reward of a link that could never be paid is refused, and other changes of the link are not', async () => {
    const of = await campaign({ trigger: 'click', reward: fixed(50) });
    const about = { partner: await partner(of), campaign: of };
    const refusal = await api.post('/links', { ...about, slug: 'per-cent', reward: percentage('30') });
    assert.deepEqual(refused(refusal), [422, '/reward']);
    assert.match(refusal.body.detail, /no amount to take a percentage of/);
    assert.deepEqual(refused(await api.post('/links', { ...about, slug: 'long', reward: { reward: fixed(60), recurring_months: 3 } })),
      [422, '/reward/recurring_months']);
    const { body: link } = await api.post('/links', { ...about, slug: 'sixty', reward: fixed(60) }, 201);
    assert.deepEqual(refused(await api.patch(`/links/${link.id}`, { reward: percentage('30') })), [422, '/reward']);
    const sales = await campaign(base);
    const bound = { partner: await partner(sales), campaign: sales };
    const { body: old } = await api.post('/links', { ...bound, slug: 'old', reward: percentage('30') }, 201);
    await api.post(`/campaigns/${sales}/terms`, { terms: { trigger: 'lead', reward: fixed(5) } }, 201);
    await api.patch(`/links/${old.id}`, { url: 'https://shop.example/new' }, 200);
    assert.deepEqual(refused(await api.patch(`/links/${old.id}`, { reward: percentage('31') })), [422, '/reward']);
  });

  test('later terms may leave a reward of one partner with nothing: events say so, and all goes on', async () => {
    const of = await campaign(base);
    const who = await partner(of);
    const sale = (id) => api.post('/track/sale', { id, partner: who, customer: { id: `of-${id}` }, amount: 9900, currency: 'USD' }, 201);
    await api.put(`/partners/${who}/override`, { campaign: of, reward: percentage('30'), recurring_months: 1 }, 200);
    assert.equal((await sale('o-1')).body.commissions[0].amount, 2970);
    await api.post(`/campaigns/${of}/terms`, { terms: { ...base, delay_invoices: 2 } }, 201);
    assert.deepEqual((await sale('o-2')).body.unpaid.map((u) => u.gate), ['delay']);
    await api.post(`/campaigns/${of}/terms`, { terms: { trigger: 'lead', reward: fixed(500) } }, 201);
    const lead = await api.post('/track/lead', { id: 'o-3', partner: who, customer: { id: 'lead-3' } }, 201);
    assert.deepEqual(lead.body.unpaid.map((u) => u.gate), ['no_amount']);
    assert.deepEqual(refused(await api.put(`/partners/${who}/override`, { campaign: of, reward: percentage('30') })), [422, '/reward']);
    await api.put(`/partners/${who}/override`, { campaign: of, reward: fixed(700) }, 200);
    const paid = await api.post('/track/lead', { id: 'o-4', partner: who, customer: { id: 'lead-4' } }, 201);
    assert.equal(paid.body.commissions[0].amount, 700);
  });

  test('a reward of one partner may fit terms that are published ahead', async () => {
    const of = await campaign({ trigger: 'lead', reward: fixed(500) });
    const who = await partner(of);
    await api.post(`/campaigns/${of}/terms`, { terms: base, effective_at: '2099-01-01T00:00:00Z' }, 201);
    await api.put(`/partners/${who}/override`, { campaign: of, reward: percentage('30'), from: '2099-01-01' }, 200);
  });

  test('a campaign for leads may pay more to those who drive revenue: sales are counted though not paid', async () => {
    const of = await campaign({ trigger: 'lead', reward: fixed(50), tiers: { by: 'revenue', steps: [{ from: 1000, reward: fixed(90) }] } });
    const who = await partner(of);
    const lead = async (id) => (await api.post('/track/lead', { id, partner: who, customer: { id } }, 201)).body.commissions[0].amount;
    assert.equal(await lead('t-1'), 50);
    const { body } = await api.post('/track/sale', { id: 't-2', partner: who, customer: { id: 'cus-t' }, amount: 9900, currency: 'USD' }, 201);
    assert.deepEqual(body.unpaid.map((u) => u.gate), ['trigger']);
    assert.equal(await lead('t-3'), 90);
  });
});
