// SPDX-License-Identifier: Apache-2.0
//
// A sandbox says on every page that it is one, to operators and to partners; what is real never does.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NARROW, NARROWEST, WIDE, openBrowser, overflows, violations } from '../lib/browser.mjs';
import { Database } from '../lib/databases.mjs';

const terms = { trigger: 'sale', reward: { type: 'percentage', value: '20' }, hold_days: 0 };
const name = 'Acme Analytics, to try things in';

let database, server, browser, real, sandbox, space, run, sessions;

async function partner({ api }, campaign, who) {
  const { body } = await api.post('/partners', { name: who, email: `${who}@partners.example`, campaign, payout_account: 'DE02' }, 201);
  const { body: sale } = await api.post('/track/sale', {
    id: `sale-${who}`, customer: { id: who }, partner: body.id, amount: 10000, currency: 'USD',
  }, 201);
  await api.post(`/commissions/${sale.commissions[0].id}/approve`, {}, 200);
  return body.id;
}

async function fill(org) {
  const { body: campaign } = await org.api.post('/campaigns', {
    name: 'Main', slug: org.slug, currency: 'USD', url: 'https://shop.example/', terms,
  }, 201);
  return [await partner(org, campaign.id, 'Sam'), await partner(org, campaign.id, 'Sue')];
}

