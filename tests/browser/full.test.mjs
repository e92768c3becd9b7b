// SPDX-License-Identifier: Apache-2.0
//
// Pages with names, addresses and amounts as long as they may be, in currencies without decimals
// and with three: nothing has to be scrolled sideways, no amount is cut.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NARROW, NARROWEST, WIDE, openBrowser, overflows } from '../lib/browser.mjs';
import { Database } from '../lib/databases.mjs';

const password = 'correct horse battery staple';
const terms = { trigger: 'sale', reward: { type: 'percentage', value: '20' }, hold_days: 0 };
const LONG = `${'Donaudampfschifffahrt'.repeat(5)} 🎌𠮷`;
const NAMES = [LONG, 'محمد بن راشد', 'W'.repeat(110)];

let database, browser, server, api, owner, partner, paths;

async function fill() {
  const of = async (name, slug, currency) => (await api.post('/campaigns',
    { name, slug, currency, url: `https://shop.example/${'deep/'.repeat(60)}`, terms }, 201)).body.id;
  const yen = await of(LONG, 'yen', 'JPY'), dinar = await of('البحرين', 'dinar', 'BHD');
  const partners = [];
  for (const [i, name] of NAMES.entries()) {
    const email = `${'long.local.part.'.repeat(3)}x${i}@${'subdomain.'.repeat(8)}example`;
    const { body } = await api.post('/partners', { name, email, campaign: yen, status: 'approved', external_id: 'x'.repeat(200) }, 201);
    await api.post('/partners', { name, email, campaign: dinar }, 201);
    for (const [campaign, slug] of [[yen, `yen${i}-${'x'.repeat(50)}`], [dinar, `dinar${i}`]])
      await api.post('/links', { partner: body.id, campaign, slug, url: `https://shop.example/${'deep/'.repeat(80)}` }, 201);
    await api.post('/codes', { partner: body.id, campaign: yen, code: `CODE${i}${'X'.repeat(50)}` }, 201);
    partners.push(body.id);
  }
  for (let i = 0; i < 6; i++) {
    const customer = { id: `${'cu'.repeat(60)}${i}`, email: `${'a'.repeat(60)}${i}@mail.example`, name: i % 2 ? LONG : undefined };
    const code = i % 3 ? `CODE${i % 3}${'X'.repeat(50)}` : `yen0-${'x'.repeat(50)}`;
    await api.post('/track/sale', { id: `${'in'.repeat(60)}${i}`, code, amount: 123_456_789_012, currency: 'JPY', customer }, 201);
    await api.post('/track/sale', { id: `bh-${i}`, code: `dinar${i % 3}`, amount: 987_654_321, currency: 'BHD', customer: { id: `b${i}` } }, 201);
  }
  return partners;
}

before(async () => {
  database = await new Database('sqlite').open();
  server = await database.serve();
  const full = await server.org('full', { currency: 'JPY', timezone: 'Asia/Tokyo', name: LONG });
  api = full.api;
  const partners = await fill();
  await database.pass('1d');
  const run = (await api.post('/payout-runs', { currency: 'JPY', method: 'manual' }, 201)).body;
  await api.post(`/payout-runs/${run.id}/approve`, {}, 200);
  owner = await server.user(full, { email: 'owner@full.example', name: LONG });
  partner = { email: 'act@full.example', password };
  await server.cli('user create', { input: `${password}\n` }, '--email', partner.email, '--name', LONG, '--password-stdin');
  for (const id of partners.slice(0, 2))
    await server.cli('member add', '--org', 'full', '--email', partner.email, '--role', 'partner', '--partner', id);
  const first = async (path) => (await api.get(`${path}?limit=1`, 200)).body.data[0].id;
  const commission = await first('/commissions');
  const app = ['', '/partners', `/partners/${partners[0]}`, `/partners/${partners[2]}`, '/campaigns', '/links', '/codes', '/customers',
    '/events', `/campaigns/${await first('/campaigns')}`, `/links/${await first('/links')}`, `/customers/${await first('/customers')}`,
    `/events/${await first('/events')}`, '/commissions', `/commissions/${commission}`, '/payouts', `/payouts/${run.id}`,
    `/payouts/one/${run.payouts[0].id}`, '/ledger', '/audit', '/settings/general', '/settings/team', '/settings/keys', '/search?q=Donau'];
  const at = `/portal/full@${partners[0]}`;
  const own = async (path) => (await api.all(path)).find((one) => one.partner === partners[0]).id;
  const portal = ['', '/links', `/links/${await own('/links')}`, '/commissions', `/commissions/${await own('/commissions')}`, '/payouts',
    `/payouts/${await own('/payouts')}`, '/customers', '/terms', '/account'];
  paths = { owner: app.map((path) => `/app/full${path}`), partner: portal.map((path) => `${at}${path}`) };
  browser = await openBrowser();
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await database?.close();
});

// Figures whose box is narrower than what stands in it.
const cut = (page) => page.$$eval('.figures dd.value, .money-strip dd, .hero .amount, td.num', (all) => all
  .filter((one) => one.offsetParent && one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent.trim()));

describe('pages full to the brim', () => {
  for (const who of ['owner', 'partner'])
    test(`of the ${who}`, { timeout: 150_000 }, async () => {
      const page = await browser.signIn(await browser.page(), server, who === 'owner' ? owner : partner);
      const wrong = [];
      for (const path of paths[who]) {
        const response = await page.goto(server.url + path);
        if (response.status() !== 200) wrong.push(`${path}: ${response.status()}`);
        for (const size of [WIDE, NARROW, NARROWEST]) {
          await page.setViewportSize(size);
          if (await overflows(page)) wrong.push(`${path}: has to be scrolled sideways at ${size.width}`);
          for (const text of await cut(page)) wrong.push(`${path}: "${text}" is cut at ${size.width}`);
        }
      }
      assert.deepEqual([...wrong, ...page.complaints], []);
      await page.context().close();
    });
});
