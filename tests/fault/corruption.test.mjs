// SPDX-License-Identifier: Apache-2.0
//
// Ways in which somebody with the database in hand may falsify the books: the audit finds each.
import { test } from 'node:test';
import { Database } from '../lib/databases.mjs';
import { findsPlanted } from '../lib/planted.mjs';

// The same digits but for the first.
const otherHex = (column) => `iif(${column} LIKE '0%', '1', '0') || substr(${column}, 2)`;

// A sale's inputs with something said of its partner.
const judgedBy = (sale, what) => `UPDATE event
  SET inputs = '{"standing":{"credits":[{"signal":"code",${what}}]}}' WHERE external_id = '${sale}'`;

// A second commission for the first sale, and a balance to match.
const DOUBLED = `
  CREATE TEMP TABLE twice AS SELECT * FROM commission ORDER BY id LIMIT 1;
  UPDATE twice SET id = id + 1, status = 0, allocated = 0, open = 0, payout_id = 0;
  INSERT INTO commission SELECT * FROM twice;
  UPDATE balance SET pending = pending + (SELECT amount FROM twice)`;

const EARLIER = `UPDATE commission SET matures_at = matures_at - 86400000,
  explanation = replace(explanation, '"step":"matures","days":0', '"step":"matures","days":-1')`;

// Each undoes or changes one thing, past the program. The last column is what the audit must say.
const corruptions = [
  ['a leg pays more', 'UPDATE ledger_leg SET credit = credit + 1 WHERE credit > 0 AND number = 1', /debits and credits differ/],
  ['both sides of an entry pay more', 'UPDATE ledger_leg SET credit = credit * 2, debit = debit * 2', /not what its hash says/],
  ['an entry is gone', 'DELETE FROM ledger_entry WHERE number = 2', /chain is broken|belongs to no entry/],
  ['an entry points to another past', "UPDATE ledger_entry SET previous_hash = hash WHERE number = 3", /chain is broken/],
  ['a balance is higher', 'UPDATE balance SET payable = payable + 100', /payable balance and legs differ/],
  ['a commission is higher', 'UPDATE commission SET amount = amount + 100', /amount and accrued legs differ/],
  ['an explanation tells another rate', `UPDATE commission SET explanation = replace(explanation, '"rate":"25"', '"rate":"26"')`, /does not add up/],
  ['events are not found by their ids', ['DELETE FROM event_key', 'DELETE FROM key_new'], /evt_\w+: is not found by its external id/],
  ['customers are not found by their ids', ['DELETE FROM customer_key', 'DELETE FROM key_new'], /cus_\w+: is not found by its external id/],
  ['a waiting key is of something else', 'UPDATE key_new SET kind = 1 - kind', /is not found by its external id/],
  ['a key waits for another row than it leads to', [
    'INSERT OR IGNORE INTO event_key SELECT key, id FROM key_new WHERE kind = 0 LIMIT 1',
    'UPDATE key_new SET id = id + 1 WHERE kind = 0 AND key IN (SELECT key FROM event_key)'], /is found by a key that no row has/],
  ['a key waits twice', 'INSERT INTO key_new (kind, key, id) SELECT kind, key, id + 1 FROM key_new LIMIT 1', /is found by a key that no row has/],
  ['a key leads nowhere', 'INSERT INTO event_key VALUES (77, 78)', /is found by a key that no row has/],
  ['keys change places', [
    'CREATE TEMP TABLE e AS SELECT external_key AS key, id FROM event WHERE type = 2 ORDER BY id LIMIT 2',
    'UPDATE key_new SET id = (SELECT SUM(id) FROM e) - id WHERE id IN (SELECT id FROM e)',
    'UPDATE event_key SET id = (SELECT SUM(id) FROM e) - id WHERE id IN (SELECT id FROM e)'], /is found by a key that no row has/],
  ['a sale has another id', "UPDATE event SET external_id = external_id || 'x' WHERE type = 2", /is not found by its external id/],
  ['two sales have one id', `UPDATE event SET (external_id, external_key) = (SELECT external_id, external_key FROM event
    WHERE type = 2 ORDER BY id LIMIT 1) WHERE id = (SELECT MAX(id) FROM event WHERE type = 2)`, /is not found by its external id/],
  ['a customer has another id', "UPDATE customer SET external_id = external_id || 'x'", /cus_\w+: is not found by its external id/],
  ['a payout is higher', 'UPDATE payout SET amount = amount + 100 WHERE status = 2', /amount and items differ/],
  ['a payout item is gone', 'DELETE FROM payout_item', /items differ/],
  ['a sale was larger', 'UPDATE event SET amount = amount + 100 WHERE type = 2', /the event is/],
  ['a commission is gone', 'DELETE FROM commission WHERE status = 2', /commission is not there/],
  ['a partner has driven more', 'UPDATE standing SET revenue = revenue + 1', /standing of .* is not what a recount gives/],
  ['a standing is gone', 'DELETE FROM standing', /standing of .* is not there/],
  ['an event was judged by a higher counter', judgedBy('b', '"counters":[900000]'), /counters .* that a recount does not give/],
  ['an event was judged by an own reward',
    judgedBy('a', '"override":{"reward":{"type":"percentage","value":"30"}}'), /its event earns 3000 USD, not 2500 USD/],
  ['a suspended partner was paid', judgedBy('b', '"standing":"suspended"'), /judged again, it is held/],
  ['an event was judged by nothing', "UPDATE event SET inputs = '{' WHERE external_id = 'a'", /cannot be judged again/],
  ['a commission is doubled', DOUBLED, /judged again, it makes 1 commissions, not 2/],
  ['an invoice has another index', 'UPDATE event SET invoice_index = 1 WHERE type = 2', /is invoice 1 of its customer, a recount gives 0/],
  ['a customer has more invoices', 'UPDATE customer SET invoices = invoices + 1', /has 2 invoices, a recount gives 1/],
  ['a customer belongs to somebody else', 'UPDATE customer SET partner_id = 1', /is not owned as its events say/],
  ['a commission matures earlier, and says so', EARLIER, /judged again, it matures at another time/],
  ['a refund took back less', 'UPDATE sale_refund SET amount = amount - 100', /what is known takes back|not applied to its sale/],
  ['a dispute was lost for less', 'UPDATE sale_dispute SET amount = amount - 100 WHERE state = 2', /dispute was not applied to its sale as it says/],
  ['a lost dispute was won', 'UPDATE sale_dispute SET state = 1 WHERE state = 2', /what is known takes back 0, not 750/],
  ['an open dispute is gone', 'DELETE FROM sale_dispute WHERE state = 0', /held as disputed, its disputes say otherwise/],
  ['a disputed commission is not held', 'UPDATE commission SET holds = 0, status = 0 WHERE status = 3', /is not held as disputed/],
  ['a held commission goes on', 'UPDATE commission SET status = 0 WHERE status = 3', /status and reasons to hold differ/],
  ['a customer who left never did', 'DELETE FROM event WHERE type = 4', /what is known takes back 0, not 2500/],
  ['a customer has not left', 'UPDATE customer SET churned_at = 0', /has not left when its events say/],
  ["an owner's share is larger", 'UPDATE customer_owner SET share_ppm = share_ppm + 1', /is not shared by owners as its events say/],
  ['one of two owners is gone', 'DELETE FROM customer_owner WHERE number = 1', /is not shared by owners as its events say/],
  ['one of two owners has all', 'UPDATE customer SET owner_count = 1 WHERE owner_count = 2', /is not owned as its events say/],
  ['more was refunded than sold', 'UPDATE sale_refund SET amount = amount * 100', /more is refunded than was sold/],
  ['a checkpoint has another hash', `UPDATE ledger_checkpoint SET hash = ${otherHex('hash')}`, /names another entry 4/],
  ['a checkpoint has other sums', "UPDATE ledger_checkpoint SET sums = '[]'", /has other sums/],
  ['a checkpoint is of another day', "UPDATE ledger_checkpoint SET day = '2020-01-01'", /signature of .* does not hold/],
  ['a checkpoint is signed by somebody else', "UPDATE ledger_checkpoint SET public_key = '00'", /signed with another key/],
  ['the newest entries are gone',
    'DELETE FROM ledger_leg WHERE entry_id IN (SELECT id FROM ledger_entry WHERE number > 3); DELETE FROM ledger_entry WHERE number > 3',
    /names entry \d+, which is not there/],
];

