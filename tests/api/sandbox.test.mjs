// SPDX-License-Identifier: Apache-2.0
//
// A sandbox: an organisation to try things in. Its keys are others, its payout files say so,
// everything else works as in any organisation.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const terms = { trigger: 'sale', reward: { type: 'percentage', value: '20' }, hold_days: 0 };

onEachDatabase('a sandbox', (database) => {
  let server, real, sandbox;

  before(async () => {
    server = await database.serve();
    real = await server.org('acme');
    sandbox = await server.org('acme-try', { sandbox: true });
  });

  test('says in the API that it is one, and others that they are none', async () => {
    assert.equal((await sandbox.api.get('/organisation', 200)).body.sandbox, true);
    assert.equal((await sandbox.api.get('/organisations', 200)).body.data[0].sandbox, true);
    assert.equal((await real.api.get('/organisation', 200)).body.sandbox, false);
  });

  test('stays one, and nothing becomes one', async () => {
    for (const org of [sandbox, real]) {
      const { body: before } = await org.api.get('/organisation', 200);
      const { body } = await org.api.patch('/organisation', { sandbox: !before.sandbox }, 422);
      assert.equal(body.param, '/sandbox');
      await org.api.patch('/organisation', { name: 'Renamed' }, 200);
      assert.equal((await org.api.get('/organisation', 200)).body.sandbox, before.sandbox);
    }
  });

  test('has keys of its own, and the same letters with the other beginning open nothing', async () => {
    const { body: test } = await sandbox.api.post('/keys', { name: 'second' }, 201);
    const { body: live } = await real.api.post('/keys', { name: 'second' }, 201);
    assert.match(test.key, /^sk_test_[0-9a-z]{52}$/);
    assert.match(live.key, /^sk_live_[0-9a-z]{52}$/);
    for (const [key, slug] of [[test.key, 'acme-try'], [live.key, 'acme']])
      assert.equal((await server.api(key).get('/organisation', 200)).body.slug, slug);
    for (const key of [test.key.replace('test', 'live'), live.key.replace('live', 'test'), live.key.replace('live', 'prod')]) {
      const { body } = await server.api(key).get('/organisation', 401);
      assert.equal(body.code, 'unauthenticated');
    }
    const { body } = await server.api(undefined).get('/organisation', 401);
    assert.match(body.detail, /sk_live_….*sk_test_…/);
  });

  // The file of an approved run, whose results are then recorded.
  async function payOut({ api }, method) {
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Main', slug: method, currency: 'USD', url: 'https://shop.example/', terms,
    }, 201);
    const { body: partner } = await api.post('/partners', {
      name: 'Bob', email: `${method}@partner.example`, campaign: campaign.id,
    }, 201);
    const { body: sale } = await api.post('/track/sale', {
      id: method, customer: { id: method }, partner: partner.id, amount: 10000, currency: 'USD',
    }, 201);
    await api.post(`/commissions/${sale.commissions[0].id}/approve`, {}, 200);
    const { body: run } = await api.post('/payout-runs', { currency: 'USD', method }, 201);
    await api.post(`/payout-runs/${run.id}/approve`, {}, 200);
    const file = await api.request('GET', `/payout-runs/${run.id}/export.csv`);
    assert.equal(file.status, 200, file.text);
    await api.post(`/payout-runs/${run.id}/results`, [{ payout: run.payouts[0].id, status: 'paid' }], 200);
    assert.equal((await api.get(`/balances?partner=${partner.id}`, 200)).body.data[0].paid, 2000);
    return { run: run.id, disposition: file.headers.get('content-disposition') };
  }

  test('pays out as any other, in files whose names say what they are', async () => {
    for (const method of ['manual', 'paypal']) {
      const tried = await payOut(sandbox, method);
      assert.equal(tried.disposition, `attachment; filename="sandbox-${tried.run}.csv"`);
      const paid = await payOut(real, method);
      assert.equal(paid.disposition, `attachment; filename="${paid.run}.csv"`);
    }
  });

  test('has books that are right, and an audit log', async () => {
    const { body } = await sandbox.api.get('/audit', 200);
    assert.ok(body.data.some((row) => row.action === 'payout_run.approve'));
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });
});
