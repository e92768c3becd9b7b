// SPDX-License-Identifier: Apache-2.0
//
// Random terms and events through the real server, then everything out again as a file: each
// commission is computed again from its explanation alone, by a checker that was written from
// docs/BOOKS.md, and it agrees with `partnerd verify` about the file and about forgeries of it.
// PARTNERD_TEST_LONG=1 makes 10,000 commissions, or COMMISSIONS=n.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';
import { checkBooks } from './books.mjs';
import { ppm } from './engine.mjs';
import { randomCase, randomness } from './random.mjs';

const TRIGGERS = [...Array.from({ length: 10 }, () => 'sale'),
  'click', 'lead', 'qualified_referral', 'project_delivered', 'deal_closed', 'retainer', 'goal'];
const OCCASIONS = ['qualified_referral', 'project_delivered', 'deal_closed', 'goal'];
const BATCH = 100;
const RATES = { USD: '1.1', JPY: '160', BHD: '0.41' };
const wantedOn = (kind) => Number(process.env.COMMISSIONS
  ?? (process.env.PARTNERD_TEST_LONG ? 10_000 : kind === 'sqlite' ? 1000 : 300));

// What the engine's cases leave alone: who shares the credit, what is taken back, what is trued up.
function withPolicies(r, terms) {
  const { any, maybe, pick } = r;
  const policy = () => pick(['full', 'prorated', 'none']);
  const ends = terms.tiers?.period && terms.tiers.period !== 'lifetime';
  const clawback = { window_days: 1 + any(90), on_refund: policy(), on_dispute: policy(), on_churn: policy() };
  if (clawback.on_refund === 'none' && maybe(60)) clawback.true_up = pick(['month', 'quarter']);
  return {
    ...terms, ...(maybe(80) ? { clawback } : {}), ...(maybe(60) ? { attribution: { model: pick(['linear', 'position']) } } : {}),
    ...(ends && maybe(80) ? { tiers: { ...terms.tiers, period: pick(['month', 'quarter']), retroactive: true } } : {}),
  };
}

// Only sales are paid for a time. The engine judges durations of all else as well; the server refuses to publish them.
function timed(terms) {
  const of = (kind, { recurring_months: months, ...offer }) => (kind === 'sale' && months !== undefined
    ? { ...offer, recurring_months: months } : { ...offer, ...(offer.reward ? {} : { recurring_months: null }) });
  const own = (offer) => of(terms.trigger, offer);
  const sales = terms.trigger === 'sale' || terms.rewards?.some((one) => one.if.event === 'sale');
  const { delay_invoices: delay, ...rest } = own(terms);
  return {
    ...rest, ...(sales && delay ? { delay_invoices: delay } : {}),
    ...(rest.rewards ? { rewards: rest.rewards.map((one) => of(one.if.event ?? terms.trigger, one)) } : {}),
    ...(rest.tiers ? { tiers: { ...rest.tiers, steps: rest.tiers.steps.map(own) } } : {}),
    ...(rest.groups ? { groups: Object.fromEntries(Object.entries(rest.groups).map(([name, one]) => [name, own(one)])) } : {}),
  };
}

// Terms that the server takes: some random ones promise more than there is.
async function randomCampaign(api, r, n) {
  for (;;) {
    const { terms, currency } = randomCase(r);
    if (terms.trigger !== TRIGGERS[n] || (n > 9 && !(terms.reward.amount || ppm(terms.reward.value ?? 0)))) continue;
    const made = await api.post('/campaigns', { name: `C${n}`, slug: `c${n}`, currency, url: 'https://shop.example/',
      terms: withPolicies(r, timed(terms)) });
    if (made.status === 201) return { ...made.body, currency, trigger: terms.trigger };
    assert.equal(made.status, 422, made.text);
  }
}

// Somebody above somebody above somebody.
async function partnersOf(api, r, campaign) {
  const made = [];
  for (let i = 0; i < 3; i++) {
    const { body } = await api.post('/partners', {
      name: `P${i}`, email: `p${i}@${campaign.slug}.example`, campaign: campaign.id,
      ...(i > 0 && r.maybe(70) ? { parent: made[i - 1] } : {}),
    }, 201);
    if (campaign.trigger === 'click') await api.post('/links', { partner: body.id, campaign: campaign.id, slug: `l${i}` }, 201);
    if (r.maybe(30)) await api.put(`/partners/${body.id}/group`, { campaign: campaign.id, group: 'gold' });
    if (i === 2 && r.maybe(40)) await api.post(`/partners/${body.id}/suspend`, {}, 200);
    made.push(body.id);
  }
  return made;
}

