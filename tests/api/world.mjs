// SPDX-License-Identifier: Apache-2.0
//
// A small organisation with one of everything, for tests that walk all calls.

import { createHmac } from 'node:crypto';

export const terms = { trigger: 'sale', reward: { type: 'percentage', value: '25' } };
const grouped = { ...terms, groups: { gold: { reward: { type: 'percentage', value: '28' } } } };

export async function makeWorld(api) {
  const campaign = await api.post('/campaigns', {
    name: 'Spring', slug: 'spring', currency: 'USD', url: 'https://shop.example/',
    terms: grouped,
  }, 201);
  const partner = await api.post('/partners', {
    name: 'Bob', email: 'bob@partner.example', campaign: campaign.body.id, country: 'DE',
  }, 201);
  const about = { partner: partner.body.id, campaign: campaign.body.id };
  const link = await api.post('/links', { ...about, slug: 'bob', url: 'https://shop.example/x' }, 201);
  const code = await api.post('/codes', { ...about, code: 'BOB10' }, 201);
  const click = await api.post('/track/click', { slug: 'bob' }, 201);
  const sale = await api.post('/track/sale', {
    id: 'in_1', customer: { id: 'cus_1', email: 'jane@customer.example' }, click_id: click.body.click_id,
    amount: 9900, currency: 'USD',
  }, 201);
  const deal = await api.post('/deals', { ...about, company: 'Initech', email: 'jane@initech.example' }, 201);
  const account = await api.post('/protected-accounts', { account: 'big.example' }, 201);
  const restatement = await api.post(`/campaigns/${campaign.body.id}/restatements`, {
    terms: { ...terms, reward: { type: 'percentage', value: '30' } }, reason: 'Spring bonus',
  }, 201);
  const endpoint = await api.post('/webhook-endpoints', { url: 'https://hooks.example/spring', types: ['goal.recorded'] }, 201);
  const message = await api.post(`/webhook-endpoints/${endpoint.body.id}/test`, {}, 202);
  const invitation = await api.post('/invitations', { email: 'ivy@mail.example', role: 'viewer', without: ['money'] }, 201);
  const hook = await hookFrom(api);
  const { body: deliveries } = await api.get('/webhook-deliveries', 200);
  const { body: customers } = await api.get('/customers', 200);
  const { body: entries } = await api.get('/ledger/entries', 200);
  return {
    campaign: campaign.body,
    partner: partner.body,
    link: link.body,
    code: code.body,
    sale: sale.body,
    entry: entries.data[0].id,
    customer: customers.data[0],
    commission: sale.body.commissions[0],
    deal: deal.body,
    account: account.body,
    restatement: restatement.body,
    endpoint: endpoint.body,
    message: message.body,
    invitation: invitation.body,
    delivery: deliveries.data[0],
    hook,
  };
}

// What Stripe sends, as it is kept.
async function hookFrom(api) {
  const secret = 'whsec_abcdefghijklmnopqrstuvwx';
  await api.put('/providers/stripe', { webhook_secret: secret }, 200);
  const { body: { slug } } = await api.get('/organisation', 200);
  const body = JSON.stringify({ id: 'evt_world', object: 'event', type: 'customer.created', livemode: true, data: { object: {} } });
  const at = Math.floor(Date.now() / 1000);
  const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  await api.request('POST', `/hooks/stripe/${slug}`, { body, headers: { 'stripe-signature': `t=${at},v1=${v1}` }, status: 200 });
  return (await api.get('/hooks', 200)).body.data[0];
}

