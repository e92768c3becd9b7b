// SPDX-License-Identifier: Apache-2.0
//
// Tiers and caps count by months, quarters and years of the organisation's own clock: to the millisecond,
// over changes of that clock, and in whatever order events arrive. The borders come from Intl, not from us.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const ZONES = ['America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'Australia/Lord_Howe', 'Africa/Casablanca', 'UTC'];
const PERIODS = ['month', 'quarter', 'year'];
const MONTHS = [1, 3, 4, 7, 10, 11, 12]; // that begin: where clocks change, quarters, years

const percentage = (value) => ({ type: 'percentage', value });

// Year and month on the wall.
function wall(zone, at) {
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone, year: 'numeric', month: 'numeric' }).formatToParts(at);
  const part = (type) => Number(parts.find((p) => p.type === type).value);
  return { year: part('year'), month: part('month') };
}

function periodOf(zone, at, period) {
  const { year, month } = wall(zone, at);
  return period === 'year' ? `${year}` : period === 'quarter' ? `${year} ${Math.ceil(month / 3)}` : `${year} ${month}`;
}

// The first millisecond of a month, by halving.
function monthBegins(zone, year, month) {
  let before = Date.UTC(year, month - 1, 1) - 36 * 36e5;
  let after = Date.UTC(year, month - 1, 1) + 36 * 36e5;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    const at = wall(zone, middle);
    if (at.year * 12 + at.month >= year * 12 + month) after = middle;
    else before = middle;
  }
  return after;
}

// Sales at the last and first millisecond around each border, and a little off; those of all borders mixed.
function salesAround(zone, year) {
  const times = MONTHS.flatMap((month) => {
    const border = monthBegins(zone, year, month);
    return [border - 1, border, border - 36e5, border + 36e5, border + 1];
  });
  return times.map((at, i) => ({ at, order: (i * 17) % 23 })).sort((a, b) => a.order - b.order)
    .map(({ at }, i) => ({ at, id: `s${i}` }));
}

// What is earned: tiers by the sales of the period before, and no more than 30.00 of it for the partner.
function expected(zone, period, sales) {
  const driven = {};
  const earned = {};
  return sales.map(({ at }) => {
    const name = periodOf(zone, at, period);
    const before = driven[name] ?? 0;
    driven[name] = before + 1;
    const rate = before >= 3 ? 30 : before >= 1 ? 20 : 10;
    const amount = Math.min(rate * 100, 3000 - (earned[name] ?? 0));
    earned[name] = (earned[name] ?? 0) + amount;
    return amount;
  });
}

onEachDatabase('periods in time zones', (database) => {
  const year = database.now().getUTCFullYear() + 1;
  let server;

  const places = {};

  async function place(api, period) {
    const { body: campaign } = await api.post('/campaigns', {
      name: period, slug: period, currency: 'USD', url: 'https://shop.example/', terms: {
        trigger: 'sale', reward: percentage('10'), caps: [{ scope: 'partner', period, amount: 3000 }],
        tiers: { by: 'sales', period, steps: [{ from: 1, reward: percentage('20') }, { from: 3, reward: percentage('30') }] },
      },
    }, 201);
    const email = `${period}@partner.example`;
    return (await api.post('/partners', { name: period, email, campaign: campaign.id }, 201)).body.id;
  }

  test('are tried over a year that is past', async () => {
    server = await database.serve({ args: ['--jobs=no'] });
    for (const zone of ZONES) {
      const { api } = await server.org(zone.replace(/[^A-Za-z]/g, '-').toLowerCase(), { timezone: zone });
      places[zone] = { api, partners: {} };
      for (const period of PERIODS) places[zone].partners[period] = await place(api, period);
    }
    database.advance(`${Math.ceil((Date.UTC(year + 1, 0, 5) - database.now()) / 1000)}s`);
  });

  for (const zone of ZONES) {
    test(`${zone}: each event counts for the period in which it happened, on the wall`, async () => {
      const { api, partners } = places[zone];
      const sales = salesAround(zone, year);
      for (const [period, partner] of Object.entries(partners)) {
        const events = sales.map(({ at, id }) => ({
          type: 'sale', id: `${period}-${id}`, amount: 10000, currency: 'USD', partner, customer: { id: `${period}-${id}` },
          occurred_at: new Date(at).toISOString(),
        }));
        const { body } = await api.post('/track/batch', { events }, 207);
        const got = body.results.map((one) => one.result.commissions[0]?.amount ?? 0);
        assert.deepEqual(got, expected(zone, period, sales), `${zone} by ${period}`);
      }
    });
  }

  test('and the audit counts alike', async () => {
    await server.stop();
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });
});
