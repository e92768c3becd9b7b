// SPDX-License-Identifier: Apache-2.0
//
// Exchange rates: loaded from files, and fetched by the job from a server of our own.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { root, run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';

const history = `${root}tests/cases/fx/history.xml`;
const daily = `${root}tests/cases/fx/daily.xml`;

// Stands for the bank: answers with what is in `files`, notes what it was asked for.
async function bank(t) {
  const asked = [];
  const files = {};
  const server = createServer((request, response) => {
    asked.push(request.url);
    const answer = files[request.url];
    if (answer === undefined) response.writeHead(404).end();
    else if (answer.redirect) response.writeHead(302, { location: answer.redirect }).end();
    else response.writeHead(200, { 'content-type': 'text/xml' }).end(answer);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return { asked, files, url: `http://127.0.0.1:${server.address().port}` };
}

const day = (ago) => new Date(Date.now() - ago * 864e5).toISOString().slice(0, 10);

// So many days that no gap is left to those of history.xml.
const sinceHistory = Math.max(300, Math.ceil((Date.now() - Date.parse('2026-01-15')) / 864e5));

function rates(days, value) {
  const cubes = days.map((time) => `<Cube time='${time}'><Cube currency='USD' rate='${value}'/></Cube>`);
  return `<Envelope><Cube>${cubes.join('')}</Cube></Envelope>`;
}

onEachDatabase('exchange rates', (database) => {
  const command = (...args) => run([...args.slice(0, 2), ...database.where, ...args.slice(2)], { env: database.env });

  test('without any, that is said', async () => {
    await database.cli('org create', '--name', 'First', '--slug', 'first');
    const { status, stderr } = await command('fx', 'show');
    assert.equal(status, 1);
    assert.match(stderr, /there are no exchange rates on or before/);
  });

  test('a file is loaded once and shown by day', async () => {
    assert.match(await database.cli('fx load', '--file', history),
      /^fx: 12 rates stored, 0 known before, 3 days from 2026-01-09 to 2026-01-14$/);
    assert.match(await database.cli('fx load', '--file', history), /^fx: 0 rates stored, 12 known before/);
    assert.match(await database.cli('fx load', { input: readFileSync(daily, 'utf8') }, '--file', '-'),
      /^fx: 5 rates stored/);
    assert.equal(await database.cli('fx show', '--date', '2026-01-11'),
      '2026-01-09\tBGN\t1.9558\n2026-01-09\tEUR\t1\n2026-01-09\tJPY\t165\n2026-01-09\tUSD\t1.2');
    assert.equal(await database.cli('fx show', '--currency', 'usd'), '2026-01-15\tUSD\t1.0876');
  });

  test('what is not there or makes no sense is refused with its name', async () => {
    for (const [args, reason, code = 1] of [
      [['show', '--date', '2026-01-08'], /there are no exchange rates on or before 2026-01-08/],
      [['show', '--date', 'yesterday'], /--date is not a day/, 2],
      [['show', '--currency', 'XYZ'], /is not an ISO 4217 currency/, 2],
      [['show', '--currency', 'CHF', '--date', '2026-01-14'], /no exchange rate of CHF on or before 2026-01-14/],
    ]) {
      const { status, stderr } = await command('fx', ...args);
      assert.equal(status, code, args.join(' '));
      assert.match(stderr, reason);
    }
  });

  test('a bad file stores nothing', async () => {
    const file = join(database.dir, 'bad.xml');
    writeFileSync(file, rates(['2026-01-20', '2026-01-21'], '1.1').replace(/1\.1'(?!.*1\.1')/, "1,1'"));
    const { status, stderr } = await command('fx', 'load', '--file', file);
    assert.equal(status, 1);
    assert.match(stderr, /line 1: rate is not a positive number/);
    assert.match(await database.cli('fx show', '--currency', 'USD'), /^2026-01-15/);
  });

  test('another rate for a day that is known is said and not taken', async () => {
    const file = join(database.dir, 'other.xml');
    writeFileSync(file, rates(['2026-01-14'], '9'));
    const { status, stderr } = await command('fx', 'load', '--file', file);
    assert.equal(status, 0);
    assert.match(stderr, /1 of them differ from what is stored, which stays/);
    assert.equal(await database.cli('fx show', '--currency', 'USD', '--date', '2026-01-14'), '2026-01-14\tUSD\t1.08');
  });

  test('without an address the job fetches nothing', async () => {
    await database.cli('job fx');
  });

  test('with one it fetches the history first, and then nothing until more is out', async (t) => {
    const { asked, files, url } = await bank(t);
    files['/hist/eurofxref-hist.xml'] = rates(Array.from({ length: sinceHistory }, (_, i) => day(i)), '1.5');
    await database.cli('job fx', '--fx-url', `${url}/hist`);
    assert.deepEqual(asked, ['/hist/eurofxref-hist.xml']);
    assert.equal(await database.cli('fx show', '--currency', 'USD'), `${day(0)}\tUSD\t1.5`);
    await database.cli('job fx', '--fx-url', `${url}/hist/`);
    assert.equal(asked.length, 1);
  });

  test('a gap is closed with the file of 90 days', async (t) => {
    const { asked, files, url } = await bank(t);
    const later = new Date(Date.now() + 20 * 864e5).toISOString();
    files['/eurofxref-hist-90d.xml'] = { redirect: '/moved.xml' };
    files['/moved.xml'] = rates([day(-1), day(0), day(1)], '1.5');
    await database.cli('job fx', '--fx-url', url, '--at', later);
    assert.deepEqual(asked, ['/eurofxref-hist-90d.xml', '/moved.xml']);
    assert.match(await database.cli('fx show', '--date', '2099-01-01'), new RegExp(`^${day(-1)}\tEUR\t1$`, 'm'));
  });

  test('without a network, with a wrong answer or with no file it fails and says so', async (t) => {
    const { files, url } = await bank(t);
    const later = new Date(Date.now() + 40 * 864e5).toISOString();
    const job = (from) => command('job', 'fx', '--fx-url', from, '--at', later);
    for (const [from, reason] of [
      ['http://127.0.0.1:1/', /cannot be fetched: .*connect/],
      [url, /cannot be fetched: status 404/],
      ['http://no-such-host.invalid', /cannot be fetched/],
    ]) {
      const { status, stderr } = await job(from);
      assert.equal(status, 1);
      assert.match(stderr, reason);
    }
    files['/eurofxref-hist-90d.xml'] = '<html>Please sign in to the network</html>';
    assert.match((await job(url)).stderr, /line 1: this is not a file of reference rates/);
    files['/eurofxref-hist-90d.xml'] = { redirect: 'file:///etc/passwd' };
    assert.match((await job(url)).stderr, /cannot be fetched/);
  });

  test('an address of another kind is a wrong setting', async () => {
    const { status, stderr } = await command('fx', 'show', '--fx-url', 'ftp://example.com');
    assert.equal(status, 2);
    assert.match(stderr, /fx_url must begin with http:\/\/ or https:\/\//);
  });

  test('pages show one sum in the home currency and say by which rates', async (t) => {
    const server = await database.serve();
    t.after(() => server.stop());
    const org = await server.org('acme');
    const { email, password } = await server.user(org);
    const campaign = await org.api.post('/campaigns', { name: 'C', slug: 'c', currency: 'EUR',
      url: 'https://shop.example/', terms: { trigger: 'sale', reward: { type: 'percentage', value: '10' } } }, 201);
    const { body: partner } = await org.api.post('/partners', { name: 'Bob', email: 'bob@partner.example',
      campaign: campaign.body.id }, 201);
    for (const [id, amount, currency] of [['one', 10000, 'EUR'], ['two', 3000, 'USD'], ['three', 777, 'THB']])
      await org.api.post('/track/sale', { id, amount, currency, customer: { id }, partner: partner.id }, 201);

    const { body: { data: [rate] } } = await org.api.get('/fx/rates?currency=USD', 200);
    assert.equal(rate.rate, '1.5');
    const signIn = await fetch(`${server.url}/sign-in`, { method: 'POST', redirect: 'manual',
      body: new URLSearchParams({ email, password, next: '/app/acme' }) });
    const cookie = signIn.headers.get('set-cookie').split(';')[0];
    const page = async (path) => (await (await fetch(`${server.url}/app/acme${path}`, { headers: { cookie } })).text())
      .replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    const overview = await page('');
    // 100.00 EUR are 150.00 USD; 30.00 USD are 20.00 EUR and earn 2.00 EUR; the baht has no rate.
    for (const said of [/Referred revenue 180\.00 USD/, /Commission cost 18\.00 USD/, /In it 100\.00 EUR revenue/,
      /Also 7\.77 THB revenue, 0\.78 THB commission/, /converted at the exchange rates of \d+ \w+ \d+\./,
      /What has no exchange rate is left out/, /Together 0\.00 USD owed now, 18\.00 USD \+ 0\.78 THB maturing later/])
      assert.match(overview, said);
    assert.match(await page(`/partners/${partner.id}`), /Revenue, 30 days 180\.00 USD/);
    await database.cli('job report');
    assert.match(await page('/partners'), /180\.00 USD \+ 7\.77 THB .*at the rates of/);
  });

  test('a server fetches by itself and tells how old the newest rates are', async (t) => {
    const { asked, files, url } = await bank(t);
    database.advance('20d');
    files['/eurofxref-hist-90d.xml'] = rates([day(-19)], '1.5');
    const server = await database.serve({ env: { PARTNERD_FX_URL: url } });
    t.after(() => server.stop());
    for (let i = 0; !/partnerd_fx_age_days 1$/m.test(await metrics(server)); i++) {
      assert.ok(i < 100, await metrics(server));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.deepEqual(asked, ['/eurofxref-hist-90d.xml']);
  });

  test('days that are missing in between are said, and fetched where nothing is missing at the end', async (t) => {
    const { asked, files, url } = await bank(t);
    const said = /^partnerd: there are no exchange rates from \S+ to \S+, nor in 1 other gap: load eurofxref-hist\.xml$/m;
    const file = join(database.dir, 'december.xml');
    writeFileSync(file, rates(['2025-12-01'], '1.5'));
    assert.match((await command('fx', 'load', '--file', file)).stderr, said);
    assert.match((await command('fx', 'show', '--currency', 'USD')).stderr, said);
    files['/eurofxref-hist.xml'] = rates([day(-19)], '1.5'); // lacks them, too
    const at = `${day(-19)}T12:00:00Z`;
    const job = await command('job', 'fx', '--fx-url', url, '--at', at);
    assert.equal(job.status, 0, job.stderr);
    assert.deepEqual(asked, ['/eurofxref-hist.xml']);
    assert.match(job.stderr, /exchange rates are missing/);
    const idle = await command('job', 'fx', '--at', at); // says so even where nothing may be fetched
    assert.match(idle.stderr, /exchange rates are missing/);
  });
});

const metrics = async (server) => (await fetch(`${server.url}/metrics`)).text();
