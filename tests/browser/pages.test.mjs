// SPDX-License-Identifier: Apache-2.0
//
// Every page of the operators: readable by everybody, without complaints, wide and
// narrow, light and dark, full and empty, for an owner and for a viewer without money.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Database } from '../lib/databases.mjs';
import { NARROWEST, openBrowser, overflows, violations, violationsAnyhow } from '../lib/browser.mjs';
import { setTheStage } from './stage.mjs';

let database, browser, stage, sessions;

before(async () => {
  database = await new Database('sqlite').open();
  stage = await setTheStage(database);
  browser = await openBrowser();
  sessions = {};
  for (const who of ['owner', 'viewer']) {
    const page = await browser.signIn(await browser.page(), stage.server, stage[who]);
    sessions[who] = await page.context().storageState();
    await page.context().close();
  }
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await database?.close();
});

const lists = ['', 'partners', 'campaigns', 'links', 'codes', 'customers', 'events', 'commissions', 'deals',
  'settings/general', 'search?q=zz'];
const forMoney = ['payouts', 'ledger'];
const forOwners = ['partners/new', 'campaigns/new', 'links/new', 'codes/new', 'deals/new',
  'settings/protected-accounts', 'settings/team', 'settings/keys',
  'settings/stripe', 'settings/webhooks', 'audit'];

