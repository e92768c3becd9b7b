// SPDX-License-Identifier: Apache-2.0
//
// Where a scenario plays: one organisation of one server, and what the names in
// the file stand for. Each verb of the language is a method of the same name.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { milliseconds } from '../lib/databases.mjs';
import { major, minor, reward } from './language.mjs';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

// "newsletter/mail/june", or less of it: what an address says in utm_source, utm_medium and utm_campaign.
function utmOf(text) {
  const names = ['source', 'medium', 'campaign'];
  return Object.fromEntries((text?.split('/') ?? []).map((value, i) => [names[i], value]).filter(([, value]) => value));
}

export class Stage {
  constructor(server, slug) {
    this.server = server;
    this.slug = slug;
    this.ids = { campaign: {}, partner: {}, run: {}, click: {}, link: {}, restatement: {}, deal: {} };
    this.answers = new Map(); // event id: its first answer
    this.requests = []; // every event that was accepted, to be sent again
    this.last = null;
  }

  // ---- What the names stand for

  id(kind, name) {
    const id = this.ids[kind][name];
    if (!id) throw new Error(`there is no ${kind} "${name}" in this scenario`);
    return id;
  }

  // The one that was named last, where a line does not say which.
  latest(kind, name) {
    return this.id(kind, name ?? Object.keys(this.ids[kind]).at(-1) ?? '');
  }

  async ensureOrg() {
    if (!this.api) await this.makeOrg({});
  }

  async makeOrg({ currency = 'USD', timezone = 'UTC' }) {
    this.currency = currency;
    const org = await this.server.org(this.slug, { currency, timezone });
    this.api = org.api;
  }

  // ---- Requests

  async send(method, path, body, status) {
    this.last = { method, path, body };
    return this.api.request(method, path, { body, status });
  }

  // An event: remembered, so that the end of the scenario can send it again.
  async track(kind, body, status) {
    const answer = await this.send('POST', `/track/${kind}`, body, status ?? 201);
    const id = nameOf(kind, body);
    if (answer.status === 201) {
      this.answers.set(id, answer.body);
      this.requests.push({ kind, body });
    } else if (answer.status === 200) {
      assert.equal(answer.headers.get('idempotent-replayed'), 'true', 'a repeated event says so');
      assert.deepEqual(facts(answer.body), facts(this.answers.get(id)), 'a repeated event is answered the same');
    }
  }

  // ---- Verbs

  async org(words) {
    assert.equal(this.api, undefined, 'the organisation comes first');
    words.next('the name');
    await this.makeOrg(words.named('currency', 'timezone'));
  }

  // The terms that a line and the indented lines under it describe.
  terms(words, block, currency) {
    const rate = words.maybe(/^\d+(\.\d+)?%?$/);
    const named = words.named('currency', 'trigger', 'hold', 'cookie', 'url', 'minimum', 'recurring', 'review');
    const days = (span) => milliseconds(span) / milliseconds('1d');
    const terms = { trigger: named.trigger ?? 'sale', reward: reward(rate ?? '0%', currency), hold_days: 0 };
    if (named.hold) terms.hold_days = days(named.hold);
    if (named.minimum) terms.minimum_payout = minor(named.minimum, currency);
    if (named.recurring) terms.recurring_months = Number(named.recurring);
    if (named.cookie) terms.attribution = { cookie_days: days(named.cookie) };
    return { named, terms: { ...terms, ...block } };
  }

  async campaign(words, { block, status }) {
    const name = words.next('the name');
    const at = words.words.indexOf('currency');
    const currency = at < 0 ? this.currency : words.words[at + 1];
    const { named, terms } = this.terms(words, block, currency);
    const body = { name, slug: name, currency, url: named.url ?? 'https://shop.example/', terms };
    if (named.review) body.review = named.review === 'yes';
    const answer = await this.send('POST', '/campaigns', body, status ?? 201);
    if (answer.status === 201) this.ids.campaign[name] = answer.body.id;
  }

  async publish(words, { block, status }) {
    const id = this.id('campaign', words.next('the campaign'));
    const { terms } = this.terms(words, block, this.currency);
    await this.send('POST', `/campaigns/${id}/terms`, { terms }, status ?? 201);
  }

