// SPDX-License-Identifier: Apache-2.0
//
// The terms editor: a sentence is built from fields, errors stand at their fields, nothing of a
// document is lost between form and document, and publishing is a second step. Without scripts,
// with scripts, by keyboard alone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Database } from '../lib/databases.mjs';
import { NARROWEST, openBrowser, overflows, violations, violationsAnyhow } from '../lib/browser.mjs';
import { setTheStage } from './stage.mjs';

let database, browser, stage, cookies;

before(async () => {
  database = await new Database('sqlite').open();
  stage = await setTheStage(database);
  browser = await openBrowser();
  const page = await browser.signIn(await browser.page(), stage.server, stage.owner);
  cookies = await page.context().storageState();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await database?.close();
});

const says = (page) => page.locator('main').innerText();
const press = async (page, name) => page.getByRole('button', { name, exact: true }).first().click();
const field = (page, name) => page.locator(`[name="${name}"]`).last();

let made = 0;
async function campaign(terms) {
  const slug = `terms-${++made}`;
  const { body } = await stage.acme.api.post('/campaigns', {
    name: `Terms ${made}`, slug, currency: 'USD', url: 'https://acme.example/', terms,
  }, 201);
  return body.id;
}

const plain = { trigger: 'sale', reward: { type: 'percentage', value: '20' } };

async function editor(id, options = {}) {
  const page = await browser.page({ scripts: false, cookies, ...options });
  await page.goto(`${stage.server.url}/app/acme/campaigns/${id}/terms`);
  return page;
}

async function latest(id) {
  const { body } = await stage.acme.api.get(`/campaigns/${id}/terms`, 200);
  return body.data.sort((a, b) => b.version - a.version)[0];
}