// A sale whose commission is owed at once, and a draft of a run that pays it.
export async function makeRun(api, world) {
  const { body } = await api.post('/track/sale', {
    id: 'owed_1', customer: { id: 'cus_owed' }, partner: world.partner.id, amount: 4000, currency: 'USD',
  }, 201);
  await api.post(`/commissions/${body.commissions[0].id}/approve`, {}, 200);
  return (await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body;
}

// For each call with a body: a body that would be accepted, and the path with ids filled in.
export function goodBodies(world) {
  const about = { partner: world.partner.id, campaign: world.campaign.id };
  const n = goodBodies.count = (goodBodies.count ?? 0) + 1;
  return {
    'PATCH /organisation': { name: 'Acme again' },
    'POST /keys': { name: 'another', scopes: ['read'], allowed_ips: ['127.0.0.1', '203.0.113.0/24', '2001:db8::/32'] },
    // Of somebody who belongs to the organisation; else it is refused for the address.
    'POST /members': { email: 'ann@acme.example', role: 'viewer' },
    'POST /invitations': { email: `ann${n}@acme.example`, role: 'partner', partner: world.partner.id },
    'POST /campaigns': { name: 'C', slug: `c${n}`, currency: 'EUR', url: 'https://shop.example/', terms },
    'PATCH /campaigns/{id}': { name: 'Spring again' },
    'POST /campaigns/{id}/terms': { terms: grouped },
    'POST /campaigns/{id}/simulate': { terms },
    'POST /campaigns/{id}/restatements': { version: 1, reason: 'as agreed' },
    'POST /partners': { name: 'Eve', email: `eve${n}@partner.example`, campaign: world.campaign.id },
    'PATCH /partners/{id}': { name: 'Bobby' },
    'POST /partners/{id}/approve': {},
    'POST /partners/{id}/decline': {},
    'POST /partners/{id}/suspend': {},
    'POST /partners/{id}/ban': {},
    'POST /partners/{id}/reinstate': {},
    'PUT /partners/{id}/override': { campaign: world.campaign.id, reward: { type: 'fixed', amount: 500 } },
    'PUT /partners/{id}/group': { campaign: world.campaign.id, group: 'gold' },
    'POST /links': { ...about, slug: `s${n}`, url: 'https://shop.example/y' },
    'PATCH /links/{id}': { url: 'https://shop.example/z' },
    'POST /codes': { ...about, code: `CODE${n}` },
    'PATCH /codes/{id}': { status: 'active' },
    'PATCH /customers/{id}': { metadata: { crm: '77' } },
    'POST /deals': { ...about, company: 'Hooli', domain: `hooli${n}.example`, amount: 100 },
    'PATCH /deals/{id}': { note: 'They want a demo.' },
    'POST /deals/{id}/approve': {},
    'POST /deals/{id}/decline': { note: 'We know them.' },
    'POST /deals/{id}/extend': { days: 7, note: 'Their holidays.' },
    'POST /deals/{id}/win': { amount: 100 },
    'POST /deals/{id}/lose': {},
    'POST /protected-accounts': { account: `big${n}.example` },
    'POST /track/click': { slug: 'bob' },
    'POST /track/lead': { id: `lead_${n}`, customer: { id: `lead_${n}` }, code: 'BOB10', utm: { source: 'bob' } },
    'POST /track/sale': { id: `sale_${n}`, customer: { id: 'cus_1' }, amount: 100, currency: 'USD',
      utm: { source: 'spring', medium: 'mail', campaign: 'launch' } },
    'POST /track/refund': { id: `refund_${n}`, sale_id: 'in_1', amount: 100 },
    'POST /track/dispute': { id: `dispute_${n}`, event_type: 'sale', event_id: 'in_1', status: 'opened', amount: 100 },
    'POST /track/churn': { id: `churn_${n}`, customer: { id: 'cus_1' } },
    'POST /track/event': {
      id: `goal_${n}`, type: 'goal', goal: 'demo', customer: { id: 'cus_1' }, amount: 100, currency: 'USD',
    },
    'POST /track/batch': { events: [
      { type: 'lead', id: `batch_${n}`, customer: { id: 'cus_1' } }, { type: 'click', slug: 'bob' }] },
    'POST /payout-runs': { currency: 'USD', method: 'manual' },
    'POST /payout-runs/{id}/results': [],
    'POST /webhook-endpoints': { url: 'https://hooks.example/all', types: ['payout.canceled'], description: 'all' },
    'PATCH /webhook-endpoints/{id}': { url: 'https://hooks.example/other', types: ['payout.canceled'] },
    'POST /webhook-endpoints/{id}/rotate': { keep_hours: 1 },
    'POST /webhook-endpoints/{id}/replay': { since: '2099-01-01T00:00:00Z' },
    'PUT /providers/stripe': { webhook_secret: 'whsec_abcdefghijklmnopqrstuvwx' },
  };
}

// The id that stands in a path like /partners/{id}/approve.
export function fillIn(path, world) {
  const first = path.split('/')[1];
  const ids = {
    campaigns: world.campaign.id,
    partners: world.partner.id,
    links: world.link.id,
    codes: world.code.id,
    customers: world.customer?.id,
    deals: world.deal.id,
    'protected-accounts': world.account.id,
    commissions: world.commission?.id,
    restatements: world.restatement.id,
    'payout-runs': world.run?.id ?? 'run_0000000000001',
    events: world.sale?.event?.id,
    payouts: world.run?.payouts[0].id ?? 'pay_0000000000001',
    ledger: world.entry ?? 'led_0000000000001',
    keys: 'key_0000000000001',
    members: 'usr_0000000000001',
    invitations: world.invitation.id,
    'webhook-endpoints': world.endpoint.id,
    'webhook-deliveries': world.delivery.id,
    messages: world.message.id,
    hooks: world.hook.id,
  };
  return path.replace('{id}', ids[first]).replace('{version}', '1').replace('{org}', 'acme');
}
