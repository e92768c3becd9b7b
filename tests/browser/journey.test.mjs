// SPDX-License-Identifier: Apache-2.0
//
// What operators come for, done from the first page to the last without scripts: decide
// about a partner, look why somebody earned, pay. And what forms say when they refuse.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Database } from '../lib/databases.mjs';
import { NARROW, openBrowser, violations } from '../lib/browser.mjs';
import { setTheStage } from './stage.mjs';

let database, browser, stage;

before(async () => {
  database = await new Database('sqlite').open();
  stage = await setTheStage(database);
  browser = await openBrowser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await database?.close();
});

const says = (page) => page.locator('main').innerText();
const follow = async (page, name) => page.getByRole('link', { name, exact: true }).first().click();
const press = async (page, name) => page.getByRole('button', { name, exact: true }).first().click();

describe('operators without scripts', { timeout: 150_000 }, () => {
  test('approve, look, pay', async () => {
    const page = await browser.page({ scripts: false });
    await browser.signIn(page, stage.server, stage.owner);
    await page.goto(`${stage.server.url}/app/acme`);

    // A partner waits.
    await page.getByRole('link', { name: /1 application to decide/ }).click();
    await follow(page, 'Zoe');
    await press(page, 'Approve');
    assert.match(await says(page), /Approved\. The partner can share links now/);
    await page.reload();
    assert.doesNotMatch(await says(page), /can share links now/, 'said once');

    // Somebody earned: why?
    await follow(page, 'Commissions');
    await follow(page, 'Approved');
    await page.locator('tbody th a').first().click();
    assert.match(await says(page), /= \d+ % of [\d.]+ USD net; rule: /);
    for (const part of ['Step by step', 'Why this partner', 'In the ledger', 'Holding period'])
      assert.match(await says(page), new RegExp(part));

    // A held one is released.
    await follow(page, 'Commissions');
    await follow(page, 'Held');
    await page.locator('tbody th a').first().click();
    assert.match(await says(page), /The partner is suspended/);
    await press(page, 'Release');
    assert.match(await says(page), /Released\. It matures on its date/);

    // Pay what is owed.
    await follow(page, 'Payouts');
    await press(page, 'Make a draft');
    assert.match(await says(page), /The draft is ready/);
    await page.fill('#in-confirm', '1.00');
    await press(page, await page.locator('form[action$=approve] button').innerText());
    assert.match(await says(page), /Type the total of the run to confirm/);
    await page.fill('#in-confirm', await page.locator('#confirm-hint').innerText());
    await press(page, await page.locator('form[action$=approve] button').innerText());
    assert.match(await says(page), /Approved\. Export the file/);
    await page.locator('select[name^="status."]').first().selectOption('paid');
    await page.locator('input[name^="reference."]').first().fill('REF-1');
    await page.locator('select[name^="status."]').nth(1).selectOption('failed');
    await press(page, 'Record the results');
    assert.match(await says(page), /1 arrived, 1 failed, 0 open/);
    assert.match(await says(page), /Done/);
    assert.match(await says(page), /REF-1/);
    await page.locator('td a.strong').first().click();
    assert.match(await says(page), /Payout arrived/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('moves a partner under another, and is told at the field what is wrong', async () => {
    const page = await browser.page({ scripts: false });
    const { ann, bob, eve } = stage.cast;
    const partner = `${stage.server.url}/app/acme/partners/${bob.id}`;
    const wrong = (name) => page.locator(`[name=${name}][aria-invalid=true]`).count();
    await browser.signIn(page, stage.server, stage.owner);

    await page.goto(`${stage.server.url}/app/acme/partners/${ann.id}/edit`);
    await page.fill('[name=parent]', bob.id);
    await press(page, 'Save');
    assert.match(await says(page), /a partner cannot be above itself/);
    assert.equal(await wrong('parent'), 1);

    await page.goto(`${partner}/edit`);
    assert.equal(await page.locator('[name=parent_from]').inputValue(), '');
    await page.fill('[name=parent]', eve.id);
    for (const [when, says_] of [['2020-01-01', /must not be before now/], ['soon', /must be a time/]]) {
      await page.fill('[name=parent_from]', when);
      await press(page, 'Save');
      assert.match(await says(page), says_);
      assert.equal(await wrong('parent_from'), 1);
      assert.equal(await page.locator('[name=parent]').inputValue(), eve.id);
    }
    await page.fill('[name=parent_from]', '2099-01-01');
    await press(page, 'Save');
    assert.match(await says(page), /Partners above\s+Ann/);
    assert.match(await says(page), /Under Eve from 1 Jan 2099.*Planned/);
    await page.goto(`${partner}/edit`);
    await page.fill('[name=parent]', ann.id);
    await press(page, 'Save');
    assert.match(await says(page), /Under Ann from/);
    await page.goto(`${stage.server.url}/app/acme/partners/${ann.id}`);
    assert.match(await says(page), /This partner[\s\S]*Level 1[\s\S]*All below/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('links, codes, keys and members', async () => {
    const page = await browser.page({ scripts: false });
    const app = `${stage.server.url}/app/acme`;
    await browser.signIn(page, stage.server, stage.owner);

    await page.goto(`${app}/links/new?partner=${stage.cast.ann.id}`);
    await page.fill('[name=slug]', 'ann');
    await press(page, 'Create the link');
    assert.equal(await page.locator('[name=slug]').getAttribute('aria-invalid'), 'true');
    await page.fill('[name=slug]', 'ann-two');
    await press(page, 'Create the link');
    assert.match(await page.locator('#url').inputValue(), /ann-two$/);

    await page.goto(`${app}/settings/keys`);
    await page.fill('[name=name]', 'shop');
    await press(page, 'Make the key');
    const key = await page.locator('#secret').inputValue();
    assert.equal((await stage.server.api(key).get('/partners')).status, 200);
    await page.goto(`${app}/settings/keys`);
    assert.doesNotMatch(await page.content(), new RegExp(key), 'shown once');
    await press(page, 'Revoke shop');
    assert.equal((await stage.server.api(key).get('/partners')).status, 401);

    await page.goto(`${app}/settings/team`);
    await page.locator('select[name=email]').selectOption(stage.viewer.email);
    await page.locator('#in-form-role').selectOption('manager');
    await press(page, 'Save the member');
    assert.match(await says(page), /The member was saved/);
    await page.context().close();
  });
});

describe('operators with a keyboard and scripts', { timeout: 90_000 }, () => {
  test('skip to the content, search with "/", go with "g"', async () => {
    const page = await browser.page();
    await browser.signIn(page, stage.server, stage.owner);
    await page.goto(`${stage.server.url}/app/acme/partners`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
    await page.keyboard.press('/');
    await page.keyboard.type('bob');
    await page.keyboard.press('Enter');
    await page.waitForURL(/search/);
    await page.goto(`${stage.server.url}/app/acme/search?q=in-3`);
    assert.match(page.url(), /\/events\/evt_/, 'one result leads straight to it');
    await page.locator('h1').click();
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL(/commissions$/);
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });

  test('menus open and are readable on a phone', async () => {
    const page = await browser.page({ size: NARROW, dark: true });
    await browser.signIn(page, stage.server, stage.owner);
    await page.goto(`${stage.server.url}/app/acme/partners`);
    for (const menu of ['nav', 'orgs', 'me']) {
      await page.locator(`[popovertarget=${menu}]`).click();
      assert.deepEqual(await violations(page), [], menu);
      await page.keyboard.press('Escape');
    }
    await page.locator('[popovertarget=orgs]').click();
    await follow(page, 'Bare Bones');
    await page.waitForURL(/\/app\/bare$/);
    await page.context().close();
  });

  test('what is downloaded is what is shown', async () => {
    const page = await browser.page();
    await browser.signIn(page, stage.server, stage.owner);
    const answer = await page.request.get(`${stage.server.url}/app/acme/partners.csv?status=approved`);
    const rows = (await answer.text()).trim().split('\r\n');
    assert.match(rows[0], /^id,email,name/);
    assert.ok(rows.slice(1).every((row) => row.includes(',approved,')), rows.join('\n'));
    await page.context().close();
  });
});
