// SPDX-License-Identifier: Apache-2.0
//
// Clients that work on one organisation at once, and a list outside the server of what it
// acknowledged: the fault tests compare the two.
//
//   const load = await Load.prepare(database, server);
//   load.start(server); … await load.stop();   // as often as wanted, on any server
//   await load.finish(server);                 // everything unanswered is sent again
//   await load.check(server);                  // nothing lost, nothing twice, the sums agree
//
// Each request has an id of its own, so sending it again is safe; that is what is tested.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const REFUSED = new Set([429, 503, 507]);
const PARTNERS = 3;
const execute = promisify(execFile);

// The integer that is stored for clk_0123456789abc.
function integer(id) {
  let number = 0n;
  for (const letter of id.slice(id.indexOf('_') + 1)) number = number * 32n + BigInt(DIGITS.indexOf(letter));
  return number;
}

const pick = (list) => list[Math.floor(Math.random() * list.length)];

// The rows of a query past the server, each a list of texts.
export async function query(database, sql) {
  let program = ['psql', ['-X', '-q', '-A', '-t', '-F', '|', '-d', database.url ?? '', '-c', sql]];
  if (!database.url) {
    const [file] = readdirSync(join(database.data, 'org')).filter((name) => name.endsWith('.db'));
    program = ['sqlite3', ['-readonly', '-cmd', '.timeout 10000', join(database.data, 'org', file), sql]];
  }
  const { stdout } = await execute(...program, { maxBuffer: 1 << 28, timeout: 60_000 });
  return stdout.split('\n').filter(Boolean).map((line) => line.split('|'));
}

