// SPDX-License-Identifier: Apache-2.0
//
// How people get in and stay in, without scripts: their own account.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser } from '../lib/browser.mjs';
import { Database } from '../lib/databases.mjs';

const another = 'a plain new sentence of words';

let database, browser, server, acme;

before(async () => {
  database = await new Database('sqlite').open();
  server = await database.serve();
  acme = await server.org('acme', { name: 'Acme Analytics' });
  browser = await openBrowser();
}, { timeout: 120_000 });

after(async () => {
  await browser?.close();
  await database?.close();
});

const says = (page) => page.locator('main').innerText();
const press = async (page, name) => page.getByRole('button', { name, exact: true }).first().click();
const visitor = () => browser.page({ scripts: false });

async function changePassword(page, current, password, repeat = password) {
  await page.fill('[name=current]', current);
  await page.fill('[name=password]', password);
  await page.fill('[name=repeat]', repeat);
  await press(page, 'Change the password');
}

describe('the own account', { timeout: 150_000 }, () => {
  test('a new name and a new password; who was signed in elsewhere is out', async () => {
    const olga = await server.user(acme, { email: 'olga@acme.example', name: 'Olga' });
    const here = await browser.signIn(await visitor(), server, olga);
    const there = await browser.signIn(await visitor(), server, olga);
    await here.goto(`${server.url}/app/acme`);
    await here.goto(`${server.url}/account`);
    await here.fill('[name=name]', ' ');
    await press(here, 'Save the name');
    assert.match(await says(here), /The name must have 1 to 120 characters/);
    await here.fill('[name=name]', 'Olga Owner');
    await press(here, 'Save the name');
    assert.match(await says(here), /The name was saved/);

    for (const [current, password, repeat, field, message] of [
      ['wrong', another, another, 'current', /not your present password/],
      [olga.password, 'short', 'short', 'password', /less than 8 characters/],
      [olga.password, 'olgaowner', 'olgaowner', 'password', /is the name/],
      [olga.password, 'olga@acme.example', 'olga@acme.example', 'password', /is the e-mail address/],
      [olga.password, olga.password, olga.password, 'password', /that you have already/],
      [olga.password, another, `${another}.`, 'repeat', /not the same/],
    ]) {
      await changePassword(here, current, password, repeat);
      assert.match(await says(here), message);
      assert.equal(await here.locator(`[name=${field}]`).getAttribute('aria-invalid'), 'true');
      assert.equal(await here.locator('[type=password]').evaluateAll((all) => all.map((e) => e.value).join('')), '', 'not sent back');
    }
    await changePassword(here, olga.password, another);
    assert.match(await says(here), /The password was changed/);
    assert.match(await says(here), /Olga Owner|This one/);
    await there.goto(`${server.url}/app/acme`);
    assert.match(there.url(), /sign-in/, 'the other one is out');
    await there.fill('#email', olga.email);
    await there.fill('#password', olga.password);
    await press(there, 'Sign in');
    assert.match(await says(there), /wrong/);
    await browser.signIn(there, server, { ...olga, password: another });
    assert.deepEqual([...here.complaints, ...there.complaints], []);

    // The list, and its end.
    await here.goto(`${server.url}/account`);
    assert.equal(await here.locator('tbody tr').count(), 2);
    assert.match(await says(here), /Chrom\w+ on Linux/);
    await here.getByRole('button', { name: /^Sign out / }).first().click();
    assert.match(await says(here), /Signed out there/);
    await there.goto(`${server.url}/account`);
    assert.match(there.url(), /sign-in/);
    await browser.signIn(there, server, { ...olga, password: another });
    await here.goto(`${server.url}/account`);
    await press(here, 'Sign out everywhere else');
    assert.equal(await here.locator('tbody tr').count(), 1);
    await there.goto(`${server.url}/account`);
    assert.match(there.url(), /sign-in/);
    await here.context().close();
    await there.context().close();
  });

  test('guessing the present password is stopped, as at signing in', async () => {
    const page = await browser.signIn(await visitor(), server, await server.user(acme, { email: 'gus@acme.example', name: 'Gus' }));
    await page.goto(`${server.url}/account`);
    for (let i = 0; i < 10; i++) await changePassword(page, `wrong ${i}`, another);
    await changePassword(page, 'wrong again', another);
    assert.match(await says(page), /Too many wrong passwords/);
    await page.context().close();
  });
});
