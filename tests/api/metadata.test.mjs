// SPDX-License-Identifier: Apache-2.0
//
// What callers note on their objects: merged, limited, and named where it is refused.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { makeWorld, terms } from './world.mjs';

onEachDatabase('metadata', (database) => {
  let api, world, paths;

  before(async () => {
    const server = await database.serve();
    ({ api } = await server.org('acme'));
    world = await makeWorld(api);
    paths = [`/campaigns/${world.campaign.id}`, `/partners/${world.partner.id}`, `/links/${world.link.id}`,
      `/codes/${world.code.id}`, `/customers/${world.customer.id}`];
  });

  test('none is an empty object', async () => {
    for (const path of paths) assert.deepEqual((await api.get(path, 200)).body.metadata, {}, path);
  });

  test('it comes with what is created', async () => {
    const about = { partner: world.partner.id, campaign: world.campaign.id, metadata: { crm: '77', 'é/ü': 'two\nlines' } };
    const made = [
      ['/campaigns', { name: 'M', slug: 'm', currency: 'USD', url: 'https://shop.example/', terms, metadata: about.metadata }],
      ['/partners', { name: 'M', email: 'm@partner.example', campaign: world.campaign.id, metadata: about.metadata }],
      ['/links', { ...about, slug: 'm' }],
      ['/codes', { ...about, code: 'M' }],
    ];
    for (const [path, body] of made) {
      const one = await api.post(path, body, 201);
      assert.deepEqual(one.body.metadata, about.metadata, path);
      assert.deepEqual((await api.get(`${path}/${one.body.id}`, 200)).body.metadata, about.metadata, path);
      assert.deepEqual((await api.get(path, 200)).body.data[0].metadata, about.metadata, path);
    }
  });

  test('a change is merged, null and "" take away, and what is left out stays', async () => {
    for (const path of paths) {
      const patch = async (metadata) => (await api.patch(path, { metadata }, 200)).body.metadata;
      assert.deepEqual(await patch({ a: '1', b: '2', c: '3' }), { a: '1', b: '2', c: '3' }, path);
      assert.deepEqual(await patch({ b: null, c: '', d: '4' }), { a: '1', d: '4' }, path);
      assert.deepEqual((await api.patch(path, {}, 200)).body.metadata, { a: '1', d: '4' }, path);
      assert.deepEqual((await api.get(path, 200)).body.metadata, { a: '1', d: '4' }, path);
      assert.deepEqual(await patch(null), {}, path);
    }
  });

  test('what is too much is named', async () => {
    const many = (count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 'v']));
    for (const path of paths) {
      const refused = async (metadata) => (await api.patch(path, { metadata }, 422)).body.param;
      assert.equal(await refused({ fine: 'x', colour: 5 }), '/metadata/colour');
      assert.equal(await refused({ colour: 'x'.repeat(501) }), '/metadata/colour');
      assert.equal(await refused({ ['x'.repeat(41)]: 'v' }), `/metadata/${'x'.repeat(41)}`);
      assert.equal(await refused({ ['ü'.repeat(41)]: 'v' }), `/metadata/${'ü'.repeat(24)}`);
      assert.equal(await refused({ 'a/b': {} }), '/metadata/a~1b');
      assert.equal(await refused(many(51)), '/metadata/k50');
      assert.equal(await refused('text'), '/metadata');
      assert.deepEqual((await api.get(path, 200)).body.metadata, {}, path);
      await api.patch(path, { metadata: many(50) }, 200);
      assert.equal(await refused({ k0: 'w', more: 'x' }), '/metadata/more');
      await api.patch(path, { metadata: { k0: null, more: 'x' } }, 200);
    }
  });

  test('sales of a customer leave its notes alone', async () => {
    await api.patch(`/customers/${world.customer.id}`, { metadata: null }, 200);
    await api.patch(`/customers/${world.customer.id}`, { metadata: { tier: 'gold' } }, 200);
    await api.post('/track/sale', { id: 'meta-1', customer: { id: 'cus_1' }, amount: 100, currency: 'USD' }, 201);
    assert.deepEqual((await api.get(`/customers/${world.customer.id}`, 200)).body.metadata, { tier: 'gold' });
    assert.match(await database.cli('audit'), /^audit: ok /m);
  });
});
