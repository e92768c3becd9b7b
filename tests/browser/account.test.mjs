// SPDX-License-Identifier: Apache-2.0
//
// How people get in and stay in, without scripts: an invitation, the own account, a forgotten
// password.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openBrowser, violationsAnyhow } from '../lib/browser.mjs';
import { Database } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

const another = 'a plain new sentence of words';

let database, browser, server, acme, owner;

before(async () => {
  database = await new Database('sqlite').open();
  server = await database.serve();
  acme = await server.org('acme', { name: 'Acme Analytics' });
  owner = await server.user(acme, { email: 'owner@acme.example', name: 'Odette' });
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

const linkOf = (page) => page.locator('#link').inputValue();
const DEAD = /This link does not work any more/;

async function invite(page, email, role) {
  await page.goto(`${server.url}/app/acme/settings/team`);
  await page.fill('[name=email]', email);
  if (role) await page.locator('#in-invite-role').selectOption(role);
  await press(page, 'Make the invitation');
  return linkOf(page);
}

async function fillIn(page, fields) {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value);
  await page.locator('main form button').click();
}

describe('invitations', { timeout: 200_000 }, () => {
  let olga;

  before(async () => {
    // With scripts, as axe is one; the rest goes without.
    olga = await browser.signIn(await browser.page(), server, owner);
  });

  test('invited, joined, another password: the old session is out', async () => {
    const link = await invite(olga, 'mia@acme.example', 'manager');
    assert.match(link, /\/invite\/[\w-]{43}$/);
    assert.deepEqual(await violationsAnyhow(olga), []);
    await olga.goto(`${server.url}/app/acme/settings/team`);
    assert.match(await says(olga), /mia@acme\.example\s+Manager/);
    assert.doesNotMatch(await olga.content(), new RegExp(link.slice(-43)), 'shown once');

    const mia = await browser.page();
    const answers = [];
    mia.on('response', (response) => answers.push(response));
    await mia.goto(link);
    await mia.goto(link); // looking uses nothing up
    assert.deepEqual(await violationsAnyhow(mia), []);
    assert.equal((await answers[0].allHeaders())['referrer-policy'], 'same-origin');
    assert.equal((await answers[0].allHeaders())['x-robots-tag'], 'noindex');
    assert.ok(answers.every((response) => response.url().startsWith(server.url)), 'nothing from elsewhere');
    assert.match(await says(mia), /Join Acme Analytics[^]*role manager[^]*mia@acme\.example/);
    await fillIn(mia, { name: 'Mia Manager', password: 'miamanager', repeat: 'miamanager' });
    assert.match(await says(mia), /The password is the name/);
    assert.equal(await mia.locator('[name=name]').inputValue(), 'Mia Manager');
    assert.equal(await mia.locator('[name=password]').getAttribute('aria-invalid'), 'true');
    await fillIn(mia, { password: 'what mia chose first', repeat: 'what mia chose first' });
    assert.equal(mia.url(), `${server.url}/app/acme`);

    const stranger = await visitor();
    assert.equal((await stranger.goto(link)).status(), 404);
    assert.match(await says(stranger), DEAD);
    const late = await browser.signIn(await visitor(), server, { email: 'mia@acme.example', password: 'what mia chose first' });
    await late.goto(`${server.url}/account`);
    await changePassword(late, 'what mia chose first', another);
    await mia.goto(`${server.url}/app/acme`);
    assert.match(mia.url(), /sign-in/, 'the old session is out');
    assert.deepEqual([...olga.complaints, ...mia.complaints, ...late.complaints], []);
  });

  test('expired, used, withdrawn, replaced and nonsense look the same', async () => {
    const page = await visitor();
    const body = async (link) => {
      const response = await page.goto(link);
      assert.equal(response.status(), 404, link);
      return says(page);
    };
    const replaced = await invite(olga, 'ivy@acme.example');
    await olga.goto(`${server.url}/app/acme/settings/team`);
    await press(olga, 'New link for ivy@acme.example');
    const withdrawn = await linkOf(olga);
    const said = await body(replaced);
    assert.match(said, DEAD);
    assert.equal((await page.goto(withdrawn)).status(), 200);
    await olga.goto(`${server.url}/app/acme/settings/team`);
    await press(olga, 'Withdraw the invitation of ivy@acme.example');
    assert.match(await says(olga), /The invitation was withdrawn/);
    for (const link of [withdrawn, `${server.url}/invite/${'A'.repeat(43)}`, `${server.url}/invite/x`, `${server.url}/reset/x`])
      assert.equal(await body(link), said, link);
    const posted = await new Visitor(server).ask('POST', new URL(withdrawn).pathname,
      { name: 'Ivy', password: another, repeat: another });
    assert.equal(posted.status, 404);
    assert.match(posted.text, DEAD);
  });

  test('two open the same link at once: one gets in', async () => {
    const path = new URL(await invite(olga, 'race@acme.example')).pathname;
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => new Visitor(server).ask('POST', path,
      { name: `Racer ${i}`, password: `${another} ${i}`, repeat: `${another} ${i}` })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 404, 404, 404, 404, 404]);
    const { body: { data } } = await acme.api.get('/members', 200);
    assert.equal(data.filter(({ email }) => email === 'race@acme.example').length, 1);
  });

  test('who has an account joins with its password, or with a press when signed in', async () => {
    const other = await server.org('other');
    const zoe = await server.user(other, { email: 'zoe@other.example', name: 'Zoe' });
    const link = await invite(olga, zoe.email, 'viewer');
    const page = await visitor();
    await page.goto(link);
    assert.equal(await page.locator('[name=name]').count(), 0);
    await fillIn(page, { password: 'a wrong one' });
    assert.match(await says(page), /not the password of your account/);
    await fillIn(page, { password: zoe.password });
    assert.equal(page.url(), `${server.url}/app/acme`);
    await server.cli('member remove', '--org', 'acme', '--email', zoe.email);

    const again = await invite(olga, zoe.email, 'viewer');
    const before_ = (await page.context().cookies())[0].value;
    await page.goto(again);
    assert.match(await says(page), /You are signed in as zoe@other\.example/);
    await press(page, 'Join Acme Analytics');
    assert.equal(page.url(), `${server.url}/app/acme`);
    assert.notEqual((await page.context().cookies()).find(({ name }) => name === 'sid').value, before_, 'a new session');

    // Somebody else's browser.
    await server.cli('member remove', '--org', 'acme', '--email', zoe.email);
    const third = await invite(olga, zoe.email, 'viewer');
    await olga.goto(third);
    assert.match(await says(olga), /You are signed in as Odette, and will be as zoe@other\.example/);
    olga = await browser.signIn(await browser.page(), server, owner);
  });

  test('an admin is not offered the owner, and gets none by another way', async () => {
    const person = await server.user(acme, { email: 'admin@acme.example', name: 'Ada', role: 'admin' });
    const page = await browser.signIn(await visitor(), server, person);
    await page.goto(`${server.url}/app/acme/settings/team`);
    assert.deepEqual(await page.locator('#in-invite-role option').allInnerTexts(), ['Viewer', 'Manager', 'Admin']);
    const ada = await (await new Visitor(server).signIn(person)).token('/app/acme/settings/team');
    const { status } = await ada.ask('POST', '/app/acme/settings/invitations', { csrf: ada.csrf, email: 'x@y.example', role: 'owner' });
    assert.equal(status, 403);
    const [odette] = (await acme.api.get('/members', 200)).body.data.filter(({ email }) => email === owner.email);
    const reset = await ada.ask('POST', `/app/acme/settings/team/${odette.user}/reset`, { csrf: ada.csrf });
    assert.equal(reset.status, 403);
    assert.equal(await page.getByRole('button', { name: 'New password for Odette' }).count(), 0);
  });

  test('a partner is invited from its page, sees its portal, and nothing when it was suspended before', async () => {
    const campaign = (await acme.api.post('/campaigns', { name: 'Spring', slug: 'spring', currency: 'USD', url: 'https://shop.example/',
      terms: { trigger: 'sale', reward: { type: 'percentage', value: '20' } } }, 201)).body.id;
    const { body: ann } = await acme.api.post('/partners', { name: 'Ann', email: 'ann@partners.example', campaign, status: 'approved' }, 201);
    await olga.goto(`${server.url}/app/acme/partners/${ann.id}`);
    assert.equal(await olga.locator('#in-invite-email').inputValue(), 'ann@partners.example');
    await press(olga, 'Invite to the portal');
    const link = await linkOf(olga);
    await olga.goto(`${server.url}/app/acme/partners/${ann.id}`);
    assert.deepEqual(await violationsAnyhow(olga), []);
    const page = await visitor();
    await acme.api.post(`/partners/${ann.id}/suspend`, {}, 200);
    assert.equal((await page.goto(link)).status(), 404);
    await acme.api.post(`/partners/${ann.id}/reinstate`, {}, 200);
    await page.goto(link);
    assert.doesNotMatch(await page.content(), /partnerd<\/p>/, 'the brand alone');
    await fillIn(page, { name: 'Ann Arbor', password: another, repeat: another });
    assert.equal(page.url(), `${server.url}/portal/acme@${ann.id}`);
    await page.goto(`${server.url}/portal/acme/account`);
    await changePassword(page, 'wrong', `${another}!`);
    assert.match(await says(page), /not your present password/);
    await changePassword(page, another, `${another}!`);
    assert.match(await says(page), /The password was changed/);
    await olga.goto(`${server.url}/app/acme/partners/${ann.id}`);
    assert.match(await says(olga), /Ann Arbor\s+ann@partners\.example/);
  });

  test('a forgotten password: a link of the owner, or of whoever runs the server', async () => {
    const vic = await server.user(acme, { email: 'vic@acme.example', name: 'Vic', role: 'viewer' });
    const page = await browser.signIn(await visitor(), server, vic);
    await olga.goto(`${server.url}/app/acme/settings/team`);
    await press(olga, 'New password for Vic');
    const link = await linkOf(olga);
    assert.deepEqual(await violationsAnyhow(olga), []);
    const fresh = await browser.page();
    await fresh.goto(link);
    assert.deepEqual(await violationsAnyhow(fresh), []);
    await fillIn(fresh, { password: 'short', repeat: 'short' });
    assert.match(await says(fresh), /less than 8 characters/);
    await fillIn(fresh, { password: another, repeat: another });
    assert.equal(fresh.url(), `${server.url}/app/acme`);
    await page.goto(`${server.url}/app/acme`);
    assert.match(page.url(), /sign-in/, 'all sessions ended');
    assert.equal((await fresh.goto(link)).status(), 404);
    const { body: { data } } = await acme.api.get('/audit', 200);
    assert.ok(data.some(({ action, target }) => action === 'user.reset_link' && target === vic.id));

    const of = await server.cli('user reset', '--email', owner.email);
    assert.match(of, new RegExp(`^${server.url}/reset/[\\w-]{43}$`));
    const invited = await server.cli('member invite', '--org', 'acme', '--email', 'cli@acme.example', '--role', 'owner');
    assert.equal((await page.goto(invited)).status(), 200);
    await page.goto(of);
    await fillIn(page, { password: another, repeat: another });
    assert.equal(page.url(), `${server.url}/app/acme`);
    await olga.goto(`${server.url}/app/acme`);
    assert.match(olga.url(), /sign-in/);
  });
});
