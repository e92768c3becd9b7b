// SPDX-License-Identifier: Apache-2.0
//
// What explanations say of tiers, of converted sales and of what is taken back, in the API and in the
// table on the pages of the operator and the partner: enough to compute it again.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

const percent = (value) => ({ type: 'percentage', value });
const password = 'correct horse battery staple';

onEachDatabase('explanations', (database) => {
  let server, api, operator, partner, of;

  const sale = async (id, more = {}) => (await api.post('/track/sale', {
    id, partner: of, customer: { id: `of-${id}` }, amount: 9900, currency: 'USD', occurred_at: '2026-03-07T12:00:00Z', ...more,
  }, 201)).body;
  // The table's text, without its markup.
  const rows = async (who, path) => (await who.ask('GET', path)).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

  before(async () => {
    server = await database.serve();
    const org = await server.org('acme');
    ({ api } = org);
    const file = join(database.dir, 'rates.xml');
    writeFileSync(file, "<Envelope><Cube><Cube time='2026-03-06'><Cube currency='USD' rate='1.1'/></Cube></Cube></Envelope>");
    await database.cli('fx load', '--file', file);
    const { body: { id: campaign } } = await api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://acme.example/',
      terms: {
        trigger: 'sale', reward: percent('20'), clawback: { window_days: 90, on_refund: 'prorated', on_dispute: 'full' },
        tiers: { by: 'revenue', steps: [{ from: 10_000, reward: percent('25') }] },
      },
    }, 201);
    of = (await api.post('/partners', { name: 'Bob', email: 'bob@bob.example', campaign }, 201)).body.id;
    operator = await new Visitor(server).signIn(await server.user(org, { email: 'owner@acme.example', name: 'Olga' }));
    await server.cli('user create', { input: `${password}\n` }, '--email', 'bob@bob.example', '--name', 'Bob', '--password-stdin');
    await server.cli('member add', '--org', 'acme', '--email', 'bob@bob.example', '--role', 'partner', '--partner', of);
    partner = await new Visitor(server).signIn({ email: 'bob@bob.example', password });
  });

  test('name the sale behind a converted amount and the rate of the day', async () => {
    const [made] = (await sale('euro', { currency: 'EUR' })).commissions;
    assert.match(made.explanation.sentence,
      /^21\.78 USD = 20 % of 108\.90 USD net \(99\.00 EUR at 1 EUR = 1\.1 USD, rate of 2026-03-06\); rule: campaign default; /);
    for (const [who, path] of [[operator, '/app/acme'], [partner, '/portal/acme']]) {
      assert.match(await rows(who, `${path}/commissions/${made.id}`), /99\.00 EUR, 1 EUR = 1\.1 USD, ECB of 2026-03-06/);
    }
  });

  test('say what was driven before a tier that applies', async () => {
    const [made] = (await sale('tier')).commissions;
    assert.match(made.explanation.sentence, /^24\.75 USD = .* rule: tier from 100\.00 USD: 108\.90 USD driven before; /);
    const step = made.explanation.steps.find((s) => s.step === 'percent');
    assert.deepEqual([step.rule, step.is, step.from], ['tier', 10_890, 10_000]);
    for (const [who, path] of [[operator, '/app/acme'], [partner, '/portal/acme']]) {
      assert.match(await rows(who, `${path}/commissions/${made.id}`), /25 % of 99\.00 USD; 108\.90 USD driven before/);
    }
  });

  test('hold what a reversal is computed from', async () => {
    await sale('back', { amount: 10_000 });
    const { body } = await api.post('/track/refund', { id: 'r', sale_id: 'back', amount: 2000, occurred_at: '2026-03-16T12:00:00Z' }, 201);
    const [{ amount, explanation }] = body.commissions;
    assert.equal(amount, -450);
    assert.match(explanation.sentence, /^-4\.50 USD: 20\.00 USD of 100\.00 USD was refunded, of which 81\/90 counts; /);
    assert.deepEqual(explanation.steps[0], {
      step: 'refunds', commission: 2500, of: 10_000, policy: 'prorated', window_days: 90, from_at: '2026-03-07T12:00:00.000Z',
      refunded: 2000, counted: 1800, each: [{ amount: 2000, at: '2026-03-16T12:00:00.000Z', left: 81 }], result: 450,
    });
    const lost = await api.post('/track/dispute', {
      id: 'd', sale_id: 'back', amount: 4000, status: 'lost', occurred_at: '2026-03-20T12:00:00Z',
    }, 201);
    assert.match(lost.body.commissions[0].explanation.sentence, /, a dispute over 40\.00 USD was lost; reversed in total 14\.50 USD/);
  });

  test('say nothing of terms where there was no contact', async () => {
    const { attribution } = await sale('nobody', { partner: undefined });
    assert.deepEqual([attribution.credited, attribution.steps], [[], []]);
  });
});
