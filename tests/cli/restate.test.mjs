// SPDX-License-Identifier: Apache-2.0
//
// partnerd restate: previewed, approved later or at once, beside a server and alone.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const percent = (value, more = {}) => ({ trigger: 'sale', reward: { type: 'percentage', value }, ...more });

onEachDatabase('restate', (database) => {
  let server, api, bob, run, terms;
  const restate = (...args) => database.cli('restate', '--org', 'acme', ...args);
  const pending = async () => (await api.get(`/balances?partner=${bob}`, 200)).body.data[0].pending;

  test('a campaign with sales', async () => {
    server = await database.serve();
    ({ api } = await server.org('acme'));
    const campaign = await api.post('/campaigns',
      { name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms: percent('20') }, 201);
    const partner = await api.post('/partners', { name: 'Bob', email: 'bob@example.com', campaign: campaign.body.id }, 201);
    bob = partner.body.id;
    for (const id of ['s1', 's2', 's3'])
      await api.post('/track/sale', { id, partner: bob, customer: { id: `c-${id}` }, amount: 10000, currency: 'USD' }, 201);
  });

  test('a preview posts nothing and says what would change', async () => {
    terms = join(database.dir, 'terms.json');
    writeFileSync(terms, JSON.stringify(percent('30', { caps: [{ scope: 'partner', amount: 5000 }] })));
    run = JSON.parse(await restate('--campaign', 'main', '--terms', terms, '--reason', 'capped', '--format', 'json'));
    assert.equal(run.status, 'previewed');
    assert.deepEqual([run.raised, run.lowered, run.unchanged], [1, 1, 1]);
    assert.deepEqual(run.totals, [{ currency: 'USD', was: 6000, becomes: 5000, difference: -1000, posted: 0 }]);
    assert.equal(await pending(), 6000);
    const text = await restate('--run', run.id);
    assert.match(text, new RegExp(`^${run.id}: previewed\n`));
    assert.match(text, /^Bob +60\.00 USD +50\.00 USD +-10\.00 USD +0\.00 USD$/m);
  });

  test('what was previewed is approved later, and twice is once', async () => {
    for (let i = 0; i < 2; i++) {
      const text = await restate('--run', run.id, '--approve');
      assert.match(text, /: posted\n/);
      assert.match(text, /^Bob +60\.00 USD +50\.00 USD +-10\.00 USD +-10\.00 USD$/m);
      assert.equal(await pending(), 5000);
    }
  });

  test('what makes no sense is refused', async () => {
    for (const args of [
      [], ['--campaign', 'main'], ['--campaign', 'main', '--version', '1'],
      ['--campaign', 'main', '--version', 'one', '--reason', 'x'], ['--run', 'nonsense'],
      ['--run', run.id, '--campaign', 'main'], ['--run', run.id, '--format', 'csv'],
    ])
      await assert.rejects(restate(...args), /partnerd: /);
    await assert.rejects(restate('--campaign', 'main', '--version', '9', '--reason', 'x'), /no version 9/);
    await assert.rejects(restate('--campaign', 'none', '--version', '1', '--reason', 'x'), /no campaign "none"/);
  });

  test('a simulation says how much of the cost is restatements', async () => {
    const simulate = (...args) => database.cli('simulate', '--org', 'acme', '--campaign', 'main', '--terms', terms, ...args);
    const got = JSON.parse(await simulate('--format', 'json'));
    assert.deepEqual([got.old.cost, got.old.restated, got.new.cost, got.new.restated], [5000, -1000, 5000, 0]);
    assert.deepEqual(got.notes,
      ['What it has cost as it was includes restatements of -10.00 USD that were posted in this time.']);
    assert.match(await simulate(), /^of it restatements +-10\.00 USD +0\.00 USD +10\.00 USD$/m);
  });

  test('without a server, previewed and posted at once', async () => {
    await server.stop();
    const text = await restate('--campaign', 'main', '--version', '1', '--reason', 'back again', '--approve');
    assert.match(text, /^Bob +50\.00 USD +60\.00 USD +10\.00 USD +10\.00 USD$/m);
    assert.match(await database.cli('audit'), /ok/);
  });
});
