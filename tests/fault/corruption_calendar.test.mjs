// SPDX-License-Identifier: Apache-2.0
//
// Falsified books of what the calendar makes (clicks, retainers, true-ups): the audit finds each.
import { test } from 'node:test';
import { Database } from '../lib/databases.mjs';
import { findsPlanted } from '../lib/planted.mjs';

const percent = (value) => ({ type: 'percentage', value });
const judgedBy = (type, from, to) =>
  `UPDATE event SET inputs = replace(inputs, '${from}', '${to}') WHERE type = ${type}`;

// What is done, and what the audit must say.
const corruptions = [
  ['a robot is paid', 'UPDATE click SET flags = 1', /is paid, but not such a click/],
  ['clicks are of another day', 'UPDATE click SET at = at - 86400000', /is paid, but not such a click/],
  ['a click is gone', 'DELETE FROM click', /is paid, but not such a click/],
  ['paid clicks are gone', 'DELETE FROM click_paid', /was judged by 2 clicks, 0 are paid by it/],
  ['clicks are paid by another event', 'UPDATE click_paid SET event_id = event_id + 1', /is paid by an event that is not its own/],
  ['an hour had more clicks', judgedBy(0, '"quantity":2', '"quantity":3'), /its event earns 75 USD, not 50 USD/],
  ['a retainer had more days', judgedBy(8, '"quantity":', '"quantity":1'), /judged again, its event earns/],
  ['a true-up comes to more', judgedBy(11, '"is":5400', '"is":6400'), /trues 4200 up to 6400, a recount gives 4200 and 5400/],
  ['a true-up was made twice', judgedBy(11, '"before":0', '"before":1'), /0 were trued up before it, not 1/],
  ['a true-up is of another period', judgedBy(11, '"period":"2', '"period":"1'), /a recount gives 0 and 0/],
  ['events of a period are gone', 'DELETE FROM true_up_item', /a recount gives 0 and 0/],
];

async function books(database) {
  // The middle of a month: a retainer that is not a whole one, and a month for the sales.
  const wait = Date.UTC(database.now().getUTCFullYear(), database.now().getUTCMonth() + 1, 11) - database.now();
  database.advance(`${Math.ceil(wait / 1000)}s`);
  let server = await database.serve({ args: ['--jobs=no'] });
  const { api } = await server.org();
  const campaign = async (slug, terms) => (await api.post('/campaigns', {
    name: slug, slug, currency: 'USD', url: 'https://shop.example/', terms: { hold_days: 0, ...terms },
  }, 201)).body.id;
  const join_ = async (name, id) => (await api.post('/partners', {
    name, email: `${name}@partner.example`, campaign: id,
  }, 201)).body.id;
  const clicks = await campaign('clicks', { trigger: 'click', reward: { type: 'fixed', amount: 25 } });
  const retained = await campaign('retained', { trigger: 'retainer', reward: { type: 'fixed', amount: 300000 } });
  const tiered = await campaign('tiered', {
    trigger: 'sale', reward: percent('20'),
    tiers: { by: 'revenue', period: 'month', retroactive: true, steps: [{ from: 10000, reward: percent('30') }] },
  });
  await api.post('/links', { partner: await join_('ann', clicks), campaign: clicks, slug: 'ann' }, 201);
  await join_('bob', retained);
  const eve = await join_('eve', tiered);
  for (const agent of ['one', 'two']) await api.post('/track/click', { slug: 'ann', user_agent: agent }, 201);
  for (const id of ['a', 'b', 'c'])
    await api.post('/track/sale', { id, customer: { id }, partner: eve, amount: 6000, currency: 'USD' }, 201);
  await server.stop(); // drains the clicks
  await database.pass('25d', 'clicks', 'retainers', 'true-up', 'mature');
  server = await database.serve({ args: ['--jobs=no'] });
  await server.stop();
}

test('the audit finds what was planted in what the calendar made', async (t) => {
  const database = await new Database('sqlite').open();
  t.after(() => database.close());
  await books(database);
  await findsPlanted(t, database, corruptions);
});
