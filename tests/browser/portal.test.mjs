// SPDX-License-Identifier: Apache-2.0
//
// The partners' portal: every page readable by everybody, wide and narrow, light and dark;
// usable without scripts; nothing of other partners, and no word of what runs it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { NARROW, NARROWEST, WIDE, openBrowser, overflows, violations } from '../lib/browser.mjs';
import { Database } from '../lib/databases.mjs';

const password = 'correct horse battery staple';
const terms = {
  trigger: 'sale',
  reward: { type: 'percentage', value: '20' },
  recurring_months: 12,
  hold_days: 30,
  minimum_payout: 1000,
  chain: { mode: 'on_top', compute: 'flat', levels: [{ percent: '10' }] },
  tiers: { by: 'revenue', period: 'lifetime', steps: [{ from: 500000, reward: { type: 'percentage', value: '25' } }] },
};

let database, browser, server, api, ids, sessions;

// A person who acts for a partner.
async function actFor(slug, partner, email, name) {
  await server.cli('user create', { input: `${password}\n` }, '--email', email, '--name', name, '--password-stdin');
  await server.cli('member add', '--org', slug, '--email', email, '--role', 'partner', '--partner', partner);
  return { email, password };
}

async function join(campaign, name, more = {}) {
  const email = `${name.toLowerCase()}@partners.example`;
  const { body } = await api.post('/partners',
    { name, email, campaign, status: 'approved', payout_account: `DE02-${name}-4711`, ...more }, 201);
  await api.post('/links', { partner: body.id, campaign, slug: name.toLowerCase() }, 201);
  return body.id;
}

const sale = (code, number, amount) => api.post('/track/sale', {
  id: `in-${number}`, code, amount, currency: 'USD',
  customer: { id: `cu-${number}`, email: `buyer${number}@mail.example`, name: `Buyer ${number}`, country: 'DE' },
}, 201);

async function pay() {
  const { body: run } = await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201);
  await api.post(`/payout-runs/${run.id}/approve`, {}, 200);
  const results = run.payouts.filter((p) => p.status === 'draft').map((p) => ({ payout: p.id, status: 'paid', reference: 'bank-1' }));
  await api.post(`/payout-runs/${run.id}/results`, results, 200);
}

const first = async (path, fits) => (await api.all(path)).find(fits).id;

async function setTheStage() {
  server = await database.serve();
  const acme = await server.org('acme', { currency: 'USD', timezone: 'Europe/Berlin', name: 'Acme Analytics' });
  api = acme.api;
  const campaign = (await api.post('/campaigns', {
    name: 'Affiliates', slug: 'affiliates', currency: 'USD', url: 'https://www.acme.example/', terms,
  }, 201)).body.id;
  const ann = await join(campaign, 'Ann');
  const bob = await join(campaign, 'Bob', { parent: ann });
  const eve = await join(campaign, 'Eve');
  await api.post('/codes', { partner: ann, campaign, code: 'ANN10' }, 201);
  for (let i = 1; i <= 4; i++) await sale(i % 2 ? 'ann' : 'bob', i, 9900 * i);
  await sale('eve', 5, 9900);
  await database.pass('31d');
  await pay();
  await sale('ann', 6, 4900);
  await sale('eve', 7, 4900);
  const { body: unpaid } = await api.post('/track/lead', { id: 'signup-1', code: 'ANN10', customer: { id: 'cu-9' } }, 201);
  await api.post('/protected-accounts', { account: 'big.example' }, 201);
  const deal = async (company, domain, partner = ann, more = {}) =>
    (await api.post('/deals', { campaign, partner, company, domain, amount: 500000, note: 'A demo is planned.', ...more }, 201)).body.id;
  const theirs = await deal('Hooli', 'hooli.example', bob);
  const deals = [await deal('Hooli', 'hooli.example'), await deal('Big Corp', 'big.example'), await deal('Initech', 'initech.example'),
    await deal('Globex', 'globex.example', bob, { shares: [{ partner: bob, share_ppm: 600_000 }, { partner: ann, share_ppm: 400_000 }] })];
  const held = await first('/commissions', (c) => c.partner === ann && c.status === 'pending');
  await api.post(`/commissions/${held}/hold`, {}, 200);
  const of = async (partner) => ({
    partner,
    link: await first('/links', (x) => x.partner === partner),
    commission: await first('/commissions', (x) => x.partner === partner),
    payout: await first('/payouts', (x) => x.partner === partner),
    event: await first('/events', (x) => x.type === 'sale' && x.partner === partner),
  });
  const team = await first('/commissions', (c) => c.partner === ann && c.kind !== 'own');
  return { ann: await of(ann), eve: await of(eve), held, team, unpaid: unpaid.event.id, deals, theirs };
}