function randomSale(r, place, id) {
  const { any, maybe, pick } = r;
  const amount = maybe(20) ? 1 + any(100) : 1 + any(maybe(10) ? 1_000_000 : 20_000);
  const tax = maybe(30) ? any(amount) : 0;
  return {
    type: 'sale', id, amount, tax, ...(maybe(60) ? { partner: pick(place.partners) } : {}),
    currency: maybe(85) ? place.campaign.currency : pick(['EUR', 'USD', 'JPY']),
    customer: { id: `${place.campaign.slug}-${any(40)}`, ...(maybe(50) ? { country: pick(['DE', 'FR', 'US']) } : {}) },
    ...(maybe(10) ? { shipping: any(amount - tax) } : {}),
    ...(maybe(60) ? { product: pick(['a', 'b', 'c']) } : {}),
    ...(maybe(20) ? { plan: pick(['pro', 'free']) } : {}),
    ...(maybe(30) ? { attributes: { seats: pick(['5', '6', '7']) } } : {}),
  };
}

// What is no sale: somebody signs up (and may be shared by several who brought them), leaves, or something else happens.
function randomOther(r, place, id) {
  const { any, maybe, pick } = r;
  const { trigger, slug, currency } = place.campaign;
  const customer = { id: `${slug}-${any(40)}` };
  if (trigger === 'sale') {
    return maybe(12) ? { type: 'churn', id: `x${id}`, customer } : { type: 'lead', id: `l${id}`, partner: pick(place.partners), customer };
  }
  const partner = pick(place.partners);
  if (trigger === 'lead') return { type: 'lead', id: `l${id}`, partner, customer: { id: `lead-${id}` } };
  const type = OCCASIONS.includes(trigger) && maybe(80) ? trigger : pick(OCCASIONS);
  return {
    type, id: `o${id}`, partner, ...(type === 'goal' ? { goal: 'done' } : {}),
    ...(maybe(50) ? { customer } : {}), ...(maybe(70) ? { amount: 1 + any(20_000), currency } : {}),
  };
}

// Visitors of those who are paid by the click, some of them twice.
async function visits(api, r) {
  for (let i = 0; i < 4; i++) await api.post('/track/click', { slug: `l${r.any(3)}`, user_agent: `browser ${r.any(30)}` }, 201);
}

// A refund, or a dispute on its way: opened, then perhaps won or lost.
function takeBack(r, sales, disputes, id) {
  const open = disputes.length > 0 && r.maybe(50) ? disputes.shift() : undefined;
  const sale = open?.sale ?? r.pick(sales);
  if (!open && r.maybe(60))
    return { type: 'refund', id: `r${id}`, sale_id: sale.id, ...(r.maybe(50) ? { amount: 1 + r.any(sale.amount) } : {}) };
  const dispute = open?.id ?? `d${id}`;
  if (!open) disputes.push({ id: dispute, sale });
  return { type: 'dispute', id: dispute, sale_id: sale.id, status: open ? r.pick(['won', 'lost']) : 'opened' };
}

// One batch: sales, what is taken back of sales before, and the rest.
async function send(api, r, places, sales, disputes) {
  const events = [];
  while (events.length < BATCH) {
    const place = r.pick(places);
    const id = `${events.length}-${sales.length}`;
    if (sales.length > 0 && r.maybe(8)) events.push(takeBack(r, sales, disputes, id));
    else if (place.campaign.trigger !== 'sale' || r.maybe(25)) events.push(randomOther(r, place, id));
    else {
      const sale = randomSale(r, place, `s${sales.length}`);
      sales.push(sale);
      events.push(sale);
    }
  }
  await visits(api, r);
  const { body } = await api.post('/track/batch', { events }, 207);
  const refused = body.results.find((one) => one.status !== 201 && !/refund|disput|remains|sale/.test(JSON.stringify(one)));
  assert.equal(refused, undefined, JSON.stringify(refused));
  const made = body.results.filter((one, i) => !['refund', 'dispute', 'churn'].includes(events[i].type));
  return made.reduce((sum, one) => sum + (one.result?.commissions?.length ?? 0), 0);
}

const JOBS = ['clicks', 'retainers', 'true-up', 'mature', 'checkpoint'];

async function pay(api, currency) {
  const { body: drafted } = await api.post('/payout-runs', { currency, method: 'manual' });
  if (!drafted.payouts?.some((one) => one.status === 'draft')) return;
  const { body: run } = await api.post(`/payout-runs/${drafted.id}/approve`, {}, 200);
  const results = run.payouts.filter((one) => one.status === 'approved')
    .map((one, i) => ({ payout: one.id, status: i % 4 === 3 ? 'failed' : 'paid', reference: 'x', reason: 'closed' }));
  await api.post(`/payout-runs/${run.id}/results`, results.slice(1));
}

