// SPDX-License-Identifier: Apache-2.0
//
// The portal's door, and who goes through it: what a stranger learns from an address, whom a
// person acts for who acts for several partners, and what the home page promises each of them.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

const password = 'correct horse battery staple';
const termsOf = (minimum) => ({ trigger: 'sale', reward: { type: 'percentage', value: '10' }, hold_days: 0, minimum_payout: minimum });

onEachDatabase('the portal', (database) => {
  let server, api, ids, person, other;

  const campaignOf = async (name, currency, minimum) => (await api.post('/campaigns', {
    name, slug: name.toLowerCase(), currency, url: 'https://shop.example/', terms: termsOf(minimum),
  }, 201)).body.id;

  const join = async (name, campaign) => (await api.post('/partners',
    { name, email: `${name.toLowerCase()}@partners.example`, campaign, status: 'approved' }, 201)).body.id;

  const link = (partner, campaign, slug) => api.post('/links', { partner, campaign, slug }, 201);

  let sales = 0;
  const sale = (code, amount, currency) => api.post('/track/sale',
    { id: `in-${++sales}`, code, amount, currency, customer: { id: `cu-${sales}` } }, 201);

  async function actFor(email, ...partners) {
    await server.cli('user create', { input: `${password}\n` }, '--email', email, '--name', 'Ann Arbor', '--password-stdin');
    for (const partner of partners)
      await server.cli('member add', '--org', 'acme', '--email', email, '--role', 'partner', '--partner', partner);
    return new Visitor(server).signIn({ email, password });
  }

  const home = async (who, address = 'acme') => (await who.ask('GET', `/portal/${address}`)).text;

  before(async () => {
    server = await database.serve();
    const acme = await server.org('acme', { name: 'Acme Analytics', currency: 'USD' });
    api = acme.api;
    const low = await campaignOf('Low', 'USD', 500), high = await campaignOf('High', 'USD', 5000), euro = await campaignOf('Euro', 'EUR', 0);
    const [blog, radio, eve] = [await join('Blog', low), await join('Radio', low), await join('Eve', low)];
    for (const campaign of [high, euro]) await api.post('/partners', { name: 'Radio', email: 'radio@partners.example', campaign }, 201);
    ids = { low, high, euro, blog, radio, eve };
    for (const [partner, campaign, slug] of [[blog, low, 'blog'], [radio, low, 'radio-low'], [radio, high, 'radio-high'], [radio, euro, 'radio-euro'],
      [eve, low, 'eve']]) await link(partner, campaign, slug);
    person = await actFor('ann@partners.example', blog, radio);
    other = await actFor('eve@partners.example', eve);
  }, { timeout: 120_000 });

  test('who acts for several partners chooses by the address, and stays there', async () => {
    assert.match(await home(person), /<span class="muted">for Blog<\/span>/);
    const page = await home(person, `acme@${ids.radio}`);
    assert.match(page, /<span class="muted">for Radio<\/span>/);
    for (const partner of [ids.blog, ids.radio]) assert.ok(page.includes(`href="/portal/acme@${partner}"`), 'the switcher has both');
    for (const [, path] of page.matchAll(/href="(\/portal\/acme[^"]*)"/g))
      assert.ok(path.startsWith(`/portal/acme@${ids.radio}`) || path === `/portal/acme@${ids.blog}`, `${path} leads away`);
    assert.doesNotMatch(await home(other), /You act for/);
  });

  test('what is done there is done for that partner', async () => {
    const at = `/portal/acme@${ids.radio}`;
    await person.token(at);
    const { status, to } = await person.ask('POST', `${at}/links`, { csrf: person.csrf, campaign: ids.low, slug: 'radio-new' });
    assert.equal(status, 303);
    assert.ok(to.startsWith(`${at}/links/`), to);
    const { body } = await api.get(`/links/${to.split('/').at(-1)}`, 200);
    assert.equal(body.partner, ids.radio);
    assert.match((await person.ask('GET', to)).text, /radio-new/);
    assert.equal((await person.ask('GET', to.replace(`@${ids.radio}`, ''))).status, 404, 'not a link of the other one');
  });

  test('only those whom the person acts for can be named', async () => {
    const nobody = (await person.ask('GET', '/portal/nowhere')).text.replace(/req_\w+/g, '');
    for (const named of [ids.eve, 'prt_zzzzzzzzzzzz1', 'prt_', 'x', '', ids.low, `${ids.radio}@${ids.blog}`]) {
      const { status, text } = await person.ask('GET', `/portal/acme@${named}`);
      if (named === '') continue; // says nobody: the first one
      assert.equal(status, 404, named);
      assert.equal(text.replace(/req_\w+/g, ''), nobody, 'not there and not yours look the same');
    }
    assert.equal((await person.ask('GET', `/app/acme@${ids.radio}`)).status, 404);
    await server.cli('member remove', '--org', 'acme', '--email', 'ann@partners.example', '--partner', ids.blog);
    assert.match(await home(person), /<span class="muted">for Radio<\/span>/);
    assert.equal((await person.ask('GET', `/portal/acme@${ids.blog}`)).status, 404, 'at once');
  });

  test('the sign-in page tells nobody which organisations there are', async () => {
    const door = async (slug, method = 'GET') => {
      const next = `/portal/${slug}`;
      const { status, text } = method === 'GET' ? await new Visitor(server).ask('GET', `/sign-in?next=${next}`)
        : await new Visitor(server).ask('POST', '/sign-in', { email: 'x@y.example', password: 'wrong', next });
      return { status, text: text.replaceAll(slug, 'SLUG') };
    };
    assert.deepEqual(await door('acme'), await door('nobo'));
    assert.deepEqual(await door('acme', 'POST'), await door('nobo', 'POST'));
    assert.match((await door('acme')).text, /Partner portal/);
    assert.doesNotMatch((await door('acme')).text, /Acme/);
    const straight = async (slug) => (await new Visitor(server).ask('GET', `/portal/${slug}/links`)).to.replace(slug, 'SLUG');
    assert.equal(await straight('acme'), await straight('nobo'));
  });

  test('what is paid and from when is told per currency, by the campaigns that have something open', async () => {
    await sale('radio-high', 20_000, 'USD'); // 20.00, and that campaign pays from 50.00
    await sale('radio-euro', 1_000, 'EUR');  // 1.00, and that one pays everything
    await database.pass('1d');
    let page = await home(person);
    assert.match(page, /Below the minimum payout of 50\.00 USD; 30\.00 USD more and it is paid/);
    assert.match(page, /1\.00 EUR<\/span>[^]*?Paid with the next payout of Acme Analytics/);
    const skipped = async (currency) => {
      const { status, body } = await api.post('/payout-runs', { currency, method: 'manual' });
      return status === 422 ? body.detail : body.payouts[0].reason;
    };
    assert.match(await skipped('USD'), /nobody is to be paid in USD; partners left out: 1 below their minimum payout/, 'as the run says');
    assert.ok(!await skipped('EUR'));

    // Something of a campaign with a smaller one: now all of it is paid.
    await sale('radio-low', 1_000, 'USD');
    await database.pass('1d');
    page = await home(person);
    assert.doesNotMatch(page, /Below the minimum payout/);
    assert.ok(!await skipped('USD'));
    await api.post(`/partners/${ids.radio}/suspend`, {}, 200);
    assert.match(await home(person), /Nothing is paid out while your account is not active/);
    assert.match(await skipped('USD'), /partners left out: .*1 not approved|The partner is suspended/);
  });

  test('who has a share of a sale, or earns nothing of it, finds it and its refund in the list', async () => {
    const shared = (await api.post('/campaigns', {
      name: 'Shared', slug: 'shared', currency: 'USD', url: 'https://shop.example/',
      terms: { ...termsOf(0), attribution: { model: 'linear' } },
    }, 201)).body.id;
    const max = await join('Max', shared), joe = await join('Joe', shared);
    await link(max, shared, 'max');
    await link(joe, shared, 'joe');
    const [hers, his] = [await actFor('max@partners.example', max), await actFor('joe@partners.example', joe)];
    const customer = { id: 'cu-shared', name: 'Sharon Shared' };
    const lead = (await api.post('/track/lead', { id: 'lead-shared', code: 'max', customer }, 201)).body.event.id;
    const both = (await api.post('/track/sale', { id: 'in-shared', code: 'joe', amount: 10_000, currency: 'USD', customer }, 201)).body;
    assert.equal(both.commissions.length, 2);
    const refund = (await api.post('/track/refund', { id: 're-shared', sale_id: 'in-shared', amount: 1_000 }, 201)).body.event.id;
    const listed = async (who) => (await who.ask('GET', '/portal/acme/events')).text;
    const [first, second] = [await listed(hers), await listed(his)];
    for (const id of [both.event.id, refund]) for (const page of [first, second]) assert.ok(page.includes(`/events/${id}`), id);
    assert.ok(first.includes(`/events/${lead}`), 'a lead that pays nothing');
    assert.ok(!second.includes(`/events/${lead}`), 'of another partner');
    assert.match(first, /Customer \w{6}</);
    assert.doesNotMatch(second, /Customer \w{6}</, 'the customer is the first one’s');
    assert.ok(!(await listed(other)).includes(`/events/${both.event.id}`));
  });

  test('the CSV of commissions has what the page has, filters and all', async () => {
    const at = `/portal/acme@${ids.radio}`;
    const { body: { commissions: [one] } } = await sale('radio-low', 6000, 'USD');
    if (one.status === 'pending') await api.post(`/commissions/${one.id}/hold`, {}, 200);
    const all = await api.all(`/commissions?partner=${ids.radio}`);
    const held = all.filter(({ status }) => status === 'held').map(({ id }) => id);
    assert.ok(held.length > 0 && held.length < all.length, `${held.length} of ${all.length}`);
    const linkOn = async (path) => /href="([^"]*commissions\.csv[^"]*)"/.exec((await person.ask('GET', path)).text)[1].replaceAll('&amp;', '&');
    const csv = async (path) => (await person.ask('GET', path)).text.match(/com_\w+/g) ?? [];
    assert.equal(await linkOn(`${at}/commissions`), `${at}/commissions.csv`);
    const filtered = await linkOn(`${at}/commissions?status=held&limit=5`);
    assert.equal(filtered, `${at}/commissions.csv?status=held`);
    assert.deepEqual(await csv(filtered), held);
    assert.equal(await linkOn(`${at}/commissions?status=held%2Cpending`), `${at}/commissions.csv?status=held%2Cpending`);
    assert.deepEqual(await csv(`${at}/commissions.csv`), all.map(({ id }) => id));
  });
});
