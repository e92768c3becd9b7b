// SPDX-License-Identifier: Apache-2.0
//
// Other terms, tried on what has happened: without scripts, on a phone, as CSV, and not for everybody.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { overflows, NARROWEST, violationsAnyhow } from '../lib/browser.mjs';
import { openCampaign, press, says } from './campaign.mjs';

const on = openCampaign();
const fixed = JSON.stringify({ trigger: 'sale', reward: { type: 'fixed', amount: 1000 } });

describe('what if', { timeout: 150_000 }, () => {
  test('from the campaign to winners and losers, without scripts', async () => {
    const page = await on.browser.page({ scripts: false });
    await on.browser.signIn(page, on.stage.server, on.stage.owner);
    await page.goto(on.stage.server.url + on.path);
    await page.getByRole('link', { name: 'What if', exact: true }).click();
    assert.match(await page.inputValue('textarea'), /"trigger": "sale"/);

    // The same terms change nothing.
    await press(page, 'Show what it would have cost');
    assert.match(await says(page), /0 events would earn more, 0 less, \d+ the same\./);
    assert.match(await says(page), /Difference\n0\.00 USD/);

    // 10.00 for each sale.
    await page.fill('textarea', fixed);
    await press(page, 'Show what it would have cost');
    const { body } = await on.stage.acme.api.post(`/campaigns/${on.stage.cast.campaign}/simulate`, { terms: JSON.parse(fixed) }, 200);
    assert.ok(body.new.earned > 0 && body.new.earned % 1000 === 0);
    assert.match(await says(page), new RegExp(`Cost by these terms\\n${(body.new.cost / 100).toFixed(2)} USD`));
    assert.equal(await page.inputValue('textarea'), fixed, 'what was typed is still there');
    assert.equal(await page.locator('svg.chart rect.bar').count(), body.months.length);
    assert.ok(await page.locator('table.fold tbody tr').count() >= 3);
    await page.context().close();
  });

  test('readable by everybody with a result, wide and narrow, light and dark', async () => {
    const page = await on.browser.page();
    await on.browser.signIn(page, on.stage.server, on.stage.owner);
    await page.goto(`${on.stage.server.url}${on.path}/what-if`);
    await page.fill('textarea', fixed);
    await page.getByLabel('Show every attribution model side by side').check();
    await press(page, 'Show what it would have cost');
    assert.match(await says(page), /Attribution models side by side/);
    assert.ok(await page.getByLabel('Show every attribution model side by side').isChecked(), 'what was ticked is still ticked');
    assert.deepEqual([...await violationsAnyhow(page), ...page.complaints], []);
    await page.setViewportSize(NARROWEST);
    assert.equal(await overflows(page), false);
    await page.context().close();
  });

  test('as CSV', async () => {
    const page = await on.browser.page();
    await on.browser.signIn(page, on.stage.server, on.stage.owner);
    await page.goto(`${on.stage.server.url}${on.path}/what-if`);
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download as CSV')]);
    assert.equal(download.suggestedFilename(), 'what-if-affiliates.csv');
    assert.match(readFileSync(await download.path(), 'utf8'),
      /^partner,name,currency,old,new,difference\r\nprt_\w+,Ann,USD,/);
    await page.context().close();
  });

  test('what is wrong is said at its field, and stays', async () => {
    const page = await on.browser.page({ scripts: false });
    await on.browser.signIn(page, on.stage.server, on.stage.owner);
    await page.goto(`${on.stage.server.url}${on.path}/what-if`);
    await page.fill('textarea', '{"trigger":"sale","reward":{"type":"percentage","value":"500"}}');
    await press(page, 'Show what it would have cost');
    assert.match(await page.locator('.wrong').innerText(), /reward/);
    assert.match(await page.inputValue('textarea'), /500/);
    await page.fill('textarea', fixed);
    await page.fill('input[name=compare]', '77');
    await press(page, 'Show what it would have cost');
    assert.match(await says(page), /no version 77/);
    await page.context().close();
  });

  test('who may not see money is not shown the way, and not let in', async () => {
    const page = await on.browser.page();
    await on.browser.signIn(page, on.stage.server, on.stage.viewer);
    await page.goto(on.stage.server.url + on.path);
    assert.equal(await page.getByRole('link', { name: 'What if' }).count(), 0);
    assert.equal((await page.goto(`${on.stage.server.url}${on.path}/what-if`)).status(), 403);
    await page.context().close();
  });
});