  async partner(words, { status }) {
    const name = words.next('the name');
    const { in: campaign, parent, ...more } = words.named('in', 'parent', 'country', 'email', 'status', 'external_id',
      'payout_account');
    const body = { name, email: `${name}@partner.example`, campaign: this.latest('campaign', campaign), ...more };
    if (parent) body.parent = this.id('partner', parent);
    const answer = await this.send('POST', '/partners', body, status ?? 201);
    if (answer.status === 201) this.ids.partner[name] = answer.body.id;
  }

  // move PARTNER under P|nobody [in 3d]
  async move(words, { status }) {
    const partner = this.id('partner', words.next('the partner'));
    const { under, in: span } = words.named('under', 'in');
    const body = { parent: under === 'nobody' ? null : this.id('partner', under) };
    if (span) body.parent_from = new Date(this.server.database.now().getTime() + milliseconds(span)).toISOString();
    await this.send('PATCH', `/partners/${partner}`, body, status ?? 200);
  }

  async override(words, { status }) {
    const partner = this.id('partner', words.next('the partner'));
    const what = reward(words.next('the reward'), this.currency);
    const { in: campaign, recurring, group } = words.named('in', 'recurring', 'group');
    const body = { campaign: this.latest('campaign', campaign), reward: what };
    if (recurring) body.recurring_months = Number(recurring);
    if (group) body.group = group;
    await this.send('PUT', `/partners/${partner}/override`, body, status ?? 200);
  }

  async link(words, { to, status, block }) {
    const slug = words.next('the slug');
    const { of: partner, in: campaign, utm } = words.named('of', 'in', 'utm');
    const said = Object.entries(utmOf(utm)).map(([key, value]) => [`utm_${key}`, value]);
    const body = {
      slug, partner: this.latest('partner', partner), campaign: this.latest('campaign', campaign),
      url: to ?? 'https://shop.example/', ...Object.fromEntries(said), ...block,
    };
    const answer = await this.send('POST', '/links', body, status ?? 201);
    if (answer.status === 201) this.ids.link[slug] = answer.body.short_url;
  }

  async code(words, { status }) {
    const code = words.next('the code');
    const { of: partner, in: campaign } = words.named('of', 'in');
    const body = { code, partner: this.latest('partner', partner), campaign: this.latest('campaign', campaign) };
    await this.send('POST', '/codes', body, status ?? 201);
  }

  // A visitor follows a link, over HTTP as a browser would.
  async click(words, { status }) {
    const slug = words.next('the slug');
    const { as, by, from, ago } = words.named('as', 'by', 'from', 'ago');
    if (ago) { // reported later, by the API
      const body = { slug, user_agent: by ?? BROWSER, ip: '127.0.0.1', occurred_at: this.time(ago) };
      await this.send('POST', '/track/click', body, status ?? 201);
      return;
    }
    const url = this.ids.link[slug] ? new URL(this.ids.link[slug]) : { host: this.server.host, pathname: `/${slug}` };
    const headers = { host: url.host, 'user-agent': by ?? BROWSER };
    if (from) headers['x-forwarded-for'] = from;
    const answer = await fetchRaw(this.server.port, url.pathname, headers);
    assert.equal(answer.status, status ?? 302, `click ${slug}`);
    if (!as) return;
    const id = new URL(answer.headers.location).searchParams.get('click_id');
    assert.match(id ?? '', /^clk_/, 'the address that a click leads to carries its click_id');
    this.ids.click[as] = id;
  }

  subject(named) {
    const body = {};
    if (named.click) body.click_id = this.id('click', named.click);
    if (named.code) body.code = named.code;
    if (named.partner) body.partner = this.id('partner', named.partner);
    if (named.utm) body.utm = utmOf(named.utm);
    body.customer = { id: named.customer };
    if (named.email) body.customer.email = named.email;
    if (named.country) body.customer.country = named.country;
    body.occurred_at = this.time(named.ago);
    return body;
  }

  // RFC 3339, of now, of a span ago or (sign 1) of a span from now, on the program's clock.
  time(span = '0s', sign = -1) {
    return new Date(this.server.database.now().getTime() + sign * milliseconds(span)).toISOString();
  }

