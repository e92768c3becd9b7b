// SPDX-License-Identifier: Apache-2.0
//
// Terms applied to the past: from the versions to the preview, approved, and read by the partner; without scripts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { overflows, NARROWEST, violationsAnyhow } from '../lib/browser.mjs';
import { openCampaign, press, says } from './campaign.mjs';

const on = openCampaign();

describe('a restatement', { timeout: 150_000 }, () => {
  test('from the versions to the posted adjustments, without scripts', async () => {
    const { api } = on.stage.acme;
    const { body: { terms } } = await api.get(`/campaigns/${on.stage.cast.campaign}/terms/1`, 200);
    await api.post(`/campaigns/${on.stage.cast.campaign}/terms`, {
      terms: { ...terms, reward: { type: 'percentage', value: '22' } },
    }, 201);
    const page = await on.browser.page({ scripts: false });
    await on.browser.signIn(page, on.stage.server, on.stage.owner);
    await page.goto(`${on.stage.server.url}${on.path}/versions`);
    await page.getByRole('link', { name: 'Apply to the past…', exact: true }).click();
    assert.match(await says(page), /never applied to the past/);

    // What is wrong is said at its field, and what was typed stays.
    await page.selectOption('select[name=version]', '2');
    await page.fill('input[name=from]', '2001-01-02');
    await page.fill('input[name=to]', '2001-01-01');
    await page.fill('textarea[name=reason]', 'agreed with everybody');
    await press(page, 'Preview');
    assert.match(await page.locator('.wrong').innerText(), /must come after from/);
    assert.equal(await page.inputValue('textarea[name=reason]'), 'agreed with everybody');
    await page.fill('input[name=from]', '');
    await page.fill('input[name=to]', '');
    await press(page, 'Preview');

    assert.match(await says(page), /Previewed/);
    assert.match(await says(page), /Nothing is posted until it is approved/);
    const { body: { data: [run] } } = await api.get('/restatements', 200);
    const { body: preview } = await api.get(`/restatements/${run.id}`, 200);
    assert.ok(preview.raised > 0 && preview.unchanged > 0 && preview.lowered === 0, JSON.stringify(preview));
    assert.match(await says(page), new RegExp(`Difference\\n\\+${(preview.totals[0].difference / 100).toFixed(2)} USD`));
    assert.equal(await page.locator('table.fold tbody tr').count(), preview.partners.length);

    await press(page, 'Post the adjustments');
    assert.match(await says(page), /Each difference is an adjustment beside its commission/);
    assert.match(await says(page), new RegExp(`Posted\\n\\+${(preview.totals[0].difference / 100).toFixed(2)} USD`));
    const { body: posted } = await api.get(`/restatements/${run.id}`, 200);
    assert.deepEqual([posted.status, posted.as_previewed, posted.totals[0].posted], ['posted', true, preview.totals[0].difference]);

    // The commission says why it is there.
    const [adjustment] = (await api.all('/events')).filter((e) => e.type === 'restated');
    const [commission] = await api.all(`/commissions?event=${adjustment.id}`);
    await page.goto(`${on.stage.server.url}/app/acme/commissions/${commission.id}`);
    assert.match(await says(page), /by version 2 of the terms, less .* as it was; .*agreed with everybody/);

    // And the sale shows both.
    await page.goto(`${on.stage.server.url}/app/acme/events/${adjustment.sale}`);
    assert.match(await says(page), /22 % of .*by version 2 of the terms|20 % of [^]*by version 2 of the terms/);
    assert.match(await on.database.cli('audit'), /^audit: ok/m);
    await page.context().close();
  });

  test('the partner reads it in the portal', async () => {
    const [adjustment] = (await on.stage.acme.api.all('/events')).filter((e) => e.type === 'restated');
    const [commission] = await on.stage.acme.api.all(`/commissions?event=${adjustment.id}`);
    const someone = { email: 'someone@partners.example', password: 'correct horse battery staple' };
    await on.database.cli('user create', { input: `${someone.password}\n` }, '--email', someone.email, '--name', 'Someone', '--password-stdin');
    await on.database.cli('member add', '--org', 'acme', '--email', someone.email, '--role', 'partner', '--partner', commission.partner);
    const page = await on.browser.page();
    await on.browser.signIn(page, on.stage.server, someone);
    await page.goto(`${on.stage.server.url}/portal/acme/commissions/${commission.id}`);
    assert.match(await says(page), /by version 2 of the terms, less .* as it was; .*agreed with everybody/);
    assert.deepEqual([...await violationsAnyhow(page), ...page.complaints], []);
    await page.context().close();
  });

  test('readable by everybody, wide and narrow; a preview can be thrown away', async () => {
    const page = await on.browser.page();
    await on.browser.signIn(page, on.stage.server, on.stage.owner);
    await page.goto(`${on.stage.server.url}${on.path}/restate?version=1`);
    assert.equal(await page.inputValue('select[name=version]'), '1');
    assert.match(await says(page), /agreed with everybody/);
    assert.deepEqual([...await violationsAnyhow(page), ...page.complaints], []);
    await page.setViewportSize(NARROWEST);
    assert.equal(await overflows(page), false);
    await page.fill('textarea[name=reason]', 'back again');
    await press(page, 'Preview');
    assert.match(await says(page), /Lowered/);
    assert.equal(await overflows(page), false);
    assert.deepEqual([...await violationsAnyhow(page), ...page.complaints], []);
    await press(page, 'Cancel the run');
    assert.match(await says(page), /canceled\. Nothing was posted/);
    assert.equal(await page.getByRole('button', { name: 'Post the adjustments' }).count(), 0);
    await page.context().close();
  });

  test('who may not see money is not shown the way, and not let in', async () => {
    const page = await on.browser.page();
    await on.browser.signIn(page, on.stage.server, on.stage.viewer);
    await page.goto(`${on.stage.server.url}${on.path}/versions`);
    assert.equal(await page.getByRole('link', { name: 'Apply to the past…' }).count(), 0);
    assert.equal((await page.goto(`${on.stage.server.url}${on.path}/restate`)).status(), 403);
    await page.context().close();
  });
});
