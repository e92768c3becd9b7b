// SPDX-License-Identifier: Apache-2.0
//
// The forms behind links that let somebody in: every field of them wrong in every way, what was
// typed and the link are still good; and of many who use a link at once, one gets in.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { formsOf } from '../lib/forms.mjs';
import { Visitor } from '../lib/visitor.mjs';

const password = 'a plain new sentence of words';
const LONG = 'x'.repeat(5000);

// [field, what is sent besides what is good]
const WRONG = {
  new: [
    ['name', { name: '' }], ['name', { name: '  ' }], ['name', { name: LONG }], ['name', { name: 'a\u0007b' }],
    ['password', { password: '' }], ['password', { password: 'short' }], ['password', { password: LONG }],
    ['password', { password: 'a\u0007bcdefgh' }], ['password', { password: 'password' }],
    ['password', { password: 'Mia Mallory' }], ['password', { password: 'mia@acme.example' }],
    ['repeat', { repeat: '' }], ['repeat', { repeat: `${password} ` }], ['repeat', { repeat: 'a\u0007b' }], ['repeat', { repeat: LONG }],
  ],
  known: [['password', { password: '' }], ['password', { password: LONG }], ['password', { password: 'a\u0007b' }],
    ['password', { password: 'wrong' }]],
};
WRONG.reset = WRONG.new.filter(([field, sent]) => field !== 'name' && !/mallory|mia@/i.test(sent.password));

onEachDatabase('links that let somebody in', (database) => {
  let server, acme, known;

  const invite = async (email, more = {}) =>
    new URL((await acme.api.post('/invitations', { email, role: 'viewer', ...more }, 201)).body.link).pathname;
  const good = (sent) => ({ name: 'Mia Mallory', password, repeat: password, ...sent });

  before(async () => {
    server = await database.serve();
    acme = await server.org('acme');
    const other = await server.org('other');
    known = await server.user(other, { email: 'zoe@other.example', name: 'Zoe' });
  }, { timeout: 60_000 });

  async function faultOf(path, field, sent) {
    const { status, text } = await new Visitor(server).ask('POST', path, good(sent));
    const [form] = formsOf(text);
    const shown = form?.fields.find(({ name }) => name === field);
    if (status !== 422) return `answered ${status}`;
    if (!shown?.invalid || !shown.message) return 'is not said at the field';
    if (!text.includes(`href="#${shown.id}"`)) return 'the alert does not lead to it';
    const echoed = form.fields.some(({ type, value }) => type === 'password' && value !== '');
    return echoed ? 'a password is sent back' : '';
  }

  for (const [kind, rows] of Object.entries(WRONG))
    test(`wrong fields of a form: ${kind}`, async () => {
      const path = kind === 'new' ? await invite('mia@acme.example') : kind === 'known' ? await invite(known.email)
        : new URL(await server.cli('user reset', '--email', known.email)).pathname;
      const faults = [];
      for (const [field, sent] of rows) {
        const fault = await faultOf(path, field, sent);
        if (fault) faults.push(`${field} ${JSON.stringify(sent).slice(0, 40)}: ${fault}`);
      }
      assert.deepEqual(faults, []);
      assert.equal((await new Visitor(server).ask('GET', path)).status, 200, 'the link is still good');
      assert.ok(!(await acme.api.get('/members', 200)).body.data.some(({ email }) => email === 'mia@acme.example'));
    });

  test('who was wrong too often is told how long it lasts, in the header and on the page alike', async () => {
    const form = { email: 'forgetful@acme.example', password: 'wrong', next: '/' };
    const send = () => fetch(`${server.url}/sign-in`, {
      method: 'POST', redirect: 'manual', body: new URLSearchParams(form), headers: { origin: server.url, accept: 'text/html' },
    });
    for (let i = 0; i < 10; i++) assert.equal((await send()).status, 422);
    const answer = await send(), page = await answer.text();
    assert.equal(answer.status, 429);
    const seconds = Number(answer.headers.get('retry-after'));
    assert.ok(seconds > 20 && seconds <= 30, `${seconds}`);
    assert.match(page, new RegExp(`Too many wrong passwords; try again in ${seconds} seconds`));
    assert.doesNotMatch(page, /in a moment/);
  });

  test('of many at once one gets in', async () => {
    const path = await invite('race@acme.example');
    const answers = await Promise.all(Array.from({ length: 8 }, (_, i) => new Visitor(server).ask('POST', path,
      good({ name: `Racer ${i}` }))));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [303, ...Array(7).fill(404)]);
    const { body: { data } } = await acme.api.get('/members', 200);
    assert.equal(data.filter(({ email }) => email === 'race@acme.example').length, 1);
  });

  test('a form of another site is not taken, and one for who is signed in needs its token', async () => {
    const zoe = await new Visitor(server).signIn(known);
    const path = await invite(known.email);
    assert.equal((await zoe.ask('POST', path, {})).status, 403);
    assert.equal((await zoe.ask('POST', path, { csrf: 'x' })).status, 403);
    const elsewhere = await fetch(server.url + path, { method: 'POST', redirect: 'manual', headers: { origin: 'https://evil.example',
      'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams(good()).toString() });
    assert.equal(elsewhere.status, 403);
    await zoe.token(path);
    assert.equal((await zoe.ask('POST', path, { csrf: zoe.csrf })).status, 303);
  });

  test('a suspended partner is not let in, nor by a link made before', async () => {
    const campaign = (await acme.api.post('/campaigns', { name: 'C', slug: 'c', currency: 'USD', url: 'https://shop.example/',
      terms: { trigger: 'sale', reward: { type: 'percentage', value: '20' } } }, 201)).body.id;
    const { body: { id } } = await acme.api.post('/partners', { name: 'Ann', email: 'ann@partners.example', campaign, status: 'approved' }, 201);
    const path = await invite('ann@partners.example', { role: 'partner', partner: id });
    await acme.api.post(`/partners/${id}/suspend`, {}, 200);
    assert.equal((await new Visitor(server).ask('GET', path)).status, 404);
    assert.equal((await new Visitor(server).ask('POST', path, good())).status, 404);
    const { body } = await acme.api.post('/invitations', { email: 'x@partners.example', role: 'partner', partner: id }, 409);
    assert.equal(body.param, '/partner');
    await acme.api.post(`/partners/${id}/reinstate`, {}, 200);
    const { status, to } = await new Visitor(server).ask('POST', path, good());
    assert.deepEqual([status, to], [303, `/portal/acme@${id}`]);

    // The same person for another partner: with the account that is there now.
    const { body: radio } = await acme.api.post('/partners', { name: 'Radio', email: 'radio@partners.example', campaign, status: 'approved' }, 201);
    const more = await invite('ann@partners.example', { role: 'partner', partner: radio.id });
    const ann = new Visitor(server);
    assert.equal((await ann.ask('POST', more, { password })).to, `/portal/acme@${radio.id}`);
    assert.match((await ann.ask('GET', `/portal/acme@${id}`)).text, /You act for/);
  });
});