// A year in short: batches on one day after the other, matured, paid, signed.
async function live(database, api, r, wanted) {
  const places = [];
  for (let n = 0; n < TRIGGERS.length; n++) {
    const campaign = await randomCampaign(api, r, n);
    places.push({ campaign, partners: await partnersOf(api, r, campaign) });
  }
  const sales = [], disputes = [];
  for (let batch = 0, made = 0; made < wanted; batch++) {
    assert.ok(batch < 500, `only ${made} commissions`);
    made += await send(api, r, places, sales, disputes);
    if (batch % 4 !== 3) continue;
    await database.pass('20d', ...JOBS);
    for (const currency of ['USD', 'JPY', 'EUR']) await pay(api, currency);
  }
  await database.pass('93d', ...JOBS, 'true-up'); // to the end of every quarter
  return places;
}

// Every kind of event is among them, and of many commissions every step was taken.
async function isMixed(api, text) {
  const commissions = text.split('\n').filter((line) => line.startsWith('{"object":"commission"')).map((line) => JSON.parse(line));
  const steps = new Set(commissions.flatMap((one) => one.explanation.steps.map((s) => s.step)));
  for (const step of ['convert', 'percent', 'fixed', 'share', 'override', 'recruiting', 'give', 'cap', 'hold', 'true_up'])
    assert.ok(steps.has(step) || commissions.length < 1000, `no commission has the step ${step}`);
  assert.ok(commissions.length < 1000 || commissions.some((one) => one.amount < 0), 'no true-up takes back');
  for (const type of ['sale', 'click', 'lead', 'retainer', 'true_up', 'churn', 'dispute', 'refund', ...OCCASIONS])
    assert.ok((await api.get(`/events?type=${type}&limit=1`, 200)).body.data.length, `no ${type}`);
  return commissions.length;
}

// The lines at which `partnerd verify` finds something.
async function verify(database, text, key) {
  const file = join(database.dir, 'books.jsonl');
  writeFileSync(file, text);
  const done = await run(['verify', file, '--public-key', key]);
  const lines = [...done.stdout.matchAll(/^line (\d+): /gm)].map((m) => Number(m[1]));
  assert.equal(done.status, lines.length ? 1 : 0, done.stdout + done.stderr);
  return { lines: [...new Set(lines)].sort((a, b) => a - b), said: done.stdout };
}

async function agree(database, text, key) {
  const theirs = checkBooks(Buffer.from(text), key);
  const { lines, said } = await verify(database, text, key);
  const shown = [...said.matchAll(/^line \d+: /gm)].length; // `partnerd verify` prints the first 200 of very many
  const first = theirs.findings.length > shown && shown >= 200 ? theirs.findings.slice(0, shown) : theirs.findings;
  const ours = [...new Set(first.map((one) => one.line))].sort((a, b) => a - b);
  assert.deepEqual(lines, ours, `${said}\n${JSON.stringify(theirs.findings)}`);
  return theirs;
}

const lineOf = (text, part) => {
  const lines = text.split('\n');
  const middle = lines.filter((line) => line.includes(part));
  return middle[Math.floor(middle.length / 2)];
};

const inLine = (part, from, to) => (text) => {
  const line = lineOf(text, part);
  assert.ok(line?.match(from), `${part}: ${from}`);
  return text.replace(line, () => line.replace(from, to));
};

