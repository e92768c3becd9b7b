// SPDX-License-Identifier: Apache-2.0
//
// Why nobody earns: `unpaid` of an event names each partner that could have earned and the rule that
// kept it from it, when the event is recorded, when it is sent again and whenever it is read.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const percent = (value) => ({ type: 'percentage', value });

onEachDatabase('what earns nothing', (database) => {
  let api, made = 0;

  before(async () => {
    const server = await database.serve();
    ({ api } = await server.org('acme'));
  });

  const campaign = async (terms) => (await api.post('/campaigns', {
    name: `Campaign ${++made}`, slug: `c-${made}`, currency: 'USD', url: 'https://acme.example/', terms,
  }, 201)).body.id;

  const partner = async (of, more = {}) => (await api.post('/partners', {
    name: `Partner ${++made}`, email: `p${made}@p${made}.example`, campaign: of, ...more,
  }, 201)).body.id;

  // The same thrice: recorded, repeated, read.
  async function unpaid(kind, body) {
    const first = await api.post(`/track/${kind}`, body, 201);
    const again = await api.post(`/track/${kind}`, body, 200);
    assert.equal(again.text, first.text);
    assert.deepEqual((await api.get(`/events/${first.body.event.id}`, 200)).body, first.body);
    return first.body.unpaid;
  }

  const sale = (id, of, more = {}) => ({ id, partner: of, customer: { id: `of-${id}` }, amount: 9900, currency: 'USD', ...more });

  test('is explained like a commission, with the gate as the last step', async () => {
    const of = await campaign({ trigger: 'sale', reward: percent('25'), recurring_months: 0 });
    const who = await partner(of);
    assert.deepEqual(await unpaid('sale', sale('a-1', who, { customer: { id: 'kim' } })), []);
    const [why, ...others] = await unpaid('sale', sale('a-2', who, { customer: { id: 'kim' } }));
    assert.deepEqual(others, []);
    assert.deepEqual([why.partner, why.kind, why.gate], [who, 'own', 'duration']);
    assert.equal(why.explanation.sentence, 'No commission: renewal 1 earns nothing, only the first payment does.');
    assert.match(why.explanation.terms, /^trm_/);
    assert.deepEqual(why.explanation.steps.map((s) => s.step), ['base', 'duration', 'gate']);
    assert.deepEqual(why.explanation.steps.at(-1), { step: 'gate', gate: 'duration', invoice: 1, months: 0 });
    const [free] = await unpaid('sale', sale('a-3', who, { amount: 0 }));
    assert.equal(free.gate, 'no_amount');
  });

  test('is said of the event as a whole where it is not paid for', async () => {
    const who = await partner(await campaign({ trigger: 'sale', reward: percent('25') }));
    const [why] = await unpaid('lead', { id: 'b-1', partner: who, customer: { id: 'lee' } });
    assert.deepEqual([why.partner, why.gate], [who, 'trigger']);
    assert.deepEqual(why.explanation.steps, [{ step: 'gate', gate: 'trigger', event: 'lead', trigger: 'sale' }]);
  });

  test('is said of one partner beside the commission of another', async () => {
    const of = await campaign({
      trigger: 'sale', reward: percent('25'), chain: { levels: [{ percent: '10' }] }, caps: [{ scope: 'partner', amount: 3000 }],
    });
    const above = await partner(of);
    const who = await partner(of, { parent: above });
    await api.post(`/partners/${above}/ban`, {}, 200);
    const first = await unpaid('sale', sale('c-1', who));
    assert.deepEqual(first.map((u) => [u.partner, u.kind, u.gate]), [[above, 'override', 'banned']]);
    await unpaid('sale', sale('c-2', who));
    const last = await unpaid('sale', sale('c-3', who));
    assert.deepEqual(last.map((u) => u.gate), ['capped', 'banned']);
    assert.equal(last[0].explanation.sentence, 'No commission: the cap per partner of 30.00 USD is used up.');
  });

  test('is empty for what takes back, and where nobody is credited', async () => {
    const who = await partner(await campaign({ trigger: 'sale', reward: percent('25') }));
    await unpaid('sale', sale('d-1', who));
    assert.deepEqual(await unpaid('refund', { id: 'd-2', sale_id: 'd-1' }), []);
    const nobody = { id: 'd-3', customer: { id: 'noor' }, amount: 500, currency: 'USD' };
    assert.deepEqual(await unpaid('sale', nobody), []);
  });

  test('stays what it was when partners and terms have changed since', async () => {
    const of = await campaign({ trigger: 'lead', reward: { type: 'fixed', amount: 500 } });
    const who = await partner(of);
    const lead = (id, email) => ({ id, partner: who, customer: { id: `of-${id}`, email } });
    await unpaid('lead', lead('e-1', 'max@mail.example'));
    const [why] = await unpaid('lead', lead('e-2', 'Max+news@mail.example'));
    assert.equal(why.gate, 'duplicate');
    await api.post(`/partners/${who}/ban`, {}, 200);
    await api.post(`/campaigns/${of}/terms`, { terms: { trigger: 'sale', reward: percent('25') } }, 201);
    const { body } = await api.post('/track/lead', lead('e-2', 'Max+news@mail.example'), 200);
    assert.deepEqual(body.unpaid, [why]);
  });
});