describe('the terms editor without scripts', { timeout: 150_000, concurrency: 2 }, () => {
  test('builds terms from fields, shows what changes, then publishes', async () => {
    const id = await campaign(plain);
    const page = await editor(id);
    await field(page, 'reward/is').fill('25');
    await field(page, 'recurring_months/how').selectOption('renewals');
    await field(page, 'recurring_months/is').fill('12');
    await press(page, 'Add a special reward');
    await page.locator('[name="rewards/0/reward/is"]:focus').waitFor(); // given with the page's first picture
    await field(page, 'rewards/0/reward/is').fill('1,250.50');
    await field(page, 'rewards/0/reward/how').selectOption('fixed');
    await field(page, 'rewards/0/if/country').fill('de, at');
    await field(page, 'rewards/0/if/recurring').selectOption('first');
    await field(page, 'rewards/0/if/amount/from').fill('100');
    await press(page, 'Add a tier');
    await field(page, 'tiers/by').selectOption('sales');
    await field(page, 'tiers/steps/0/from').fill('10');
    await field(page, 'tiers/steps/0/reward/is').fill('30');
    await press(page, 'Add a tier');
    await press(page, 'Add a group');
    await field(page, 'groups/0/name').fill('gold');
    await field(page, 'groups/0/reward/is').fill('28');
    await press(page, 'Add a level');
    await field(page, 'chain/levels/0/percent').fill('10 %');
    await field(page, 'recruiting/percent').fill('5');
    await press(page, 'Add a limit');
    await field(page, 'caps/0/amount').fill('5000');
    await field(page, 'caps/0/period').selectOption('month');
    await field(page, 'hold_days').fill('45');
    await press(page, 'Check');
    const told = await page.locator('#says').innerText();
    for (const sentence of [/^25 % of .* for the first payment and 12 renewals\.$/m,
      /^1,250\.50 USD for customers in DE or AT and first payments and amounts from 100\.00 USD\.$/m,
      /^30 % from 10 sales in total\.$/m, /^Partners in the group gold: 28 %\.$/m,
      /^The partner 1 level above gets 10 % of the commission/m, /^Whoever recruited a partner gets 5 %/m,
      /^One partner earns at most 5,000\.00 USD in a month\.$/m, /^Commissions are due after 45 days\.$/m])
      assert.match(told, sentence);
    assert.equal((await latest(id)).version, 1, 'checking stores nothing');
    await press(page, 'Preview the changes');
    assert.match(await says(page), /Publish version 2\?/);
    assert.match(await says(page), /20 % of the amount paid[^]*25 % of the amount paid/);
    assert.match(await says(page), /Past commissions are never touched/);
    await press(page, 'Back to editing');
    assert.equal(await field(page, 'caps/0/amount').inputValue(), '5000.00');
    await press(page, 'Preview the changes');
    await press(page, 'Publish version 2');
    assert.match(await says(page), /The new version of the terms was published/);
    assert.match(await says(page), /Version 2\s+In force/i);
    assert.deepEqual((await latest(id)).terms, {
      trigger: 'sale', reward: { type: 'percentage', value: '25' }, recurring_months: 12, hold_days: 45,
      tiers: { by: 'sales', steps: [{ from: 10, reward: { type: 'percentage', value: '30' } }] },
      rewards: [{ if: { country: ['DE', 'AT'], recurring: false, amount: { from: 10000 } }, reward: { type: 'fixed', amount: 125050 } }],
      groups: { gold: { reward: { type: 'percentage', value: '28' } } },
      chain: { mode: 'on_top', compute: 'flat', levels: [{ percent: '10' }] },
      recruiting: { percent: '5' },
      caps: [{ scope: 'partner', period: 'month', amount: 500000 }],
    });
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('errors stand at their fields and in a list that has the focus', async () => {
    const page = await editor(await campaign(plain));
    await field(page, 'reward/is').fill('300');
    await field(page, 'minimum_payout').fill('12,50');
    await press(page, 'Add a limit');
    await field(page, 'caps/0/amount').fill('lots');
    await press(page, 'Preview the changes');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'problem');
    for (const [name, message] of [['reward/is', /between 0 and 100 percent/], ['minimum_payout', /an amount in USD/],
      ['caps/0/amount', /an amount in USD/]]) {
      const input = field(page, name);
      assert.equal(await input.getAttribute('aria-invalid'), 'true', name);
      const described = (await input.getAttribute('aria-describedby')).split(' ').at(-1);
      assert.match(await page.locator(`[id="${described}"]`).innerText(), message, name);
    }
    assert.equal(await field(page, 'caps/0/amount').inputValue(), 'lots', 'what was typed stays');
    await page.getByRole('link', { name: 'Limit 1, At most' }).click();
    await page.context().close();
  });

  test('rows are moved and removed', async () => {
    const page = await editor(await campaign({
      ...plain, rewards: ['a', 'b', 'c'].map((plan) => ({ if: { plan }, recurring_months: 1 })),
    }));
    await press(page, 'Move up Special reward 3');
    assert.equal(await field(page, 'rewards/1/if/plan').inputValue(), 'c');
    await press(page, 'Remove Special reward 1');
    assert.equal(await field(page, 'rewards/0/if/plan').inputValue(), 'c');
    assert.equal(await field(page, 'rewards/1/if/plan').inputValue(), 'b');
    assert.equal(await field(page, 'rewards/2/if/plan').count(), 0);
    await page.context().close();
  });

  test('the document says everything, and comes back as the form', async () => {
    const id = await campaign(plain);
    const page = await editor(id);
    await field(page, 'reward/is').fill('31');
    await press(page, 'Edit the document itself');
    const document = JSON.parse(await page.locator('#document').inputValue());
    assert.equal(document.reward.value, '31');
    document.reward.value = '33';
    await page.locator('#document').fill(JSON.stringify(document));
    await press(page, 'Back to the form');
    assert.equal(await field(page, 'reward/is').inputValue(), '33');
    await press(page, 'Edit the document itself');
    await page.locator('#document').fill('{"trigger": "sale", "reward": {"type": "percentage", "value": "400"}}');
    await press(page, 'Check');
    assert.match(await says(page), /reward\/value/, 'the path of what is wrong');
    assert.equal(await page.locator('#document').getAttribute('aria-invalid'), 'true');
    await page.locator('#document').fill('{"trigger": ');
    await press(page, 'Preview the changes');
    assert.equal(await page.locator('#document').inputValue(), '{"trigger": ');
    await page.context().close();
  });

  test('what the form has no fields for stays a document', async () => {
    const page = await editor(await campaign({
      ...plain, rewards: [{ if: { attributes: { channel: 'tv' } }, recurring_months: 3 }],
    }));
    assert.match(await says(page), /something in rewards that the form has no fields for/);
    await press(page, 'Back to the form');
    assert.match(await page.locator('#document').inputValue(), /"channel": "tv"/);
    await page.context().close();
  });

  test('a version may take effect later, by the clock of the organisation', async () => {
    const id = await campaign(plain);
    const page = await editor(id);
    await field(page, 'reward/is').fill('22');
    await press(page, 'Preview the changes');
    await page.getByLabel('Later').check();
    await press(page, 'Publish version 2');
    assert.equal(await page.locator('#date').getAttribute('aria-invalid'), 'true');
    assert.equal((await latest(id)).version, 1);
    await page.getByLabel('Later').check();
    await page.locator('#date').fill('2031-07-01');
    await page.locator('#time').fill('09:30');
    await press(page, 'Publish version 2');
    assert.match(await says(page), /Version 2\s+To come/i);
    assert.match(await says(page), /from 1 Jul 2031, 09:30/);
    assert.equal((await latest(id)).effective_at, '2031-07-01T07:30:00.000Z');
    await page.context().close();
  });

  test('the preview says what the last 90 days would have cost', async () => {
    const page = await editor(stage.cast.campaign);
    await field(page, 'reward/is').fill('40');
    await press(page, 'Preview the changes');
    const told = await page.locator('section', { hasText: 'What the last 90 days would have cost' }).innerText();
    assert.match(told, /As it was\s+[\d,]+\.\d\d USD\s+With these terms\s+[\d,]+\.\d\d USD\s+Difference\s+\+[\d,]+\.\d\d USD/);
    await page.context().close();
  });

  test('the preview judges again who is credited where the attribution changes, as a simulation does', async () => {
    const { api } = stage.acme;
    const id = await campaign(plain);
    const partner = async (name) => (await api.post('/partners',
      { name, email: `${name}@models.example`, campaign: id }, 201)).body.id;
    const [ann, bob] = [await partner('first'), await partner('last')];
    await api.put(`/partners/${ann}/override`, { campaign: id, reward: { type: 'percentage', value: '50' } }, 200);
    await api.post('/track/lead', { id: `lead-${id}`, partner: ann, customer: { id } }, 201);
    await api.post('/track/sale', { id: `sale-${id}`, partner: bob, customer: { id }, amount: 10000, currency: 'USD' }, 201);
    const terms = { ...plain, attribution: { model: 'first' } };
    const { body } = await api.post(`/campaigns/${id}/simulate`, { terms, attribution: true }, 200);
    assert.equal(body.difference, 3000);

    const page = await editor(id);
    await field(page, 'attribution/model').selectOption('first');
    await press(page, 'Preview the changes');
    const told = await page.locator('section', { hasText: 'What the last 90 days would have cost' }).innerText();
    assert.match(told, /Difference\s+\+30\.00 USD/);
    assert.match(told, /attribute otherwise than those in force today: who is credited was judged again/);
    await page.context().close();
  });

  test('nothing is published over a version that came meanwhile', async () => {
    const id = await campaign(plain);
    const page = await editor(id);
    await field(page, 'reward/is').fill('22');
    await press(page, 'Preview the changes');
    await stage.acme.api.post(`/campaigns/${id}/terms`, { terms: { ...plain, hold_days: 7 } }, 201);
    await press(page, 'Publish version 2');
    assert.match(await says(page), /Version 2 was published meanwhile/);
    assert.match(await says(page), /due after 7 days/, 'compared with what is there now');
    await press(page, 'Publish version 3');
    assert.equal((await latest(id)).version, 3);
    await page.context().close();
  });

  test('the same terms are not published again, and an old version can be the beginning', async () => {
    const id = await campaign(plain);
    await stage.acme.api.post(`/campaigns/${id}/terms`, { terms: { ...plain, hold_days: 7 } }, 201);
    const page = await editor(id);
    await press(page, 'Preview the changes');
    assert.match(await says(page), /There is nothing to publish/);
    await page.goto(`${stage.server.url}/app/acme/campaigns/${id}/versions`);
    await page.getByText('All of version 1').click();
    await page.getByRole('link', { name: 'Begin a new version with this one' }).last().click();
    assert.equal(await field(page, 'hold_days').inputValue(), '30');
    await page.context().close();
  });
});

describe('the terms editor with scripts', { timeout: 90_000 }, () => {
  test('renews its sentences while somebody types', async () => {
    const page = await editor(await campaign(plain), { scripts: true });
    await field(page, 'reward/is').fill('27.5');
    await page.locator('#says').getByText('27.5 % of').waitFor();
    await field(page, 'reward/is').fill('x');
    await page.locator('#says').getByText('The sentences come back').waitFor();
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('is done by keyboard alone', async () => {
    const id = await campaign(plain);
    const page = await editor(id, { scripts: true });
    const to = async (name) => {
      for (let i = 0; i < 120; i++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((n) => document.activeElement.name === n || document.activeElement.innerText === n, name)) return;
      }
      assert.fail(`Tab does not reach ${name}`);
    };
    await to('reward/is');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('44');
    await page.keyboard.press('Enter');
    await page.waitForURL(/draft$/);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'says', 'Enter checks');
    await to('Preview the changes');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Publish version 2?' }).waitFor();
    await to('Publish version 2');
    await page.keyboard.press('Enter');
    await page.waitForURL(/versions$/);
    assert.equal((await latest(id)).terms.reward.value, '44');
    await page.context().close();
  });

  test('has no complaints, however wide and dark it is', async () => {
    const id = await campaign({
      ...plain, recurring_months: 3,
      rewards: [{ if: { product: 'a' }, recurring_months: 1 }, { if: { plan: 'b' }, recurring_months: 2 }],
      tiers: { steps: [{ from: 100, reward: { type: 'fixed', amount: 5 } }] },
      groups: { gold: { recurring_months: 0 } }, chain: { levels: [{ percent: '5' }] },
      caps: [{ scope: 'partner', amount: 5 }], attribution: { ownership: { days: 5 } },
    });
    const page = await editor(id, { scripts: true });
    assert.deepEqual(await violationsAnyhow(page), []);
    await page.setViewportSize(NARROWEST);
    assert.equal(await overflows(page), false, 'at 320 pixels');
    await field(page, 'caps/0/amount').fill('lots');
    await press(page, 'Check');
    await page.locator('#problem').waitFor();
    assert.deepEqual(await violationsAnyhow(page), [], 'with an error');
    await press(page, 'Edit the document itself');
    await page.locator('#document').waitFor();
    assert.deepEqual(await violationsAnyhow(page), [], 'as a document');
    await page.goto(`${stage.server.url}/app/acme/campaigns/${id}/terms`);
    await page.setViewportSize(NARROWEST);
    await press(page, 'Preview the changes');
    await page.getByText('There is nothing to publish').waitFor();
    await page.goBack();
    await field(page, 'hold_days').fill('3');
    await press(page, 'Preview the changes');
    await page.getByRole('heading', { name: 'What changes' }).waitFor();
    assert.equal(await overflows(page), false, 'the preview at 320 pixels');
    assert.deepEqual(await violationsAnyhow(page), []);
    await press(page, 'Publish version 2');
    await page.waitForURL(/versions$/);
    assert.deepEqual(await violations(page), []);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
});