  // A line for each partner and currency; all at once, this list has no pages.
  async balances(query = '') {
    return (await this.api.get(`/balances${query}`, 200)).body.data;
  }

  async lead(words, { status }) {
    const id = words.next('the id');
    const named = words.named('customer', 'click', 'code', 'partner', 'utm', 'email', 'country', 'ago');
    await this.track('lead', { id, ...this.subject(named) }, status);
  }

  async sale(words, { status, block }) {
    const id = words.next('the id');
    const text = words.next('the amount');
    const currency = words.maybe(/^[A-Z]{3}$/) ?? this.currency;
    const named = words.named('customer', 'click', 'code', 'partner', 'utm', 'email', 'country', 'ago', 'tax', 'product',
      'plan', 'site', 'cleared');
    const body = { id, amount: minor(text, currency), currency, ...this.subject(named) };
    if (named.tax) body.tax = minor(named.tax, currency);
    if (named.cleared) body.cleared_at = this.time(named.cleared, 1);
    for (const key of ['product', 'plan', 'site']) if (named[key]) body[key] = named[key];
    await this.track('sale', { ...body, ...block }, status);
    this.currencies = { ...this.currencies, [id]: currency };
  }

  // event ID TYPE [AMOUNT [EUR]] [goal G] …: what is neither a lead nor a sale.
  async event(words, { status, block }) {
    const id = words.next('the id');
    const type = words.next('the type');
    const text = words.maybe(/^\d/);
    const currency = text && (words.maybe(/^[A-Z]{3}$/) ?? this.currency);
    const named = words.named('customer', 'click', 'code', 'partner', 'utm', 'email', 'country', 'ago', 'goal', 'product');
    const { customer, ...subject } = this.subject(named);
    const body = { id, type, ...subject };
    if (named.customer) body.customer = customer;
    if (text) Object.assign(body, { amount: minor(text, currency), currency });
    for (const key of ['goal', 'product']) if (named[key]) body[key] = named[key];
    await this.track('event', { ...body, ...block }, status);
  }

  // What a refund or dispute is about: a sale or, after the type, another event; a deal by its name.
  about(words) {
    const type = words.maybe(/^(lead|qualified_referral|project_delivered|deal_closed|retainer|goal)$/);
    const name = words.next('the event');
    if (!type) return { sale_id: name };
    const deal = type === 'deal_closed' && this.ids.deal[name];
    return { event_type: type, event_id: deal ? `deal/${deal}` : name };
  }

  async refund(words, { status }) {
    const id = words.next('the id');
    assert.equal(words.next('"of"'), 'of', 'refund ID of [TYPE] NAME [AMOUNT]');
    const about = this.about(words);
    const text = words.maybe(/^\d/);
    const { ago } = words.named('ago');
    const body = { id, ...about, occurred_at: this.time(ago) };
    if (text) body.amount = minor(text, this.currencies?.[about.sale_id] ?? this.currency);
    await this.track('refund', body, status);
  }

  // rates [ago 3d] USD 1.08 JPY 160.25 …: units for one euro, published that day.
  async rates(words) {
    const ago = words.maybe(/^ago$/) && words.next('the span');
    const all = [];
    while (words.left) all.push([words.next('the currency'), words.next('the rate')]);
    const cubes = all.map(([code, rate]) => `<Cube currency='${code}' rate='${rate}'/>`).join('');
    const day = this.time(ago).slice(0, 10);
    const file = join(this.server.database.dir, 'rates.xml');
    writeFileSync(file, `<Envelope><Cube><Cube time='${day}'>${cubes}</Cube></Cube></Envelope>`);
    await this.server.cli('fx load', '--file', file);
  }

  // dispute ID of SALE opened|won|lost [AMOUNT] [ago 3d]; its answer is called ID/opened and so on.
  async dispute(words, { status }) {
    const id = words.next('the id');
    assert.equal(words.next('"of"'), 'of', 'dispute ID of [TYPE] NAME opened|won|lost [AMOUNT]');
    const about = this.about(words);
    const what = words.next('opened, won or lost');
    const text = words.maybe(/^\d/);
    const { ago } = words.named('ago');
    const body = { id, ...about, status: what, occurred_at: this.time(ago) };
    if (text) body.amount = minor(text, this.currencies?.[about.sale_id] ?? this.currency);
    await this.track('dispute', body, status);
  }

