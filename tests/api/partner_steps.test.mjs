// SPDX-License-Identifier: Apache-2.0
//
// A partner and its enrolments: what a step about the one does to the other, and that a refusal says
// which step would do.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

onEachDatabase('steps of partners', (database) => {
  let api, campaign, other, made = 0;

  const newCampaign = async (slug) => (await api.post('/campaigns', {
    name: slug, slug, currency: 'USD', url: 'https://acme.example/', review: true,
    terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' } },
  }, 201)).body.id;

  before(async () => {
    const server = await database.serve();
    ({ api } = await server.org('acme'));
    campaign = await newCampaign('spring');
    other = await newCampaign('autumn');
  });

  const join = async (email, where = campaign) => (await api.post('/partners', { name: 'P', email, campaign: where }, 201)).body.id;
  const apply = () => join(`p${++made}@partner.example`);
  const step = async (id, name, body = {}, status = 200) => (await api.post(`/partners/${id}/${name}`, body, status)).body;
  const standing = (partner) => [partner.status, ...partner.enrolments.map((e) => e.status)];
  const link = (partner, status) => api.post('/links', { partner, campaign }, status);

  test('approving a declined partner approves the whole of it', async () => {
    const id = await apply();
    assert.deepEqual(standing(await step(id, 'decline')), ['declined', 'declined']);
    await link(id, 409);
    assert.deepEqual(standing(await step(id, 'approve')), ['approved', 'approved']);
    await link(id, 201);
  });

  test('approving a declined partner for a campaign makes it a partner again', async () => {
    const id = await apply();
    await step(id, 'decline');
    assert.deepEqual(standing(await step(id, 'approve', { campaign })), ['approved', 'approved']);
    assert.deepEqual(standing(await step(id, 'suspend')), ['suspended', 'approved']);
    assert.deepEqual(standing(await step(id, 'reinstate')), ['approved', 'approved']);
    await link(id, 201);
  });

  test('reinstating brings back what there was before, not more', async () => {
    const id = await apply();
    await api.post('/track/sale', { id: `held-${id}`, partner: id, customer: { id: `of-${id}` }, amount: 1000, currency: 'USD' }, 201);
    assert.deepEqual(standing(await step(id, 'suspend')), ['suspended', 'pending']);
    assert.deepEqual(standing(await step(id, 'ban')), ['banned', 'pending']);
    assert.deepEqual(standing(await step(id, 'reinstate')), ['pending', 'pending']);
    assert.deepEqual(standing(await step(id, 'suspend', { campaign })), ['pending', 'suspended']);
    assert.deepEqual(standing(await step(id, 'reinstate', { campaign })), ['pending', 'pending']);
    const { body } = await api.get(`/commissions?partner=${id}`, 200);
    assert.deepEqual(body.data.map((one) => one.status), ['held']);
  });

  test('a refusal says which step there is', async () => {
    const email = `p${++made}@partner.example`, id = await join(email);
    await step(id, 'approve');
    await join(email, other);
    await step(id, 'decline', { campaign: other });
    assert.match((await step(id, 'approve', {}, 409)).detail, new RegExp(`in ${other} it is declined: name that campaign`));
    await step(id, 'suspend');
    assert.match((await step(id, 'approve', { campaign: other }, 409)).detail, /suspended: reinstate it first/);
    assert.match((await step(id, 'reinstate', { campaign }, 409)).detail, /suspended as a whole: leave the campaign out/);
    await step(id, 'reinstate');
    assert.deepEqual(standing(await step(id, 'approve', { campaign: other })), ['approved', 'approved', 'approved']);
  });
});
