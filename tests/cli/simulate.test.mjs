// SPDX-License-Identifier: Apache-2.0
//
// partnerd simulate: alone and beside a server, in every format.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';

const percent = (value, more = {}) => ({ trigger: 'sale', reward: { type: 'percentage', value }, ...more });

onEachDatabase('simulate', (database) => {
  let server;
  const file = (terms) => {
    const path = join(database.dir, 'terms.json');
    writeFileSync(path, typeof terms === 'string' ? terms : JSON.stringify(terms));
    return path;
  };
  const simulate = (terms, ...args) =>
    database.cli('simulate', '--org', 'acme', '--campaign', 'main', '--terms', file(terms), ...args);

  test('a campaign with sales', async () => {
    server = await database.serve();
    const { api } = await server.org('acme');
    const campaign = await api.post('/campaigns',
      { name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms: percent('20') }, 201);
    const partner = await api.post('/partners', { name: 'Bob', email: 'bob@example.com', campaign: campaign.body.id }, 201);
    for (const [id, day] of [['s1', '01'], ['s2', '02'], ['s3', '03']])
      await api.post('/track/sale', { id, partner: partner.body.id, customer: { id: `c-${id}` }, amount: 10000,
        currency: 'USD', occurred_at: `2026-03-${day}T12:00:00Z` }, 201);
    await api.post('/track/refund', { id: 'r1', sale_id: 's1', amount: 5000, occurred_at: '2026-03-04T12:00:00Z' }, 201);
  });

  test('beside the server: JSON with both costs, what is taken back, months and partners', async () => {
    const got = JSON.parse(await simulate(percent('30'), '--format', 'json'));
    assert.equal(got.object, 'simulation');
    assert.equal(got.currency, 'USD');
    assert.equal(got.events, 3);
    assert.deepEqual([got.old.cost, got.old.earned, got.old.reversed], [5000, 6000, 1000]);
    assert.deepEqual([got.new.cost, got.new.earned, got.new.reversed], [7500, 9000, 1500]);
    assert.equal(got.difference, 2500);
    assert.deepEqual(got.months, [{ month: '2026-03', old: 5000, new: 7500, difference: 2500 }]);
    assert.equal(got.partners.length, 1);
    assert.equal(got.partners[0].name, 'Bob');
    assert.deepEqual(got.changes, { more: 3, less: 0, same: 0, gained: 0, lost: 0, gained_because: [], lost_because: [] });
  });

  test('only some days, and a cap that ends it', async () => {
    const terms = percent('20', { caps: [{ scope: 'partner', amount: 3000 }] });
    const got = JSON.parse(await simulate(terms, '--from', '2026-03-02', '--to', '2026-03-04', '--format', 'json'));
    assert.equal(got.events, 2);
    assert.equal(got.old.cost, 4000);
    assert.equal(got.new.cost, 1000);
    assert.deepEqual(got.changes.lost_because,
      [{ reason: 'capped', says: 'a cap was used up', events: 1 }]);
    assert.deepEqual(got.new.caps, [{ scope: 'partner', period: 'lifetime', amount: 3000, hits: 2, cut: 3000 }]);
  });

  test('who is credited judged again, and every model side by side', async () => {
    const got = JSON.parse(await simulate(percent('30'), '--attribution', '--models', '--format', 'json'));
    assert.equal(got.attribution, true);
    assert.deepEqual(got.models.map(({ model, cost }) => [model, cost]),
      [['last', 7500], ['first', 7500], ['linear', 7500], ['position', 7500]]);
    assert.deepEqual(got.partners[0].models, { last: 7500, first: 7500, linear: 7500, position: 7500 });
  });

  test('terms that attribute otherwise judge again who is credited, unless that is forbidden', async () => {
    const { api } = await server.org('models');
    const campaign = await api.post('/campaigns',
      { name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms: percent('20') }, 201);
    const partner = async (name) => (await api.post('/partners',
      { name, email: `${name}@mail.example`, campaign: campaign.body.id }, 201)).body.id;
    const [ann, bob] = [await partner('ann'), await partner('bob')];
    await api.put(`/partners/${ann}/override`, { campaign: campaign.body.id, reward: { type: 'percentage', value: '50' } }, 200);
    await api.post('/track/lead', { id: 'l1', partner: ann, customer: { id: 'eve' }, occurred_at: '2026-03-01T12:00:00Z' }, 201);
    await api.post('/track/sale', { id: 's1', partner: bob, customer: { id: 'eve' }, amount: 10000, currency: 'USD',
      occurred_at: '2026-03-02T12:00:00Z' }, 201);
    const first = percent('20', { attribution: { model: 'first' } });
    const ask = async (terms, ...args) => JSON.parse(await database.cli('simulate', '--org', 'models', '--campaign', 'main',
      '--terms', file(terms), '--format', 'json', ...args));
    const [byItself, told, kept, same] = [await ask(first), await ask(first, '--attribution'),
      await ask(first, '--keep-attribution'), await ask(percent('25'))];
    assert.deepEqual([byItself, told, kept, same].map((got) => [got.attribution, got.difference]),
      [[true, 3000], [true, 3000], [false, 0], [false, 500]]);
    assert.match(byItself.notes[0], /^These terms attribute otherwise than those in force today: who is credited was judged again/);
    assert.match(kept.notes[0], /who is credited was left as it was\.$/);
    assert.deepEqual(same.notes, []);
    for (const [attribution, wanted] of [[undefined, 3000], [null, 3000], [true, 3000], [false, 0]]) {
      const { body } = await api.post(`/campaigns/${campaign.body.id}/simulate`, { terms: first, attribution }, 200);
      assert.equal(body.difference, wanted, `attribution: ${attribution}`);
    }
  });

  test('what is wrong with the terms is said with its path', async () => {
    for (const [terms, reason] of [
      [percent('200'), /terms\/reward/],
      [{ ...percent('20'), tiers: { by: 'height' } }, /terms\/tiers\/by/],
      ['{"trigger": ', /line 1/],
    ]) {
      const got = await run(['simulate', ...database.where, '--org', 'acme', '--campaign', 'main', '--terms', file(terms)],
        { env: database.env });
      assert.equal(got.status, 1);
      assert.match(got.stderr, reason);
    }
  });

  test('alone, as text and as CSV', async () => {
    await server.stop();
    assert.match(await simulate(percent('30')), /^cost +50\.00 USD +75\.00 USD +25\.00 USD$/m);
    assert.match(await simulate(percent('30'), '--format', 'csv'),
      /^partner,name,currency,old,new,difference\r?\nprt_\w+,Bob,USD,50\.00,75\.00,25\.00$/m);
    assert.match(await simulate(percent('20')), /Of 3 events 0 earn more, 0 less, 3 the same/);
  });

  test('wrong usage is told apart from what is not there', async () => {
    const where = ['--org', 'acme', '--terms', file(percent('20'))];
    await database.cli('simulate', { status: 2 }, ...where);
    await database.cli('simulate', { status: 2 }, ...where, '--campaign', 'main', '--format', 'pdf');
    await database.cli('simulate', { status: 2 }, ...where, '--campaign', 'main', '--compare', 'x');
    await database.cli('simulate', { status: 2 }, ...where, '--campaign', 'main', '--attribution', '--keep-attribution');
    await database.cli('simulate', { status: 1 }, ...where, '--campaign', 'main', '--compare', '9');
    await database.cli('simulate', { status: 1 }, ...where, '--campaign', 'nowhere');
    await database.cli('simulate', { status: 2 }, ...where, '--campaign', 'main', '--from', 'yesterday');
    await database.cli('simulate', { status: 2 }, ...where, '--campaign', 'main', '--from', '2026-03-02', '--to', '2026-03-01');
  });
});
