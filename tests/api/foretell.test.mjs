// SPDX-License-Identifier: Apache-2.0
//
// Two organisations are sent the same events and pay by different terms. What a simulation says that
// the first would have paid by the terms of the second is what the second has paid, to each partner.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const percent = (value) => ({ type: 'percentage', value });
const fixed = (amount) => ({ type: 'fixed', amount });

const TERMS = {
  plain: { trigger: 'sale', reward: percent('20'), hold_days: 0 },
  rich: {
    trigger: 'sale', reward: percent('12.5'), hold_days: 0, recurring_months: 3,
    tiers: {
      by: 'revenue', period: 'month', retroactive: true,
      steps: [{ from: 40000, reward: percent('17.5') }, { from: 90000, reward: percent('25') }],
    },
    rewards: [
      { if: { event: 'lead' }, reward: fixed(150) },
      { if: { event: 'click' }, reward: fixed(7) },
      { if: { event: 'retainer' }, reward: fixed(9900) },
      { if: { country: ['AT'] }, reward: percent('30') },
    ],
    chain: { mode: 'on_top', compute: 'flat', levels: [{ percent: '10' }, { percent: '5' }] },
    caps: [{ scope: 'partner', period: 'month', amount: 30000 }, { scope: 'customer', amount: 25000 }],
    clawback: { window_days: 60, on_refund: 'full', on_dispute: 'full', on_churn: 'prorated' },
  },
};
const NAMES = ['Ann', 'Bob', 'Eve', 'Ida', 'Tom'];
const ABOVE = { Eve: 'Ann', Ida: 'Eve' };
const STEPS = 48;

// xorshift32 (Marsaglia: Xorshift RNGs, 2003)
function dice(seed) {
  let x = seed;
  return (below) => {
    x ^= x << 13; x ^= x >>> 17; x ^= x << 5;
    return (x >>> 0) % below;
  };
}

class Brand {
  constructor(api, slug) {
    Object.assign(this, { api, slug, terms: TERMS[slug], partners: {} });
  }

  async open() {
    this.campaign = (await this.api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms: this.terms,
    }, 201)).body.id;
    for (const name of NAMES) {
      const { body } = await this.api.post('/partners', {
        name, email: `${name.toLowerCase()}@partner.example`, campaign: this.campaign, parent: this.partners[ABOVE[name]],
      }, 201);
      this.partners[name] = body.id;
      await this.api.post('/links', { partner: body.id, campaign: this.campaign, slug: `${this.slug}-${name.toLowerCase()}` }, 201);
      await this.api.post('/codes', { partner: body.id, campaign: this.campaign, code: `${name.toUpperCase()}10` }, 201);
    }
  }

  async tell({ path, body, click, refused }) {
    let more = {};
    if (click) more = { click_id: (await this.api.post('/track/click', { ...click, slug: `${this.slug}-${click.slug}` }, 201)).body.click_id };
    if (path) await this.api.post(path, { ...body, ...more }, refused ? undefined : 201);
  }

  // What each partner has got, by name.
  async paid() {
    const sums = Object.fromEntries(NAMES.map((name) => [name, 0]));
    const names = Object.fromEntries(NAMES.map((name) => [this.partners[name], name]));
    for (const m of await this.api.all('/commissions')) sums[names[m.partner]] += m.amount - m.reversed;
    return sums;
  }

  async simulated(terms) {
    const { body } = await this.api.post(`/campaigns/${this.campaign}/simulate`, { terms }, 200);
    const by = (side) => Object.fromEntries(NAMES.map((name) =>
      [name, body.partners.find((p) => p.name === name)?.[side] ?? 0]));
    return { body, old: by('old'), new: by('new') };
  }
}

// What happens next, the same for everybody. Refunds and disputes may come before their sale.
function draw(roll, n, at) {
  const name = NAMES[roll(NAMES.length)], customer = { id: `c${roll(9)}` }, which = roll(20);
  const occurred_at = at.toISOString(), sale_id = `s${roll(n + 2)}`;
  const click = { slug: name.toLowerCase(), user_agent: `Browser ${roll(6)}`, occurred_at };
  if (which < 2) return { click };
  if (which < 4) {
    const body = { id: `l${n}`, customer: { ...customer, email: `${customer.id}@shop.example` }, occurred_at };
    return { path: '/track/lead', body, click };
  }
  if (which < 5) return { path: '/track/churn', body: { id: `x${n}`, customer: customer.id, occurred_at } };
  if (which < 7) return { path: '/track/refund', body: { id: `r${n}`, sale_id, amount: 500, occurred_at }, refused: true };
  if (which < 8) {
    const status = ['opened', 'won', 'lost'][roll(3)];
    return { path: '/track/dispute', body: { id: `d${n}`, sale_id, status, occurred_at } };
  }
  const body = {
    id: `s${n}`, customer: { ...customer, country: roll(4) ? 'DE' : 'AT' }, amount: 3000 + roll(30000), tax: 300, currency: 'USD',
    occurred_at,
  };
  if (which < 13) return { path: '/track/sale', body: { ...body, code: `${name.toUpperCase()}10` } };
  return { path: '/track/sale', body, click: which < 18 ? click : undefined };
}

onEachDatabase('foretelling', (database) => {
  const brands = {};
  let server;

  const jobs = async () => {
    for (const job of ['clicks', 'retainers', 'true-up']) await database.cli(`job ${job}`);
  };

  test('the same events to two organisations', async () => {
    const roll = dice(20261121);
    let month;

    server = await database.serve({ args: ['--jobs=no'] });
    for (const slug of Object.keys(TERMS)) {
      brands[slug] = new Brand((await server.org(slug)).api, slug);
      await brands[slug].open();
    }
    for (let n = 0; n < STEPS; n++) {
      database.advance('50h');
      if (database.now().getUTCMonth() !== month) await jobs();
      month = database.now().getUTCMonth();
      const event = draw(roll, n, new Date(database.now() - 2000));
      for (const brand of Object.values(brands)) await brand.tell(event);
    }
    database.advance('40d');
    await server.stop(); // what is still in the journal is drained
    await jobs();
    server = await database.serve({ args: ['--jobs=no'] });
    for (const brand of Object.values(brands)) brand.api.url = server.url;
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });

  for (const [mine, others] of [['plain', 'rich'], ['rich', 'plain']]) {
    test(`${mine} terms by themselves cost what they have cost`, async () => {
      const paid = await brands[mine].paid(), got = await brands[mine].simulated(TERMS[mine]);
      assert.deepEqual(got.old, paid);
      assert.deepEqual(got.new, paid);
      assert.equal(got.body.difference, 0);
      assert.deepEqual(got.body.new.caps, got.body.old.caps);
      assert.ok(Object.values(paid).filter((n) => n > 0).length >= 3, 'there is something to compare');
    });

    test(`${mine} terms foretell what ${others} terms have cost, partner by partner`, async () => {
      const got = await brands[mine].simulated(TERMS[others]);
      assert.deepEqual(got.new, await brands[others].paid());
    });
  }

  test('the command says the same', async () => {
    const file = `${database.dir}/rich.json`;
    writeFileSync(file, JSON.stringify(TERMS.rich));
    const got = JSON.parse(await database.cli('simulate', '--org', 'plain', '--campaign', 'main', '--terms', file, '--format', 'json'));
    assert.deepEqual(got, (await brands.plain.simulated(TERMS.rich)).body);
  });
});