const forgeries = [
  ['an amount in a leg', inLine('"kind":"accrue"', /"debit":(\d+)/, '"debit":1$1')],
  ['both legs', inLine('"kind":"accrue"', /(debit|credit)":([1-9])/g, '$1":9$2')],
  ['a kind', inLine('"kind":"mature"', '"mature"', '"adjust"')],
  ['a time', inLine('"kind":"mature"', /"posted_at":"20/, '"posted_at":"21')],
  ['a link of the chain', inLine('"kind":"mature"', /"previous_hash":"...../, '"previous_hash":"00000')],
  ['a rate', inLine('"step":"percent"', /"rate":"(\d)/, '"rate":"9$1')],
  ['an amount of a commission', inLine('"object":"commission"', /"amount":(\d+)/, '"amount":1$1')],
  ['what a commission matures', inLine('"object":"commission"', /"days":\d+/, '"days":99')],
  ['whose a commission is', inLine('"object":"commission"', /"partner":"prt_..../, '"partner":"prt_7zzz')],
  ['a refund', inLine('"object":"commission"', /"reversed":(\d+)/, '"reversed":1$1')],
  ['a balance', inLine('"object":"balance"', /"payable":/, '"payable":1')],
  ['a payout', inLine('"status":"paid"', /"amount":(\d+)/, '"amount":1$1')],
  ['a sum in a checkpoint', inLine('"object":"ledger_checkpoint"', /"debit":([1-9])/, '"debit":1$1')],
  ['a signature', inLine('"object":"ledger_checkpoint"', /"signature":"..../, '"signature":"0000')],
  ['a day', inLine('"object":"ledger_checkpoint"', /"day":"2/, '"day":"3')],
  ['a sentence', inLine('"object":"commission"', /"sentence":"/, '"sentence":" ')],
  ['a tier that was not reached', inLine('"rule":"tier","index":0,"is":', /"is":(\d+),"from":\d+/, '"is":$1,"from":9$1')],
  ['the first line is gone', (text) => text.slice(text.indexOf('\n') + 1)],
  ['there is nothing but the last line', (text) => text.slice(text.lastIndexOf('\n', text.length - 2) + 1)],
  ['there is nothing', () => ''],
  ['two lines have changed places', (text) => text.replace(/^(.*"ledger_entry".*\n)(.*"ledger_entry".*\n)/m, '$2$1')],
  ['the first line is there twice', (text) => text.slice(0, text.indexOf('\n') + 1) + text],
  ['an entry is gone', (text) => text.replace(`${lineOf(text, '"kind":"mature"')}\n`, '')],
  ['a commission is gone', (text) => text.replace(`${lineOf(text, '"object":"commission"')}\n`, '')],
  ['a line is there twice', (text) => { const line = lineOf(text, '"object":"balance"'); return text.replace(line, `${line}\n${line}`); }],
  ['the end is gone', (text) => text.replace(/\{"object":"end".*\n/, '')],
  ['a line is cut', (text) => text.slice(0, -20)],
  ['a line is no JSON', inLine('"object":"balance"', /"payable"/, 'payable')],
  ['something follows', (text) => `${text}{}\n`],
];

onEachDatabase('books in a file', (database) => {
  const seed = Number(process.env.SEED ?? 2); // every step is among its first thousand
  const wanted = wantedOn(database.kind);
  let api, key, text, places;

  test(`${wanted} random commissions are what their explanations alone say`, { timeout: 900_000 }, async () => {
    const server = await database.serve();
    ({ api } = await server.org());
    const rates = Object.entries(RATES).map(([code, rate]) => `<Cube currency='${code}' rate='${rate}'/>`).join('');
    const file = join(database.dir, 'rates.xml');
    writeFileSync(file, `<Envelope><Cube><Cube time='2024-01-02'>${rates}</Cube></Cube></Envelope>`);
    await database.cli('fx load', '--file', file);
    places = await live(database, api, randomness(seed), wanted);
    key = await database.cli('ledger key');
    text = (await api.get('/ledger/export', 200)).text;
    const { findings, counts } = await agree(database, text, key);
    assert.deepEqual(findings, [], `seed ${seed}`);
    assert.ok(counts.commission >= wanted && counts.checkpoint > 0, JSON.stringify(counts));
    assert.equal(await isMixed(api, text), counts.commission);
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });

  test('statements of partners hold as well, and say what the ledger says', async () => {
    for (const partner of places.slice(0, 3).map((place) => place.partners[0])) {
      const statement = (await api.get(`/partners/${partner}/statement`, 200)).text;
      assert.deepEqual((await agree(database, statement, key)).findings, []);
      const whole = new Set(text.split('\n'));
      const rows = statement.split('\n').filter((line) => line && !/"object":"(books|end)"/.test(line));
      for (const row of rows) assert.ok(whole.has(row), row);
      assert.ok(rows.every((row) => !/"partner":"prt_/.test(row) || row.includes(partner)));
    }
  });

  test('the command line writes the same file', async () => {
    const file = join(database.dir, 'cli.jsonl');
    await database.cli('ledger export', '--org', 'acme', '--to', file);
    const theirs = (await run(['verify', file, '--public-key', key])).stdout;
    assert.match(theirs, /^verify: ok ledger of org_/m);
    await database.cli('ledger export', { status: 1 }, '--org', 'acme', '--to', file);
  });

  for (const [name, forge] of forgeries) {
    test(`both find a forgery: ${name}`, async () => {
      const forged = forge(text);
      assert.notEqual(forged, text);
      assert.ok((await agree(database, forged, key)).findings.length > 0);
    });
  }

  test('a file signed with another key is found by both', async () => {
    assert.equal((await agree(database, text, 'ab'.repeat(32))).findings[0].line, 1);
  });

  test('what is no file ends with 2', async () => {
    assert.equal((await run(['verify', join(database.dir, 'nothing')])).status, 2);
    assert.equal((await run(['verify', database.dir])).status, 2);
    assert.equal((await run(['verify', join(database.dir, 'books.jsonl'), '--public-key', 'x'])).status, 2);
  });
});
