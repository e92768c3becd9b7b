// SPDX-License-Identifier: Apache-2.0
//
// Refunds, disputes and churn in any order, repeated, split and in batches: the same facts
// give the same books.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const DAY = 864e5;

// Small, and the same on every run.
function numbers(seed) {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % limit;
  };
}

function shuffle(list, any) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const k = any(i + 1);
    [out[i], out[k]] = [out[k], out[i]];
  }
  return out;
}

// What happens to three sales of one customer; refunds of the first are split in two in half of the worlds.
function facts(world, any, start) {
  const at = (days) => new Date(start - days * DAY).toISOString();
  const id = (name) => `${name}-${world}`;
  const customer = { id: id('eve') };
  const sale = (n, days) => ({
    type: 'sale', id: id(`s${n}`), code: 'BOB', customer, amount: 10000 * n, tax: 1000, currency: 'USD', occurred_at: at(days),
  });
  const about = (n) => ({ sale_id: id(`s${n}`) });
  const refunds = any(2) ? [2600] : [1313, 1287];
  const of = [
    ...refunds.map((amount, i) => ({ type: 'refund', id: id(`r${i}`), ...about(1), amount, occurred_at: at(20) })),
    { type: 'dispute', id: id('d1'), ...about(2), status: 'opened', occurred_at: at(30) },
    { type: 'dispute', id: id('d1'), ...about(2), status: 'won', occurred_at: at(10) },
    { type: 'dispute', id: id('d2'), ...about(2), status: 'opened', amount: 9000, occurred_at: at(30) },
    { type: 'dispute', id: id('d2'), ...about(2), status: 'lost', amount: 5000, occurred_at: at(5) },
    { type: 'dispute', id: id('d3'), ...about(3), status: 'opened', occurred_at: at(15) },
    { type: 'refund', id: id('r3'), ...about(3), amount: 100, occurred_at: at(1) },
    { type: 'churn', id: id('c1'), customer, occurred_at: at(12) },
    { type: 'churn', id: id('c2'), customer, occurred_at: at(3) },
  ];
  // the order of the sales themselves says which is the first invoice, so they keep it
  return { sales: [sale(1, 50), sale(2, 40), sale(3, 14)], of };
}

onEachDatabase('any order', (database) => {
  for (const opened of ['hold', 'reverse']) {
    test(`the same facts give the same books (dispute_opened: ${opened})`, async () => {
      const server = await database.serve();
      const { api } = await server.org(`acme-${opened}`);
      const clawback = { window_days: 90, on_churn: 'prorated', dispute_opened: opened };
      const { body: campaign } = await api.post('/campaigns', {
        name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
        terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' }, hold_days: 45, clawback },
      }, 201);
      const { body: partner } = await api.post('/partners', {
        name: 'Bob', email: 'bob@partner.example', campaign: campaign.id,
      }, 201);
      await api.post('/codes', { partner: partner.id, campaign: campaign.id, code: 'BOB' }, 201);
      const start = Date.now() - 60e3;
      const any = numbers(42);
      const seen = new Set();
      for (let world = 0; world < 12; world++) {
        const { sales, of } = facts(world, any, start);
        const twice = shuffle([...of, ...of], any);
        const places = shuffle([...twice.keys(), -1, -1, -1], any).map((k, i) => (k < 0 ? i : -1)).filter((i) => i >= 0);
        places.forEach((place, i) => twice.splice(place, 0, sales[i]));
        while (twice.length) {
          const { body } = await api.post('/track/batch', { events: twice.splice(0, 1 + any(6)) }, 207);
          for (const r of body.results) assert.ok(r.status === 200 || r.status === 201, JSON.stringify(r));
        }
        await server.cli('job mature', '--org', `acme-${opened}`);
        const { data: [eve] } = (await api.get(`/customers?external_id=eve-${world}`, 200)).body;
        const { data } = (await api.get(`/commissions?customer=${eve.id}`, 200)).body;
        seen.add(JSON.stringify(data.map((m) => [m.amount, m.reversed, m.status, m.holds]).sort()));
      }
      assert.equal(seen.size, 1, [...seen].join('\n'));
      const [books] = seen;
      assert.match(books, opened === 'hold' ? /"held",\["disputed"\]/ : /"reversed",\[\]/);
      assert.match(await database.cli('audit'), /^audit: ok/m);
      await server.stop();
    });
  }
});