before(async () => {
  database = await new Database('sqlite').open();
  ids = await setTheStage();
  const bare = await server.org('bare', { currency: 'EUR', name: 'Bare Bones' });
  const campaign = (await bare.api.post('/campaigns', {
    name: 'Start', slug: 'start', currency: 'EUR', url: 'https://bare.example/', review: true, terms,
  }, 201)).body.id;
  const { body: nia } = await bare.api.post('/partners', { name: 'Nia', email: 'nia@partners.example', campaign }, 201);
  const people = {
    ann: await actFor('acme', ids.ann.partner, 'ann@partners.example', 'Ann Arbor'),
    nia: await actFor('bare', nia.id, 'nia@partners.example', 'Nia New'),
  };
  browser = await openBrowser();
  sessions = {};
  for (const who of Object.keys(people)) {
    const page = await browser.signIn(await browser.page(), server, people[who]);
    sessions[who] = await page.context().storageState();
    await page.context().close();
  }
}, { timeout: 180_000 });

after(async () => {
  await browser?.close();
  await database?.close();
});

const places = ['', '/links', '/links/new', '/commissions', '/commissions?status=held', '/events', '/payouts', '/payouts?status=failed',
  '/customers', '/deals', '/deals/new', '/team', '/terms', '/account'];

const pathsOf = (who) => (who === 'nia' ? places.map((path) => `/portal/bare${path}`) : [
  ...places, `/links/${ids.ann.link}`, `/commissions/${ids.ann.commission}`, `/commissions/${ids.held}`, `/commissions/${ids.team}`,
  `/payouts/${ids.ann.payout}`, `/events/${ids.ann.event}`, `/events/${ids.unpaid}`,
  ...ids.deals.map((id) => `/deals/${id}`),
].map((path) => `/portal/acme${path}`));

async function look(page, path, problems) {
  const response = await page.goto(server.url + path);
  const found = await violations(page);
  if (response.status() !== 200) problems.push(`${path}: ${response.status()}`);
  if (await overflows(page)) problems.push(`${path}: has to be scrolled sideways`);
  if (/partnerd/i.test(await response.text())) problems.push(`${path}: names what runs it`);
  problems.push(...found.map((text) => `${path}: ${text}`));
}