  // churn ID customer X [ago 3d]
  async churn(words, { status }) {
    const id = words.next('the id');
    const { customer, ago } = words.named('customer', 'ago');
    await this.track('churn', { id, customer: { id: customer }, occurred_at: this.time(ago) }, status);
  }

  // The last request once more, letter by letter.
  async again(words, { status }) {
    words.end();
    const { method, path, body } = this.last;
    if (path.startsWith('/track/')) return this.track(path.slice(7), body, status ?? 200);
    return this.send(method, path, body, status);
  }

  async step(words, { status }, what) {
    const id = this.id('partner', words.next('the partner'));
    await this.send('POST', `/partners/${id}/${what}`, words.named('note'), status ?? 200);
  }

  // advance 45d | advance to 10 January [12:00]: the next such moment, by UTC.
  async advance(words) {
    const span = words.maybe(/^\d/) ?? this.spanTo(words);
    words.end();
    this.server.database.advance(span);
    await this.server.cli('job mature', '--org', this.slug);
  }

  spanTo(words) {
    assert.equal(words.next('a span, or "to"'), 'to');
    const [day, month, time] = [words.next('the day'), words.next('the month'), words.maybe(/^\d\d:\d\d$/) ?? '00:00'];
    const now = this.server.database.now();
    const at = (year) => Date.parse(`${day} ${month} ${year} ${time} UTC`);
    const year = now.getUTCFullYear();
    const then = at(year) > now ? at(year) : at(year + 1);
    assert.ok(then > now, `"${day} ${month} ${time}" is no moment`);
    return `${Math.ceil((then - now) / 1000)}s`;
  }