// The pages of single things: the newest of each list.
async function details(api) {
  const first = async (path) => (await api.get(`${path}?limit=1`, 200)).body.data[0]?.id;
  const run = (await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body;
  const campaign = await first('/campaigns');
  const { cast } = stage;
  return {
    all: [`partners/${cast.ann.id}`, `partners/${cast.zoe.id}`, `campaigns/${campaign}`,
      `campaigns/${campaign}/versions`, `links/${await first('/links')}`,
      `customers/${await first('/customers')}`, `events/${await first('/events')}`, `events/${await nobody(api)}`, `events/${await unpaid(api)}`,
      ...cast.deals.map((id) => `deals/${id}`),
      `commissions/${await first('/commissions')}`, `commissions/${await held(api)}`],
    money: [`campaigns/${campaign}/what-if`, `payouts/${run.id}`, `payouts/one/${run.payouts[0].id}`],
    owners: [`partners/${cast.ann.id}/edit`, `campaigns/${campaign}/edit`, `campaigns/${campaign}/terms`],
  };
}

const nobody = async (api) => (await api.all('/events')).find((e) => e.type === 'sale' && !e.partner).id;
// A campaign that pays for sales, and a lead.
async function unpaid(api) {
  const partner = (await api.all('/partners')).find((p) => p.status === 'approved').id;
  return (await api.post('/track/lead', { id: 'unpaid-lead', partner, customer: { id: 'unpaid' } })).body.event.id;
}
const held = async (api) => (await api.all('/commissions')).find((c) => c.status === 'held').id;

async function look(page, path, problems) {
  const response = await page.goto(stage.server.url + path);
  if (response.status() !== 200) problems.push(`${path}: ${response.status()}`);
  if (!/\S/.test(await page.locator('h1').first().innerText())) problems.push(`${path}: has no heading`);
  problems.push(...(await violationsAnyhow(page)).map((text) => `${path}: ${text}`));
}

describe('pages', { concurrency: 2 }, () => {
  let single;

  before(async () => {
    single = await details(stage.acme.api);
  });

  function pathsOf(who, org) {
    const owner = who === 'owner';
    const paths = [...lists, ...(owner ? [...forMoney, ...forOwners] : [])];
    if (org === 'acme') paths.push(...single.all, ...(owner ? [...single.money, ...single.owners] : []));
    return paths.map((path) => `/app/${org}${path ? '/' : ''}${path}`);
  }

  for (const who of ['owner', 'viewer'])
    for (const org of ['acme', 'bare'])
      test(`${org} as ${who}, light and dark, wide and narrow`, { timeout: 240_000 }, async () => {
        const page = await browser.page({ cookies: sessions[who] });
        const problems = [];
        for (const path of pathsOf(who, org)) await look(page, path, problems);
        assert.deepEqual([...problems, ...page.complaints], []);
        await page.context().close();
      });

  test('pages outside of organisations', { timeout: 60_000 }, async () => {
    const page = await browser.page({ cookies: sessions.owner });
    const stranger = await browser.page();
    const problems = [];
    await look(page, '/', problems);
    await look(page, `/workspace/${stage.space}`, problems);
    await look(page, '/account', problems);
    await look(stranger, '/sign-in', problems);
    await look(stranger, '/docs/errors#conflict', problems);
    assert.deepEqual([...problems, ...page.complaints, ...stranger.complaints], []);
    await page.context().close();
    await stranger.context().close();
  });

  test('nothing has to be scrolled sideways at 320 pixels', { timeout: 60_000 }, async () => {
    const page = await browser.page({ size: NARROWEST, cookies: sessions.owner });
    const wide = [];
    for (const path of pathsOf('owner', 'acme')) {
      await page.goto(stage.server.url + path);
      if (await overflows(page)) wide.push(path);
    }
    assert.deepEqual(wide, []);
    await page.context().close();
  });

  test('the filters of the ledger speak as its entries do', { timeout: 30_000 }, async () => {
    const page = await browser.page({ cookies: sessions.owner });
    await page.goto(`${stage.server.url}/app/acme/ledger`);
    await page.getByRole('link', { name: 'Earned', exact: true }).first().click();
    assert.match(page.url(), /kind=accrue/);
    assert.match(await page.locator('tbody tr').first().innerText(), /Earned/);
    await page.context().close();
  });

  test('an action is told as what was done', { timeout: 30_000 }, async () => {
    const page = await browser.page({ cookies: sessions.owner });
    await page.goto(`${stage.server.url}/app/acme/audit?action=deal.register`);
    assert.match(await page.locator('tbody tr').first().innerText(), /Deal: Registered/);
    await page.context().close();
  });

  test('an empty search is no search in vain', { timeout: 30_000 }, async () => {
    const page = await browser.page({ cookies: sessions.owner });
    await page.goto(`${stage.server.url}/app/acme/search`);
    assert.doesNotMatch(await page.locator('main').innerText(), /Nothing found/);
    await page.goto(`${stage.server.url}/app/acme/search?q=zz`);
    assert.match(await page.locator('main').innerText(), /Nothing found/);
    await page.context().close();
  });

  test('deals are found by their company and its domain', { timeout: 30_000 }, async () => {
    const page = await browser.page({ cookies: sessions.viewer });
    await page.goto(`${stage.server.url}/app/acme/search?q=hooli`);
    assert.match(await page.locator('main').innerText(), /Hooli Inc\s+Deal\s+Hooli\s+Deal/);
    await page.goto(`${stage.server.url}/app/acme/search?q=initech.example`);
    assert.match(page.url(), /\/deals\/dea_/, 'one result leads straight to it');
    await page.context().close();
  });

  test('what a request has changed is found by its id', { timeout: 30_000 }, async () => {
    const [campaign] = await stage.acme.api.all('/campaigns');
    const { headers } = await stage.acme.api.post('/partners', {
      name: 'Quinn', email: 'quinn@partner.example', campaign: campaign.id,
    }, 201);
    const request = headers.get('request-id');
    const page = await browser.page({ cookies: sessions.owner });
    await page.goto(`${stage.server.url}/app/acme/search?q=${request}`);
    assert.match(page.url(), new RegExp(`/audit\\?request_id=${request}$`));
    const rows = await page.locator('tbody tr').allInnerTexts();
    assert.ok(rows.length >= 1 && rows.some((row) => /Partner: Created/.test(row)), rows.join('\n'));
    assert.deepEqual(await violations(page), []);
    await page.goto(`${stage.server.url}/app/acme/audit?request_id=req_0000000000001`);
    assert.match(await page.locator('main').innerText(), /Nothing was changed by that/);
    await page.context().close();
    const blind = await browser.page({ cookies: sessions.viewer });
    await blind.goto(`${stage.server.url}/app/acme/search?q=${request}`);
    assert.match(await blind.locator('main').innerText(), /Nothing found/);
    await blind.context().close();
  });

  test('errors have pages', { timeout: 30_000 }, async () => {
    const page = await browser.page({ cookies: sessions.viewer });
    for (const [path, status] of [['/app/acme/nothing', 404], ['/app/nobody', 404], ['/app/acme/partners/prt_x', 404],
      ['/app/acme/ledger', 403], ['/app/acme/settings/team', 403]]) {
      const response = await page.goto(stage.server.url + path);
      assert.equal(response.status(), status, path);
      assert.deepEqual(await violations(page), [], path);
      assert.match(await page.locator('main').innerText(), /req_/);
    }
    await page.context().close();
  });

  test('who may not see money sees no amount anywhere', { timeout: 60_000 }, async () => {
    const page = await browser.page({ cookies: sessions.viewer });
    for (const path of pathsOf('viewer', 'acme')) {
      await page.goto(stage.server.url + path);
      const text = await page.locator('main').innerText();
      // Terms and what a campaign pays are public to its partners; what was paid is not.
      if (path.includes('/campaigns/')) continue;
      assert.doesNotMatch(text, /\d[\d,]*\.\d\d (USD|EUR)|— left/, path);
    }
    await page.goto(`${stage.server.url}/app/acme/commissions`);
    assert.equal(await page.locator('.hidden-value').first().getAttribute('title'), 'Hidden: you may not see money');
    await page.context().close();
  });
});
