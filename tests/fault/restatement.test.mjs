// SPDX-License-Identifier: Apache-2.0
//
// Restatements: killed while they are posted they pay nobody twice; falsified, the audit finds it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run as command } from '../lib/binary.mjs';
import { Database, onEachDatabase } from '../lib/databases.mjs';
import { findsPlanted } from '../lib/planted.mjs';

const percent = (value) => ({ trigger: 'sale', reward: { type: 'percentage', value } });

async function sellers(api) {
  const { body: campaign } = await api.post('/campaigns', {
    name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms: percent('20'),
  }, 201);
  const { body: bob } = await api.post('/partners', { name: 'Bob', email: 'bob@partner.example', campaign: campaign.id }, 201);
  return { campaign: campaign.id, bob: bob.id };
}

async function sell(api, partner, count) {
  for (let i = 0; i < count; i += 100) {
    const events = Array.from({ length: Math.min(100, count - i) }, (_, n) => ({
      type: 'sale', id: `s${i + n}`, customer: { id: `c${i + n}` }, partner, amount: 1000, currency: 'USD',
    }));
    await api.post('/track/batch', { events }, 207);
  }
}

const owed = async (api, partner) => {
  const { body: { data: [balance] } } = await api.get(`/balances?partner=${partner}`, 200);
  return balance.pending + balance.payable;
};

onEachDatabase('a restatement', (database) => {
  test('killed while it is prepared and posted pays everybody once', { timeout: 120_000 }, async () => {
    const COUNT = 1000;
    let server = await database.serve({ args: ['--jobs=no'] });
    const { api: first, key } = await server.org('acme');
    const { campaign, bob } = await sellers(first);
    await sell(first, bob, COUNT);
    const { body: run } = await first.post(`/campaigns/${campaign}/restatements`, {
      terms: percent('25'), reason: 'as agreed',
    }, 201);
    assert.equal(run.status, 'preparing');
    let api = first;
    const until = async (status) => {
      for (let i = 0; i < 40; i++) {
        // A job by hand is work of the server: both are cut off at some moment.
        const working = database.cli('job restate', '--org', 'acme').catch(() => {});
        await new Promise((wake) => { setTimeout(wake, 5 + Math.random() * 60); });
        await server.kill();
        await working;
        server = await database.serve({ args: ['--jobs=no'] });
        api = server.api(key);
        const { body } = await api.get(`/restatements/${run.id}`, 200);
        if (body.status === status) return body;
      }
      await database.cli('job restate', '--org', 'acme');
      return (await api.get(`/restatements/${run.id}`, 200)).body;
    };
    const previewed = await until('previewed');
    assert.deepEqual([previewed.status, previewed.raised], ['previewed', COUNT]);
    await Promise.all([1, 2, 3].map(() => api.post(`/restatements/${run.id}/approve`, {}, 200)));
    const posted = await until('posted');
    assert.deepEqual([posted.status, posted.adjustments, posted.as_previewed], ['posted', COUNT, true]);
    assert.equal(await owed(api, bob), COUNT * 250);
    await server.stop();
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });
});

// What is done, and what the audit must say.
const change = (what, where = '1 = 1') => `UPDATE ${what} WHERE ${where}`;
const ADJUSTMENT = 'SELECT commission.id FROM commission JOIN event ON event.id = commission.event_id WHERE event.type = 12';
const ENTRY = `SELECT id FROM ledger_entry WHERE kind = 0 AND commission_id IN (${ADJUSTMENT})`;
const SAME = `type, fingerprint, customer_id, campaign_id, partner_id, link_id, click_id, related_id, amount, tax, currency,
  invoice_index, occurred_at, received_at, source, facts, attribution, outcome, inputs`;
const corruptions = [
  ['an adjustment, its legs and the balance are a cent more', [
    change('commission SET amount = amount + 1', `id IN (${ADJUSTMENT})`),
    change('ledger_leg SET debit = debit + 1', `debit > 0 AND entry_id IN (${ENTRY})`),
    change('ledger_leg SET credit = credit + 1', `credit > 0 AND entry_id IN (${ENTRY})`),
    change('balance SET pending = pending + 1'),
    change(`commission SET explanation = replace(explanation, '"result":500', '"result":501')`),
    change(`commission SET explanation = replace(explanation, '"is":2500', '"is":2501')`),
  ], /its restatement comes to 500 USD, not 501 USD/],
  ['and its event says so too', [
    change('commission SET amount = amount + 1', `id IN (${ADJUSTMENT})`),
    change(`event SET inputs = replace(inputs, '"is":2500', '"is":2501')`, 'type = 12'),
  ], /restates 2000 \(after 0\) to 2501, a recount gives 2000 \(after 0\) to 2500/],
  ['the run was made with other terms', [
    change(`restatement SET document = replace(document, '"25"', '"26"')`),
  ], /restates 2000 \(after 0\) to 2500, a recount gives 2000 \(after 0\) to 2600/],
  ['an adjustment is made twice', [
    `INSERT INTO event (org_id, id, external_key, external_id, ${SAME}) SELECT org_id, id + 1, external_key + 1,
       external_id || 'x', ${SAME} FROM event WHERE type = 12`,
  ], /restates 2000 \(after 0\) to 2500, a recount gives 2000 \(after 500\) to 2500/],
  ['it is for somebody else', [change('commission SET partner_id = partner_id + 1', `id IN (${ADJUSTMENT})`)],
    /its restatement is for somebody else/],
  ['its commission is gone', [`DELETE FROM commission WHERE id IN (${ADJUSTMENT})`],
    /restates for 1 commissions, but 0 are there/],
  ['it restates another event', [change('event SET related_id = related_id + 1', 'type = 12')], /what it restates cannot be read/],
  ['nobody approved the run', [change('restatement SET status = 1')], /its run was never approved/],
  ['the run was about another time', [change('restatement SET to_at = from_at + 1')], /restates an event that its run is not about/],
  ['the run says it posted more', [change('restatement_line SET posted = posted + 1')],
    /rst_\w+: says it posted 501 in 1 adjustments, there are 500 in 1/],
  ['the run is gone', ['DELETE FROM restatement'], /what it restates cannot be read/],
];