before(async () => {
  database = await new Database('sqlite').open();
  server = await database.serve();
  real = await server.org('acme', { name: 'Acme Analytics' });
  sandbox = await server.org('acme-try', { name, sandbox: true });
  const owner = await server.user(real, { name: 'Olga Owner' });
  await server.cli('member add', '--org', sandbox.slug, '--email', owner.email, '--role', 'owner');
  space = await server.cli('workspace create', '--name', 'Umbrella');
  for (const { slug } of [real, sandbox]) await server.cli('workspace adopt', '--workspace', space, '--org', slug);
  await server.cli('workspace member', '--workspace', space, '--email', owner.email, '--role', 'owner');
  const [elsewhere] = await fill(real);
  const partners = await fill(sandbox);
  const agent = await server.user(sandbox, { email: 'sam@partners.example', name: 'Sam Samson', role: 'viewer' });
  await server.cli('member remove', '--org', sandbox.slug, '--email', agent.email);
  for (const [{ slug }, id] of [[real, elsewhere], ...partners.map((id) => [sandbox, id])])
    await server.cli('member add', '--org', slug, '--email', agent.email, '--role', 'partner', '--partner', id);
  run = (await sandbox.api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body;
  await sandbox.api.post(`/payout-runs/${run.id}/approve`, {}, 200);
  browser = await openBrowser();
  sessions = {};
  for (const [who, person] of Object.entries({ owner, agent })) {
    const page = await browser.signIn(await browser.page(), server, person);
    sessions[who] = await page.context().storageState();
    await page.context().close();
  }
  sessions.partner = partners[0];
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await database?.close();
});

const operators = () => ['', '/partners', '/commissions', '/payouts', `/payouts/${run.id}`, '/ledger', '/audit',
  '/settings/general', '/settings/keys', '/settings/stripe'].map((path) => `/app/${sandbox.slug}${path}`);
const portal = () => ['', '/links', '/payouts', '/account']
  .map((path) => `/portal/${sandbox.slug}@${sessions.partner}${path}`);

// Name and badge in the frame: seen as a whole, with room for some of the name. What is wrong, or nothing.
async function frame(page) {
  const badge = page.locator('.top .named .badge');
  const [box, title] = [await badge.boundingBox(), await page.locator('.top .named .name').boundingBox()];
  if (!box || await badge.innerText() !== 'Sandbox') return 'has no badge';
  for (const sign of await page.locator('.top .named > *').all())
    if (!await sign.evaluate(isSeen)) return `${await sign.innerText()} is covered or cut`;
  return title.width < 60 ? 'its name has no room' : '';
}

// Run in the page: is that what lies at both ends of an element?
function isSeen(e) {
  const { left, right, top, height } = e.getBoundingClientRect();
  return [left + 2, right - 2].every((x) => e.contains(document.elementFromPoint(x, top + height / 2)));
}

describe('a sandbox', () => {
  for (const [who, paths] of [['owner', operators], ['agent', portal]])
    for (const dark of [false, true])
      for (const size of [WIDE, NARROW, NARROWEST]) {
        test(`is marked for its ${who}, ${dark ? 'dark' : 'light'}, ${size.width} wide`, { timeout: 120_000 }, async () => {
          const page = await browser.page({ dark, size, cookies: sessions[who] });
          const problems = [];
          for (const path of paths()) {
            assert.equal((await page.goto(server.url + path)).status(), 200, path);
            const found = [await frame(page), ...await violations(page)];
            if (await overflows(page)) found.push('has to be scrolled sideways');
            problems.push(...found.filter(Boolean).map((text) => `${path}: ${text}`));
          }
          assert.deepEqual([...problems, ...page.complaints], []);
          await page.context().close();
        });
      }

  test('is marked where one chooses among organisations, and what is real is not', { timeout: 60_000 }, async () => {
    for (const [who, home] of [['owner', `/app/${real.slug}`], ['agent', `/portal/${real.slug}`]]) {
      const page = await browser.page({ cookies: sessions[who] });
      await page.goto(server.url + home);
      assert.equal(await page.locator('.top .named .badge').count(), 0);
      await page.click('[popovertarget=orgs]');
      const lines = await page.locator('#orgs a').allInnerTexts();
      assert.deepEqual(lines.filter((text) => /Sandbox/.test(text)).map((text) => text.includes(name)), [true], who);
      assert.deepEqual(await violations(page), []);
      await page.context().close();
    }
  });

  test('says in words what that means', { timeout: 60_000 }, async () => {
    const page = await browser.page({ cookies: sessions.owner });
    const text = async (path) => {
      await page.goto(server.url + path);
      return page.locator('main').innerText();
    };
    const says = [['settings/general', /sandbox: nothing here is real money[\s\S]*sk_test_[\s\S]*Stripe's test mode/],
      ['payouts', /This is a sandbox\./], [`payouts/${run.id}`, /This is a run of a sandbox\./],
      ['settings/keys', /begin with sk_test_/], ['settings/stripe', /Add it in Stripe's test mode/]];
    for (const [path, what] of says) assert.match(await text(`/app/${sandbox.slug}/${path}`), what, path);
    for (const [path] of says.filter(([path]) => path !== `payouts/${run.id}` && path !== 'settings/stripe'))
      assert.doesNotMatch(await text(`/app/${real.slug}/${path}`), /sandbox/i, path);
    assert.match(await text(`/app/${real.slug}/settings/stripe`), /Add it in Stripe's live mode/);
    await page.context().close();
  });

  test('gives keys and files that say so, by its pages', { timeout: 60_000 }, async () => {
    const page = await browser.page({ cookies: sessions.owner });
    for (const [org, begins] of [[sandbox, /^sk_test_/], [real, /^sk_live_/]]) {
      await page.goto(`${server.url}/app/${org.slug}/settings/keys`);
      await page.fill('[name=name]', 'shop');
      await page.click('text=Make the key');
      assert.match(await page.locator('#secret').inputValue(), begins);
    }
    const file = await page.request.get(`${server.url}/app/${sandbox.slug}/payouts/${run.id}/export.csv`);
    assert.equal(file.headers()['content-disposition'], `attachment; filename="sandbox-${run.id}.csv"`);
    await page.context().close();
  });

  test('stands apart from what is real in the workspace', { timeout: 60_000 }, async () => {
    const page = await browser.page({ cookies: sessions.owner });
    await page.goto(`${server.url}/workspace/${space}`);
    const names = (section) => page.locator(`section[aria-label=${section}] tbody th a`).allInnerTexts();
    assert.deepEqual(await names('Organisations'), ['Acme Analytics']);
    assert.deepEqual(await names('Sandboxes'), [name]);
    for (const size of [WIDE, NARROW]) {
      await page.setViewportSize(size);
      assert.deepEqual(await violations(page), []);
      assert.equal(await overflows(page), false);
    }
    await page.context().close();
  });
});
