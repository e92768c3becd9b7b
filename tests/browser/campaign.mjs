// SPDX-License-Identifier: Apache-2.0
//
// The beginning of tests of one campaign's pages: the stage and a browser, before and after them all.
//
//   const on = openCampaign();
//   … await on.browser.page(), on.stage.server, on.path
import { after, before } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { Database } from '../lib/databases.mjs';
import { setTheStage } from './stage.mjs';

export const says = (page) => page.locator('main').innerText();
export const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

export function openCampaign() {
  const on = {};

  before(async () => {
    on.database = await new Database('sqlite').open();
    on.stage = await setTheStage(on.database);
    on.browser = await openBrowser();
    on.path = `/app/acme/campaigns/${on.stage.cast.campaign}`;
  }, { timeout: 120_000 });

  after(async () => {
    await on.browser?.close();
    await on.database?.close();
  });
  return on;
}