test('the audit finds what was planted in restatements', async (t) => {
  const database = await new Database('sqlite').open();
  t.after(() => database.close());
  const server = await database.serve({ args: ['--jobs=no'] });
  const { api } = await server.org('acme');
  const { campaign, bob } = await sellers(api);
  await api.post('/track/sale', { id: 's', customer: { id: 'c' }, partner: bob, amount: 10000, currency: 'USD' }, 201);
  const { body: run } = await api.post(`/campaigns/${campaign}/restatements`, { terms: percent('25'), reason: 'as agreed' }, 201);
  await api.post(`/restatements/${run.id}/approve`, {}, 200);
  assert.equal(await owed(api, bob), 2500);
  // Files that prove themselves have the adjustment, too.
  for (const more of [[], ['--partner', bob]]) {
    const file = join(database.dir, `books-${more.length}`);
    await database.cli('ledger export', '--org', 'acme', '--to', file, ...more);
    assert.match(readFileSync(file, 'utf8'), /"step":"restated"/);
    assert.equal((await command(['verify', file])).status, 0);
  }
  await server.stop();
  await findsPlanted(t, database, corruptions);
});

// A true-up that a run has taken back.
const VOID = 'related_id IN (SELECT id FROM event WHERE type = 11)';
const voided = [
  ['a true-up was restated to something', [change(`event SET inputs = replace(inputs, '"is":0', '"is":100')`, VOID)],
    /restates 1200 \(after 0\) to 100, a recount gives 1200 \(after 0\) to 0/],
  ['it has given less back', [
    change('commission SET amount = amount + 1', `event_id IN (SELECT id FROM event WHERE type = 12 AND ${VOID})`),
  ], /its restatement comes to -1200 USD, not -1199 USD/],
  ['the run did not have all of its period', [change('restatement SET first_month = 999912')],
    /restates an event that its run is not about/],
  ['the run was approved after what was trued up without it', [change('restatement SET approved_id = 9223372036854775806')],
    /trues 900 up to 600, a recount gives 2700 and 1800/],
];

test('the audit finds what was planted in true-ups that were taken back', async (t) => {
  const database = await new Database('sqlite').open();
  t.after(() => database.close());
  const wait = Date.UTC(database.now().getUTCFullYear(), database.now().getUTCMonth() + 1, 11) - database.now();
  database.advance(`${Math.ceil(wait / 1000)}s`);
  let server = await database.serve({ args: ['--jobs=no'] });
  const { api: first, key } = await server.org('acme');
  const { body: campaign } = await first.post('/campaigns', {
    name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms: {
      ...percent('20'), tiers: {
        by: 'revenue', period: 'month', retroactive: true, steps: [{ from: 10000, reward: percent('30').reward }],
      },
    },
  }, 201);
  const { body: eve } = await first.post('/partners', { name: 'Eve', email: 'eve@partner.example', campaign: campaign.id }, 201);
  const sell = (api, id, more) => api.post('/track/sale', {
    id, customer: { id }, partner: eve.id, amount: 6000, currency: 'USD', ...more,
  }, 201);
  for (const id of ['a', 'b', 'c']) await sell(first, id);
  const day = database.now().toISOString();
  await server.stop();
  await database.pass('25d', 'true-up');
  server = await database.serve({ args: ['--jobs=no'] });
  let api = server.api(key);
  const { body: run } = await api.post(`/campaigns/${campaign.id}/restatements`, { terms: percent('25'), reason: 'as agreed' }, 201);
  await api.post(`/restatements/${run.id}/approve`, {}, 200);
  assert.equal(await owed(api, eve.id), 4500);
  await sell(api, 'late', { occurred_at: day, amount: 3000 });
  for (const sale of ['a', 'b']) await api.post('/track/refund', { id: `refund-${sale}`, sale_id: sale }, 201);
  await server.stop();
  await database.pass('1d', 'restate', 'true-up');
  server = await database.serve({ args: ['--jobs=no'] });
  api = server.api(key);
  assert.equal(await owed(api, eve.id), 1500 + 600); // below the tier, and trued up alone
  await server.stop();
  await findsPlanted(t, database, voided);
});
