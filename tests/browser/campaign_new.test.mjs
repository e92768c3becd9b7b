// SPDX-License-Identifier: Apache-2.0
//
// A new campaign with its first terms, from plain fields: what is refused comes back at its field
// with all that was typed, and what is taken is the document the API would have been sent.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NARROWEST, overflows, violationsAnyhow } from '../lib/browser.mjs';
import { openCampaign, press, says } from './campaign.mjs';

const on = openCampaign();

describe('a new campaign', { timeout: 150_000 }, () => {
  const field = (page, name) => page.locator(`[name="${name}"]`).last();

  async function open(options) {
    const page = await on.browser.page(options);
    await on.browser.signIn(page, on.stage.server, on.stage.owner);
    await page.goto(`${on.stage.server.url}/app/acme/campaigns/new`);
    return page;
  }

  async function about(page, slug) {
    await field(page, 'name').fill(`Campaign ${slug}`);
    await field(page, 'slug').fill(slug);
    await field(page, 'url').fill('https://acme.example/');
  }

  async function termsOf(page) {
    const id = /cmp_[0-9a-z]+/.exec(page.url())[0];
    return (await on.stage.acme.api.get(`/campaigns/${id}/terms/1`, 200)).body.terms;
  }

  test('what stands in the fields already is enough, without scripts', async () => {
    const page = await open({ scripts: false });
    await about(page, 'usual');
    await press(page, 'Create the campaign');
    assert.match(await says(page), /20 % of the amount paid[^]*for the first payment and 12 renewals\./);
    // What a document means that leaves it out is not stored: 30 days of holding, 90 of a contact.
    assert.deepEqual(await termsOf(page), { trigger: 'sale', reward: { type: 'percentage', value: '20' }, recurring_months: 12 });
    assert.deepEqual(page.complaints, []);
  });

  test('a refusal keeps what was typed, and says what is wrong where it stands', async () => {
    const page = await open({ size: NARROWEST });
    await about(page, 'leads');
    await field(page, 'currency').fill('EUR');
    await field(page, 'trigger').selectOption('lead');
    await field(page, 'reward/how').selectOption('fixed');
    await field(page, 'reward/is').fill('12,50');
    await field(page, 'recurring_months/how').selectOption('first');
    await field(page, 'hold_days').fill('soon');
    await field(page, 'attribution/cookie_days').fill('30');
    await field(page, 'minimum_payout').fill('1,000');
    await press(page, 'Create the campaign');
    assert.match(await page.locator('#problem').innerText(), /^Reward: must be an amount in EUR/);
    assert.equal(await page.locator('#problem a').getAttribute('href'), '#t-reward');
    assert.match(await page.locator('#t-reward-wrong').innerText(), /must be an amount in EUR/);
    assert.match(await page.locator('#t-hold_days-wrong').innerText(), /must be a whole number/);
    for (const [name, value] of [['name', 'Campaign leads'], ['currency', 'EUR'], ['trigger', 'lead'], ['reward/how', 'fixed'],
      ['reward/is', '12,50'], ['recurring_months/how', 'first'], ['hold_days', 'soon'], ['attribution/cookie_days', '30'],
      ['minimum_payout', '1,000']])
      assert.equal(await field(page, name).inputValue(), value, name);
    assert.equal(await overflows(page), false);
    assert.deepEqual(await violationsAnyhow(page), []);
    await field(page, 'reward/is').fill('12.50');
    await field(page, 'hold_days').fill('14');
    await press(page, 'Create the campaign');
    assert.deepEqual(await termsOf(page), {
      trigger: 'lead', reward: { type: 'fixed', amount: 1250 }, hold_days: 14, minimum_payout: 100000,
      attribution: { cookie_days: 30 },
    });
    assert.deepEqual(page.complaints, []);
  });
});