  // Clicks are paid when they have come out of the journal.
  async drained() {
    const pending = async () => /^partnerd_clicks_pending (\d+)$/m.exec(
      await (await fetch(`${this.server.url}/metrics`)).text())[1];
    for (let i = 0; await pending() !== '0'; i++) {
      assert.ok(i < 200, 'clicks stay in the journal');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  // close CAMPAIGN: it ends now.
  async close(words, { status }) {
    const id = this.id('campaign', words.next('the campaign'));
    words.end();
    await this.send('PATCH', `/campaigns/${id}`, { status: 'closed' }, status ?? 200);
  }

  async job(words) {
    const name = words.next('the name of the job');
    words.end();
    if (name === 'clicks') await this.drained();
    await this.server.cli(`job ${name}`, '--org', this.slug);
  }

  // payout run NAME [CURRENCY] [method M] | payout approve NAME | payout paid|failed NAME PARTNER …
  async payout(words, { status }) {
    const what = words.next('run, approve, paid or failed');
    const name = words.next('the name of the run');
    if (what === 'run') {
      const currency = words.maybe(/^[A-Z]{3}$/) ?? this.currency;
      const { method = 'manual' } = words.named('method');
      const answer = await this.send('POST', '/payout-runs', { currency, method }, status ?? 201);
      if (answer.status === 201) this.ids.run[name] = answer.body.id;
      return;
    }
    const run = this.id('run', name);
    if (what === 'approve') {
      await this.send('POST', `/payout-runs/${run}/approve`, {}, status ?? 200);
      return;
    }
    assert.ok(['paid', 'failed'].includes(what), 'payout run, approve, paid or failed');
    const payout = await this.findPayout(run, words.next('the partner'));
    const more = words.named('reference', 'reason');
    const results = [{ payout: payout.id, status: what, ...more }];
    await this.send('POST', `/payout-runs/${run}/results`, results, status ?? 200);
  }

  // restate preview NAME CAMPAIGN [version N] [since 30d] [until 3d] [reason R] | restate approve|cancel NAME
  async restate(words, { block, status }) {
    const what = words.next('preview, approve or cancel');
    const name = words.next('the name of the run');
    if (what !== 'preview') {
      await this.send('POST', `/restatements/${this.id('restatement', name)}/${what}`, {}, status ?? 200);
      return;
    }
    const campaign = this.id('campaign', words.next('the campaign'));
    const { version, since, until, reason = 'as agreed' } = words.named('version', 'since', 'until', 'reason');
    const body = { reason, ...block };
    if (version) body.version = Number(version);
    if (since) body.from = this.time(since);
    if (until) body.to = this.time(until);
    const answer = await this.send('POST', `/campaigns/${campaign}/restatements`, body, status ?? 201);
    if (answer.status === 201) this.ids.restatement[name] = answer.body.id;
  }

  // expect restated RUN PARTNER WAS BECOMES [posted AMOUNT]
  async restated(words) {
    const run = this.id('restatement', words.next('the run'));
    const partner = this.id('partner', words.next('the partner'));
    const was = words.next('what it was');
    const becomes = words.next('what it becomes');
    const { posted = '0.00' } = words.named('posted');
    const { body } = await this.api.get(`/restatements/${run}`, 200);
    const line = body.partners.find((l) => l.partner === partner);
    assert.ok(line, `the run has no line of that partner: ${JSON.stringify(body.partners)}`);
    const show = (value) => major(value, line.currency);
    assert.deepEqual([line.was, line.becomes, line.posted].map(show),
      [was, becomes, posted].map((text) => show(minor(text, line.currency))));
    assert.equal(body.status, posted === '0.00' ? 'previewed' : 'posted');
  }

  // deal NAME PARTNER [with BOB:40,CAT:10] [domain D] [email E] [customer X] [amount A] [in C]
  // deal approve|decline|extend|win|lose NAME …; won, its event is called NAME
  async deal(words, { status }) {
    const what = words.maybe(/^(approve|decline|extend|win|lose)$/);
    if (what) return this.dealStep(words, what, status);
    const name = words.next('the name of the deal');
    const partner = this.id('partner', words.next('the partner'));
    const { in: campaign, amount, with: others, ...account } = words.named('in', 'amount', 'with', 'domain', 'email',
      'customer');
    const body = { company: name, partner, campaign: this.latest('campaign', campaign), ...account };
    if (amount) body.amount = minor(amount, this.currency);
    if (others) {
      const shares = others.split(',').map((each) => each.split(':'))
        .map(([name, percent]) => ({ partner: this.id('partner', name), share_ppm: percent * 10_000 }));
      const left = shares.reduce((sum, { share_ppm: part }) => sum - part, 1_000_000);
      body.shares = [{ partner, share_ppm: left }, ...shares];
    }
    const answer = await this.send('POST', '/deals', body, status ?? 201);
    if (answer.status === 201) this.ids.deal[name] = answer.body.id;
  }

  async dealStep(words, what, status) {
    const name = words.next('the name of the deal');
    const { note, days, amount, customer, ago } = words.named('note', 'days', 'amount', 'customer', 'ago');
    const body = {};
    if (note || ['decline', 'extend'].includes(what)) body.note = note ?? 'as agreed';
    if (days) body.days = Number(days);
    if (amount) Object.assign(body, { amount: minor(amount, this.currency), currency: this.currency });
    if (customer) body.customer = customer;
    if (ago) body.occurred_at = this.time(ago);
    const answer = await this.send('POST', `/deals/${this.id('deal', name)}/${what}`, body, status ?? 200);
    if (answer.status !== 200 || what !== 'win') return;
    this.answers.set(name, (await this.api.get(`/events/${answer.body.event}`, 200)).body);
  }

  // protect ACCOUNT: a domain or an address
  async protect(words, { status }) {
    await this.send('POST', '/protected-accounts', { account: words.next('the account') }, status ?? 201);
  }

  // expect deal NAME STAGE [CONFLICT]
  async stageOf(words) {
    const { body } = await this.api.get(`/deals/${this.id('deal', words.next('the deal'))}`, 200);
    const stage = words.next('the stage');
    const conflict = words.left ? words.next('the conflict') : body.conflict;
    words.end();
    assert.deepEqual([body.stage, body.conflict], [stage, conflict]);
  }

  async findPayout(run, name) {
    const { body } = await this.api.get(`/payout-runs/${run}`, 200);
    const found = body.payouts.filter((p) => p.partner === this.id('partner', name));
    assert.ok(found.length <= 1, `${name} is in the run ${found.length} times`);
    return found[0];
  }

  // GET /path/{bob} -> 200
  async get(words, { status }) {
    const path = words.next('the path').replace(/\{([\w-]+)\}/g, (_, name) =>
      Object.values(this.ids).map((kind) => kind[name]).find(Boolean) ?? name);
    words.end();
    await this.send('GET', path, undefined, status ?? 200);
  }

  // ---- Expectations

  async balance(words) {
    const name = words.next('the partner');
    const kind = words.next('pending, held, payable, in_payout or paid');
    const text = words.next('the amount');
    const currency = words.maybe(/^[A-Z]{3}$/) ?? this.currency;
    words.end();
    const list = await this.balances(`?partner=${this.id('partner', name)}`);
    const row = list.find((b) => b.currency === currency);
    const got = row ? row[kind] : 0;
    assert.equal(typeof got, 'number', `there is no balance "${kind}" in ${JSON.stringify(row)}`);
    assert.equal(major(got, currency), major(minor(text, currency), currency), `${name}'s ${kind} in ${currency}`);
  }

  // The commissions of an event as they are now.
  async commissionsOf(event) {
    const ids = (this.answers.get(event)?.commissions ?? []).map((m) => m.id);
    return Promise.all(ids.map(async (id) => (await this.api.get(`/commissions/${id}`, 200)).body));
  }

  // expect commission EVENT PARTNER AMOUNT [STATUS] [left AMOUNT] | expect commission EVENT none
  async commission(words) {
    const event = words.next('the event');
    assert.ok(this.answers.has(event), `no event "${event}" was accepted`);
    const name = words.next('the partner, or none');
    const all = await this.commissionsOf(event);
    if (name === 'none') {
      words.end();
      assert.deepEqual(all, [], 'nobody earns from it');
      assert.ok(this.answers.get(event).attribution.sentence, 'a sentence says why nobody earns');
      return;
    }
    const mine = all.filter((m) => m.partner === this.id('partner', name));
    assert.equal(mine.length, 1, `${name} has ${mine.length} commissions from ${event}: ${JSON.stringify(all)}`);
    const [{ amount, currency, status, explanation }] = mine;
    const text = words.next('the amount');
    assert.equal(major(amount, currency), major(minor(text, currency), currency), explanation?.sentence);
    const wanted = words.maybe(/^(pending|held|approved|paid|rejected|reversed)$/);
    if (wanted) assert.equal(status, wanted);
    assert.ok(explanation?.sentence, 'a commission explains itself');
    words.end();
  }

  // expect team PARTNER AMOUNT: what all below it have brought
  async team(words) {
    const name = words.next('the partner');
    const text = words.next('the amount');
    words.end();
    const { body } = await this.api.get(`/partners/${this.id('partner', name)}/team`, 200);
    const sum = body.together.find((v) => v.currency === this.currency);
    assert.equal(major(sum?.revenue ?? 0, this.currency), major(minor(text, this.currency), this.currency),
      `the volume of ${name}'s team`);
  }

  // expect events TYPE NUMBER
  async events(words) {
    const type = words.next('the type');
    const number = Number(words.next('how many'));
    words.end();
    const all = (await this.api.all('/events')).filter((e) => e.type === type);
    assert.equal(all.length, number, all.map((e) => e.external_id).join('\n'));
  }

  // expect credited EVENT PARTNER [PPM] | expect credited EVENT nobody
  async credited(words) {
    const event = words.next('the event');
    const { credited, sentence } = this.answers.get(event)?.attribution ?? {};
    assert.ok(credited, `no event "${event}" was accepted`);
    const name = words.next('the partner, or nobody');
    if (name === 'nobody') return assert.deepEqual(credited, [], sentence);
    const share = credited.find((s) => s.partner === this.id('partner', name));
    assert.ok(share, `${name} is not credited: ${sentence}`);
    const ppm = words.maybe(/^\d+$/);
    if (ppm) assert.equal(share.share_ppm, Number(ppm));
    return words.end();
  }

  // expect payout RUN PARTNER AMOUNT [STATUS] | expect payout RUN PARTNER none
  async payoutOf(words) {
    const run = this.id('run', words.next('the run'));
    const name = words.next('the partner');
    const text = words.next('the amount, or none');
    const status = words.maybe(/^\w+$/);
    words.end();
    const found = await this.findPayout(run, name);
    if (text === 'none') {
      assert.ok(!found || found.status === 'skipped', `${name} is paid: ${JSON.stringify(found)}`);
      return;
    }
    assert.ok(found, `${name} is not in the run`);
    assert.equal(major(found.amount, found.currency), major(minor(text, found.currency), found.currency));
    if (status) assert.equal(found.status, status);
  }

  async says(words) {
    const event = words.next('the event');
    const text = words.next('the text');
    words.end();
    const answer = this.answers.get(event);
    assert.ok(answer, `no event "${event}" was accepted`);
    const sentences = [answer.attribution, ...answer.commissions.map((m) => m.explanation)].map((e) => e?.sentence);
    assert.ok(sentences.some((s) => s?.includes(text)), `none of these says "${text}":\n${sentences.join('\n')}`);
  }

  // Every entry adds up to zero in each currency, and the chain of hashes has no gap.
  async ledger(words) {
    assert.equal(words.next('"balanced"'), 'balanced');
    words.end();
    const entries = await this.api.all('/ledger/entries');
    for (const entry of entries) {
      const sums = {};
      for (const { debit, credit, currency } of entry.legs) {
        assert.ok((debit > 0) !== (credit > 0), `one side of a leg is positive: ${JSON.stringify(entry)}`);
        sums[currency] = (sums[currency] ?? 0) + debit - credit;
      }
      assert.ok(Object.values(sums).every((sum) => sum === 0), `out of balance: ${JSON.stringify(entry)}`);
    }
    const hashes = new Set(entries.map((entry) => entry.hash));
    const first = entries.filter((entry) => !hashes.has(entry.previous_hash));
    assert.ok(first.length <= 1, `the chain of hashes has ${first.length} beginnings`);
    return entries.length;
  }

  async audit(words) {
    assert.equal(words.next('"ok"'), 'ok');
    words.end();
    const said = await this.server.cli('audit', '--org', this.slug);
    assert.match(said.split('\n').at(-1), /^audit: ok/);
  }

  // ---- At the end of every scenario: sending everything again changes nothing.

  async replay(words) {
    words.end();
    await this.server.cli('job mature', '--org', this.slug); // else it might run by itself in between
    const entries = await this.api.all('/ledger/entries');
    const balances = await this.balances();
    for (const { kind, body } of [...this.requests].reverse()) {
      const answer = await this.api.request('POST', `/track/${kind}`, { body, status: 200 });
      assert.equal(answer.headers.get('idempotent-replayed'), 'true', `${kind} ${body.id} again`);
      assert.deepEqual(facts(answer.body), facts(this.answers.get(nameOf(kind, body))), `${kind} ${body.id} again`);
    }
    assert.deepEqual(await this.balances(), balances, 'balances after sending all events again');
    assert.deepEqual(await this.api.all('/ledger/entries'), entries, 'ledger after sending all events again');
  }
}

// What the answer to an event is called: a dispute is told several times under one id.
function nameOf(kind, body) {
  return kind === 'dispute' ? `${body.id}/${body.status}` : body.id;
}

// What of an answer never changes, whatever happens to the commissions later.
function facts({ event, attribution, commissions }) {
  return { event, attribution, commissions: commissions.map(({ id, partner, amount, currency }) => ({
    id, partner, amount, currency })) };
}

// fetch() does not let its caller choose the host header.
function fetchRaw(port, path, headers) {
  return new Promise((resolve, reject) => {
    const ask = request({ host: '127.0.0.1', port, path, headers, method: 'GET' }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers }));
    });
    ask.setTimeout(30_000, () => ask.destroy(new Error('no answer within 30 s')));
    ask.on('error', reject);
    ask.end();
  });
}
