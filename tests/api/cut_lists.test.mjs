// SPDX-License-Identifier: Apache-2.0
//
// Lists that are read whole take the parameters of all lists: docs/API.md knows one kind of list.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

onEachDatabase('lists that are read whole', (database) => {
  let api;

  before(async () => {
    const server = await database.serve();
    ({ api } = await server.org('acme'));
  });

  test('are cut by limit and cursors, there and back', async () => {
    const keys = [];
    for (let i = 0; i < 12; i++) keys.unshift((await api.post('/keys', { name: `key ${i}`, scopes: ['read'] }, 201)).body.id);
    const page = async (query) => {
      const { body } = await api.get(`/keys?${query}`, 200);
      return [body.has_more, ...body.data.map((one) => one.id)];
    };
    assert.deepEqual(await page(''), [true, ...keys.slice(0, 10)]);
    assert.deepEqual(await page('limit=3'), [true, ...keys.slice(0, 3)]);
    assert.deepEqual(await page(`limit=3&starting_after=${keys[2]}`), [true, ...keys.slice(3, 6)]);
    assert.deepEqual(await page(`limit=3&ending_before=${keys[5]}`), [true, ...keys.slice(2, 5)]);
    assert.deepEqual(await page(`limit=3&ending_before=${keys[3]}`), [false, ...keys.slice(0, 3)]);
    assert.deepEqual((await api.all('/keys', 5)).slice(0, 12).map((one) => one.id), keys);
  });

  test('all of them', async () => {
    for (const path of ['/keys', '/members', '/organisations', '/invitations', '/webhook-endpoints']) {
      const { body } = await api.get(`${path}?limit=1`, 200);
      assert.ok(body.data.length <= 1, path);
      assert.equal((await api.get(`${path}?limit=101`, 422)).body.param, '/limit');
      assert.equal((await api.get(`${path}?ending_before=prt_0000000000001`, 422)).body.param, '/ending_before');
      assert.equal((await api.get(`${path}?status=x`, 422)).body.param, '/status');
    }
  });
});