describe('the portal', () => {
  for (const who of ['ann', 'nia'])
    for (const dark of [false, true])
      for (const size of [WIDE, NARROW]) {
        test(`as ${who}, ${dark ? 'dark' : 'light'}, ${size.width} wide`, { timeout: 120_000 }, async () => {
          const page = await browser.page({ dark, size, cookies: sessions[who] });
          const problems = [];
          for (const path of pathsOf(who)) await look(page, path, problems);
          assert.deepEqual([...problems, ...page.complaints], []);
          await page.context().close();
        });
      }

  test('needs no scrolling sideways at 320 pixels', { timeout: 60_000 }, async () => {
    const page = await browser.page({ size: NARROWEST, cookies: sessions.ann });
    const wide = [];
    for (const path of pathsOf('ann')) {
      await page.goto(server.url + path);
      if (await overflows(page)) wide.push(path);
    }
    assert.deepEqual(wide, []);
    await page.context().close();
  });

  test('says what is owed, what waits and why', { timeout: 30_000 }, async () => {
    const page = await browser.page({ cookies: sessions.ann });
    await page.goto(`${server.url}/portal/acme`);
    const text = await page.locator('main').innerText();
    assert.match(text, /Nothing is owed to you right now/);
    assert.match(text, /On hold/);
    assert.match(text, /Somebody put it on hold by hand/);
    await page.goto(`${server.url}/portal/acme/commissions/${ids.held}`);
    assert.match(await page.locator('main').innerText(), /Acme Analytics is looking at it/);
    await page.goto(`${server.url}/portal/acme/team`);
    assert.match(await page.locator('main').innerText(), /Bob[\s\S]*594\.00 USD[\s\S]*11\.88 USD/);
    await page.context().close();
  });

  test('says how far it is to the next tier, by what counts for commissions', { timeout: 30_000 }, async () => {
    const page = await browser.page({ cookies: sessions.ann });
    await page.goto(`${server.url}/portal/acme`);
    assert.match(await page.locator('main').innerText(),
      /Affiliates: 20 %\s+4,555\.00 USD to 25 %\s+445\.00 USD referred revenue so far\./);
    assert.equal(await page.locator('meter').getAttribute('value'), '44500');
    await page.context().close();
  });

  test("has a name on its door, and on what is not there", { timeout: 60_000 }, async () => {
    const stranger = await browser.page();
    await stranger.goto(`${server.url}/portal/acme/payouts`);
    assert.match(await stranger.locator('main').innerText(), /Partner portal\s+Sign in/);
    assert.equal(await stranger.title(), 'Sign in');
    assert.deepEqual(await violations(stranger), []);
    await stranger.fill('#email', 'ann@partners.example');
    await stranger.fill('#password', 'wrong');
    await stranger.click('button[type=submit]');
    assert.match(await stranger.locator('main').innerText(), /Partner portal[\s\S]*password is wrong/);
    await stranger.fill('#password', password);
    await stranger.click('button[type=submit]');
    assert.match(stranger.url(), /\/portal\/acme\/payouts$/);
    await stranger.goto(`${server.url}/portal/acme/payouts/pay_0000000000001`);
    assert.match(await stranger.locator('main').innerText(), /Acme Analytics/);
    assert.equal(await stranger.locator('main a').getAttribute('href'), '/portal/acme');
    await stranger.goto(`${server.url}/portal/acme`);
    await stranger.click('.who');
    await stranger.click('text=Sign out');
    assert.match(await stranger.locator('main').innerText(), /Partner portal[\s\S]*Sign in/);
    await stranger.goto(`${server.url}/sign-in?next=/portal/nobody`);
    assert.doesNotMatch(await stranger.content(), /partnerd/i);
    await stranger.context().close();
  });

  test('works without scripts, from the link to the payout', { timeout: 60_000 }, async () => {
    const page = await browser.page({ scripts: false, cookies: sessions.ann });
    await page.goto(`${server.url}/portal/acme`);
    assert.match(await page.locator('#address').inputValue(), /\/ann$/);
    await page.fill('#deep-url', 'https://elsewhere.example/');
    await page.click('text=Make the link');
    assert.match(await page.locator('#problem').innerText(), /links of this campaign lead to www\.acme\.example/);
    await page.fill('[name=url]', 'https://www.acme.example/pricing');
    await page.click('main button[type=submit]');
    assert.match(await page.locator('main').innerText(), /www\.acme\.example\/pricing/);
    assert.equal(await page.locator('svg.qr').count(), 1);
    await page.click('nav.places >> text=Payouts');
    await page.click('tbody a');
    await page.click('tbody a');
    assert.match(await page.locator('main').innerText(), /19\.80 USD|59\.40 USD|39\.60 USD|USD/);
    const csv = await page.request.get(`${server.url}/portal/acme/payouts/${ids.ann.payout}/commissions.csv`);
    assert.match(await csv.text(), /^commission,earned,campaign,kind,amount,currency\r\n(com_[^\r]*\r\n)+$/);
    await page.context().close();
  });

  test('registers deals without scripts, and tells nobody whose deal stands in the way', { timeout: 60_000 }, async () => {
    const page = await browser.page({ scripts: false, cookies: sessions.ann });
    await page.goto(`${server.url}/portal/acme`);
    await page.click('nav.places >> text=Deals');
    assert.match(await page.locator('main').innerText(), /Initech[\s\S]*Protected[\s\S]*Big Corp[\s\S]*In review[\s\S]*Hooli[\s\S]*Declined/);
    await page.click('main >> text=Register a deal');
    await page.fill('[name=company]', 'Umbrella');
    await page.fill('[name=domain]', 'gmail.com');
    await page.click('main button[type=submit]');
    assert.match(await page.locator('#problem').innerText(), /anybody can have a mailbox at gmail\.com/);
    assert.equal(await page.locator('[name=domain]').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.locator('[name=company]').inputValue(), 'Umbrella');
    await page.fill('[name=domain]', 'https://www.umbrella.example/');
    await page.click('main button[type=submit]');
    assert.match(await page.locator('main').innerText(), /Registered\.[\s\S]*Umbrella[\s\S]*Protected until[\s\S]*credited to you/);
    const [hooli] = ids.deals;
    const response = await page.goto(`${server.url}/portal/acme/deals/${hooli}`);
    assert.match(await page.locator('main').innerText(), /Another deal on this account is protected/);
    assert.ok(!(await response.text()).includes(ids.theirs));
    assert.equal((await page.request.get(`${server.url}/portal/acme/deals/${ids.theirs}`)).status(), 404);
    await page.context().close();
  });

  test('says of each sale and lead what it earned, or why it earned nothing', { timeout: 60_000 }, async () => {
    const page = await browser.page({ cookies: sessions.ann });
    await page.goto(`${server.url}/portal/acme/commissions`);
    await page.click('main >> text=All sales and leads');
    const says = await page.locator('main').innerText();
    assert.match(says, /Lead[\s\S]*No commission: the campaign pays for sales, not for leads\./);
    assert.match(says, /Sale[\s\S]*\d\.\d\d USD/);
    await page.click('tbody a:text-is("Lead")');
    assert.match(await page.locator('main').innerText(), /Why it earned nothing[\s\S]*The campaign pays for sales, not for leads\.\s+Stops here/);
    await page.goto(`${server.url}/portal/acme/events/${ids.ann.event}`);
    await page.click('main >> text=How the commission came about');
    assert.match(page.url(), /\/commissions\/com_/);
    await page.context().close();
  });

  test('never shows who a customer is', { timeout: 60_000 }, async () => {
    const page = await browser.page({ cookies: sessions.ann });
    for (const path of [...pathsOf('ann'), '/portal/acme/commissions.csv']) {
      const text = await (await page.request.get(server.url + path)).text();
      assert.doesNotMatch(text, /@mail\.example|Buyer \d|cu-\d/, path);
    }
    await page.context().close();
  });

  test("answers for another partner's things as for nothing", { timeout: 60_000 }, async () => {
    const page = await browser.page({ cookies: sessions.ann });
    const answer = async (path) => {
      const response = await page.request.get(server.url + path);
      return [response.status(), (await response.text()).replace(/req_\w+/g, '')];
    };
    for (const [section, id] of [['links', ids.eve.link], ['commissions', ids.eve.commission], ['payouts', ids.eve.payout],
      ['events', ids.eve.event]]) {
      const nothing = `${id.slice(0, 5)}${id.slice(5).replace(/./g, '0').slice(1)}1`;
      const [status, text] = await answer(`/portal/acme/${section}/${id}`);
      assert.equal(status, 404);
      assert.doesNotMatch(text, /Eve/);
      assert.equal((await answer(`/portal/acme/${section}/${nothing}`))[0], 404);
    }
    assert.equal((await answer(`/portal/acme/payouts/${ids.eve.payout}/commissions.csv`))[0], 404);
    assert.equal((await answer('/portal/bare'))[0], 404);
    assert.equal((await answer('/app/acme'))[0], 404);
    for (const path of pathsOf('ann')) assert.doesNotMatch((await answer(path))[1], /\bEve\b/, path);
    await page.context().close();
  });

  test('lets nobody set a reward or make a link for somebody else', { timeout: 30_000 }, async () => {
    const page = await browser.page({ cookies: sessions.ann });
    await page.goto(`${server.url}/portal/acme/links/new`);
    const campaign = await page.locator('[name=campaign]').inputValue();
    const csrf = await page.locator('[name=csrf]').first().inputValue();
    await page.request.post(`${server.url}/portal/acme/links`, {
      form: { csrf, campaign, slug: 'greedy', partner: ids.eve.partner, reward: '{"type":"percentage","value":"90"}' },
    });
    const link = (await api.all('/links')).find((x) => x.slug === 'greedy');
    assert.equal(link.partner, ids.ann.partner);
    assert.ok(!link.reward);
    await page.context().close();
  });
});
