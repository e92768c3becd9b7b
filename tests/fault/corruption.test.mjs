// SPDX-License-Identifier: Apache-2.0
//
// Ten ways in which somebody with the database in hand may falsify the books: the audit finds each.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Database } from '../lib/databases.mjs';

// Each undoes or changes one thing, past the program. The last column is what the audit must say.
const corruptions = [
  ['a leg pays more', 'UPDATE ledger_leg SET credit = credit + 1 WHERE credit > 0 AND number = 1', /debits and credits differ/],
  ['both sides of an entry pay more', 'UPDATE ledger_leg SET credit = credit * 2, debit = debit * 2', /not what its hash says/],
  ['an entry is gone', 'DELETE FROM ledger_entry WHERE number = 2', /chain is broken|belongs to no entry/],
  ['an entry points to another past', "UPDATE ledger_entry SET previous_hash = hash WHERE number = 3", /chain is broken/],
  ['a balance is higher', 'UPDATE balance SET payable = payable + 100', /payable balance and legs differ/],
  ['a commission is higher', 'UPDATE commission SET amount = amount + 100', /amount and accrued legs differ/],
  ['an explanation tells another rate', `UPDATE commission SET explanation = replace(explanation, '"rate":"25"', '"rate":"26"')`, /does not add up/],
  ['a payout is higher', 'UPDATE payout SET amount = amount + 100 WHERE status = 2', /amount and items differ/],
  ['a payout item is gone', 'DELETE FROM payout_item', /items differ/],
  ['a sale was larger', 'UPDATE event SET amount = amount + 100 WHERE type = 2', /the event is/],
  ['a commission is gone', 'DELETE FROM commission WHERE status = 2', /commission is not there/],
  ['more was refunded than sold', 'UPDATE sale_refund SET amount = amount * 100', /more is refunded than was sold/],
];

function sqlite(file, sql) {
  execFileSync('sqlite3', [file, sql], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function triggers(file) {
  const names = execFileSync('sqlite3', [file, "SELECT name FROM sqlite_master WHERE type = 'trigger'"]).toString();
  return names.split('\n').filter(Boolean);
}

async function books(database) {
  const server = await database.serve();
  const org = await server.org();
  const { body: campaign } = await org.api.post('/campaigns', {
    name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
    terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' }, hold_days: 0 },
  }, 201);
  const { body: partner } = await org.api.post('/partners', { name: 'Bob', email: 'bob@example.com', campaign: campaign.id }, 201);
  const sale = (id) => org.api.post('/track/sale', {
    id, partner: partner.id, customer: { id: `c-${id}` }, amount: 10000, currency: 'USD',
  }, 201);
  for (const id of ['a', 'b', 'c']) await sale(id);
  await org.api.post('/track/refund', { id: 'r', sale_id: 'c', amount: 4000 }, 201);
  await database.pass('1d');
  const { body: run } = await org.api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201);
  await org.api.post(`/payout-runs/${run.id}/approve`, {}, 200);
  await org.api.post(`/payout-runs/${run.id}/results`, [{ payout: run.payouts[0].id, status: 'paid', reference: 'x' }], 200);
  await sale('d');
  await server.stop();
}

test('the audit finds planted corruptions', async (t) => {
  const database = await new Database('sqlite').open();
  t.after(() => database.close());
  await books(database);
  assert.match(await database.cli('audit'), /^audit: ok/m);

  const good = join(database.dir, 'good');
  cpSync(database.data, good, { recursive: true, filter: (from) => !from.endsWith('.sock') });
  for (const [name, sql, says] of corruptions) {
    await t.test(name, async () => {
      rmSync(database.data, { recursive: true, force: true });
      cpSync(good, database.data, { recursive: true });
      const [file] = readdirSync(join(database.data, 'org')).filter((n) => n.endsWith('.db'));
      const path = join(database.data, 'org', file);
      for (const trigger of triggers(path)) sqlite(path, `DROP TRIGGER ${trigger}`);
      sqlite(path, sql);
      assert.match(await database.cli('audit', { status: 1 }), says);
    });
  }
});