export class Load {
  static async prepare(database, server) {
    const load = new Load();
    const org = await server.org();
    Object.assign(load, { database, org, api: org.api });
    const { body: campaign } = await load.api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/',
      terms: { trigger: 'sale', reward: { type: 'percentage', value: '25' }, hold_days: 0, minimum_payout: 0 },
    }, 201);
    for (let i = 0; i < PARTNERS; i++) {
      const { body: partner } = await load.api.post('/partners', {
        name: `Partner ${i}`, email: `p${i}@partner.example`, campaign: campaign.id,
      }, 201);
      const { body: link } = await load.api.post('/links', {
        partner: partner.id, campaign: campaign.id, slug: `go${i}`, url: 'https://shop.example/',
      }, 201);
      load.partners.push(partner.id);
      load.links.push(new URL(link.short_url).pathname);
    }
    return load;
  }

  constructor() {
    this.partners = [];
    this.links = [];
    this.events = new Map(); // id: {kind, body, partner, acknowledged, event}
    this.open = []; // events whose answer never came, or was a refusal
    this.sold = []; // acknowledged sales that may be refunded
    this.clicks = new Map(); // id: partner, of each redirect that arrived
    this.paid = new Map(); // payout: {partner, amount}
    this.clickTries = 0;
    this.refusals = { 429: 0, 503: 0, 507: 0 };
    this.last = {}; // the last refusal of each status
    this.answers = 0; // to sales, refunds and the steps of payouts
    this.broken = 0; // requests without an answer
    this.wrong = []; // answers that should never come
    this.next = 0;
  }

  // The same data, elsewhere.
  moveTo(database) {
    this.database = database;
    for (const event of this.events.values()) event.seen = false;
  }

  start(server, { sellers = 4, visitors = 1, payer = true } = {}) {
    this.api = server.api(this.org.key);
    this.running = true;
    this.clients = [];
    for (let i = 0; i < sellers; i++) this.clients.push(this.repeat(() => this.sell()));
    for (let i = 0; i < visitors; i++) this.clients.push(this.repeat(() => this.visit()));
    if (payer) this.clients.push(this.repeat(() => this.pay()));
  }

  async stop() {
    this.running = false;
    await Promise.all(this.clients);
  }

  async repeat(step) {
    while (this.running) {
      const went = await step();
      if (!went && this.running) await sleep(20);
    }
  }

  // An answer, or undefined: none came, or it was "not now".
  async request(method, path, body, headers) {
    let answer;
    try {
      answer = await this.api.request(method, path, { body, headers });
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      this.broken++;
      return undefined;
    }
    this.answers++;
    if (!REFUSED.has(answer.status)) return answer;
    this.refusals[answer.status]++;
    this.last[answer.status] = answer;
    return undefined;
  }

  fault(what, answer) {
    if (this.wrong.length < 20) this.wrong.push(`${what}: ${answer.status} ${answer.text.slice(0, 500)}`);
  }

  // ---- Sales and refunds

  sale() {
    const id = `s${++this.next}`;
    const amount = 400 * (1 + Math.floor(Math.random() * 200));
    const body = { id, customer: { id: `c-${id}` }, amount, currency: 'USD' };
    const recent = [...this.clicks].slice(-50);
    if (recent.length && Math.random() < 0.3) {
      const [click, partner] = pick(recent);
      return { kind: 'sale', partner, body: { ...body, click_id: click } };
    }
    const partner = pick(this.partners);
    return { kind: 'sale', partner, body: { ...body, partner } };
  }

  refund() {
    const [sale] = this.sold.splice(Math.floor(Math.random() * this.sold.length), 1);
    const amount = Math.random() < 0.5 ? sale.body.amount : sale.body.amount / 4;
    const body = { id: `r${++this.next}`, sale_id: sale.body.id, amount };
    return { kind: 'refund', partner: sale.partner, body };
  }

  async sell() {
    let event = Math.random() < 0.5 ? this.open.shift() : undefined;
    if (!event) {
      event = this.sold.length > 10 && Math.random() < 0.3 ? this.refund() : this.sale();
      this.events.set(event.body.id, event);
    }
    return this.send(event);
  }

  async send(event) {
    const answer = await this.request('POST', `/track/${event.kind}`, event.body);
    const again = event.sent;
    event.sent = true;
    if (!answer) {
      this.open.push(event);
      return false;
    }
    if (answer.status !== 201 && !(again && answer.status === 200)) this.fault(`${event.kind} ${event.body.id}`, answer);
    event.acknowledged = true;
    event.event = answer.body?.event?.id;
    const credited = answer.body?.attribution?.credited?.[0]?.partner;
    if (event.kind === 'sale' && credited !== event.partner) this.fault(`${event.body.id} credits ${credited}`, answer);
    if (event.kind === 'sale') this.sold.push(event);
    return true;
  }

  // ---- Clicks

  async visit() {
    const i = Math.floor(Math.random() * this.links.length);
    this.clickTries++;
    try {
      const answer = await fetch(this.api.url + this.links[i], {
        redirect: 'manual', headers: { 'user-agent': BROWSER }, signal: AbortSignal.timeout(30_000),
      });
      const location = answer.headers.get('location') ?? '';
      const id = answer.status === 302 ? new URL(location).searchParams.get('click_id') : null;
      if (id) this.clicks.set(id, this.partners[i]);
      else this.wrong.push(`${this.links[i]}: ${answer.status} ${location}`);
      await answer.arrayBuffer().catch(() => {});
      await sleep(3);
      return true;
    } catch {
      this.broken++;
      return false;
    }
  }

  // ---- Payout runs: one step each time, the same one until it is answered

  async pay() {
    if (!this.run) {
      this.run = { step: 'create', key: randomUUID() };
      await this.database.cli('job mature').catch(() => {});
    }
    const { step, id, key } = this.run;
    const body = { create: { currency: 'USD', method: 'manual' }, approve: {}, results: this.run.results }[step];
    const path = step === 'create' ? '/payout-runs' : `/payout-runs/${id}/${step}`;
    const answer = await this.request('POST', path, body, { 'idempotency-key': step === 'create' ? key : `${key}-${step}` });
    if (!answer) return false;
    if (step === 'create') return this.created(answer);
    if (step === 'approve') return this.approved(answer);
    return this.finished(answer);
  }

  created(answer) {
    if (answer.status !== 201) {
      if (answer.body?.param !== '/currency') this.fault('POST /payout-runs', answer); // else nothing is owed
      this.run = null;
      return false;
    }
    this.run = { ...this.run, step: 'approve', id: answer.body.id };
    return true;
  }

  // Somebody else's refund makes a draft stale, and sometimes nobody is to be paid: then another one.
  approved(answer) {
    if (answer.status === 200) {
      const due = answer.body.payouts.filter((payout) => payout.status === 'approved');
      if (!due.length) this.fault('approved without payouts', answer);
      const results = due.map(({ id }) => ({ payout: id, status: 'paid', reference: `ref-${id}` }));
      this.run = { ...this.run, step: 'results', results, due };
      return true;
    }
    if (answer.status !== 409 && answer.status !== 412) this.fault('approve', answer);
    this.run = null;
    return false;
  }

  finished(answer) {
    if (answer.status !== 200) this.fault('results', answer);
    for (const { id, partner, amount } of this.run.due) this.paid.set(id, { partner, amount });
    this.run = null;
    return false;
  }

  // ---- Afterwards

  // Send again what has no answer yet, until it has one.
  async finish(server) {
    this.api = server.api(this.org.key);
    for (let i = 0; this.open.length && i < 5000; i++) await this.send(this.open.shift());
    for (let i = 0; this.run && this.run.step !== 'create' && i < 20; i++) await this.pay();
    assert.equal(this.open.length, 0, 'everything is answered in the end');
  }

  // Each event acknowledged since the last call is there, and sending it again changes nothing.
  async checkNew(server) {
    const api = server.api(this.org.key);
    const events = [...this.events.values()];
    const fresh = events.filter((event) => event.acknowledged && !event.seen);
    for (const event of fresh) {
      const { status, headers, body, text } = await api.post(`/track/${event.kind}`, event.body);
      assert.equal(status, 200, `${event.body.id} was acknowledged, and is not there: ${text}`);
      assert.equal(headers.get('idempotent-replayed'), 'true', event.body.id);
      assert.equal(body.event.id, event.event, event.body.id);
      event.seen = true;
    }
    await this.checkClicks();
  }

  // Each click is in the table, once, and counted once.
  async checkClicks() {
    let missing = [];
    let rows = [];
    for (let i = 0; i < 100; i++) {
      rows = (await query(this.database, 'SELECT id FROM click')).map(([id]) => BigInt(id));
      const there = new Set(rows);
      assert.equal(there.size, rows.length, 'no click is there twice');
      missing = [...this.clicks.keys()].filter((id) => !there.has(integer(id)));
      if (!missing.length) break;
      await sleep(100);
    }
    assert.deepEqual(missing, [], 'each redirect that arrived is in the table of clicks');
    assert.ok(rows.length <= this.clickTries, `${rows.length} clicks of ${this.clickTries} visits`);
    const days = (of) => `(SELECT COALESCE(SUM(clicks), 0) FROM click_daily WHERE partner_id ${of} 0)`;
    const [[table, daily, all]] = await query(this.database,
      `SELECT (SELECT COUNT(*) FROM click), ${days('<>')}, ${days('=')}`);
    assert.equal(daily, table, 'the sums by day count each click once');
    assert.equal(all, table, 'the sums of all partners count each click once');
  }

  // What each partner has earned and what of it is paid, by the list outside.
  expected() {
    const sums = Object.fromEntries(this.partners.map((id) => [id, { earned: 0, paid: 0 }]));
    for (const { kind, body, partner } of this.events.values()) {
      sums[partner].earned += (kind === 'sale' ? 1 : -1) * body.amount / 4;
    }
    for (const { partner, amount } of this.paid.values()) sums[partner].paid += amount;
    return sums;
  }

  // After finish(): every event once and no other, the balances, the payouts, the audit.
  async check(server) {
    const api = server.api(this.org.key);
    assert.deepEqual(this.wrong, []);
    await this.checkNew(server);
    const stored = (await api.all('/events'))
      .filter((event) => event.type === 'sale' || event.type === 'refund').map((event) => event.external_id);
    assert.deepEqual(stored.sort(), [...this.events.keys()].sort(), 'each event is there exactly once');
    for (const id of this.paid.keys()) {
      assert.equal((await api.get(`/payouts/${id}`, 200)).body.status, 'paid', id);
    }
    const sums = Object.fromEntries(this.partners.map((id) => [id, { earned: 0, paid: 0 }]));
    for (const b of (await api.get('/balances', 200)).body.data) {
      sums[b.partner] = { earned: b.pending + b.held + b.payable + b.in_payout + b.paid, paid: b.paid };
    }
    assert.deepEqual(sums, this.expected(), 'the balances are what was sold, refunded and paid');
    assert.match(await this.database.cli('audit'), /^audit: ok/m);
  }
}