// A lost and an open dispute, a customer who left, and one whom two partners own.
async function reversals(api, sale, campaign) {
  const { body: ann } = await api.post('/partners', { name: 'Ann', email: 'ann@example.com', campaign: campaign.id }, 201);
  await sale('e');
  await api.post('/track/dispute', { id: 'lost', sale_id: 'e', status: 'lost', amount: 3000 }, 201);
  await sale('f');
  await api.post('/track/dispute', { id: 'open', sale_id: 'f', status: 'opened' }, 201);
  await sale('g');
  await api.post('/track/churn', { id: 'left', customer: 'c-g' }, 201);
  await api.post('/track/lead', { id: 'l', partner: ann.id, customer: { id: 'c-h' } }, 201);
  await sale('h');
}

async function books(database) {
  const server = await database.serve();
  const org = await server.org();
  const { body: campaign } = await org.api.post('/campaigns', {
    name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
    terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' }, hold_days: 0,
      attribution: { model: 'linear' }, clawback: { window_days: 90, on_churn: 'full' } },
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
  await reversals(org.api, sale, campaign);
  await server.stop();
  await database.cli('job', 'checkpoint');
}

test('the audit finds planted corruptions', async (t) => {
  const database = await new Database('sqlite').open();
  t.after(() => database.close());
  await books(database);
  await findsPlanted(t, database, corruptions);
});
