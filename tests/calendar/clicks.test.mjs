// SPDX-License-Identifier: Apache-2.0
//
// Clicks that are paid for: through the redirect, the journal, the drain and the job.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const terms = { trigger: 'click', reward: { type: 'fixed', amount: 25 }, hold_days: 0 };
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

function visit(server, shortUrl, agent) {
  const url = new URL(shortUrl);
  return new Promise((resolve, reject) => {
    const ask = request({
      host: '127.0.0.1', port: server.port, path: url.pathname, headers: { host: url.host, 'user-agent': agent },
    }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    ask.on('error', reject);
    ask.end();
  });
}

onEachDatabase('clicks', (database) => {
  test('are paid by the hour, once per device and day, whenever they arrive', async () => {
    // To the fifth minute of the next hour, so that no hour ends while the visits are made.
    database.advance(`${Math.ceil((36e5 - (database.now() % 36e5)) / 1e3) + 300}s`);
    let server = await database.serve({ args: ['--jobs=no'] });
    const { api } = await server.org('acme');
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Clicks', slug: 'clicks', currency: 'USD', url: 'https://shop.example/', terms,
    }, 201);
    const { body: partner } = await api.post('/partners', {
      name: 'Bob', email: 'bob@partner.example', campaign: campaign.id,
    }, 201);
    const about = { partner: partner.id, campaign: campaign.id };
    const { body: link } = await api.post('/links', { ...about, slug: 'bob' }, 201);
    await api.post('/links', { ...about, slug: 'dear', reward: { type: 'fixed', amount: 100 } }, 201);

    const hour = new Date(Math.floor(database.now() / 36e5) * 36e5);
    for (const agent of [BROWSER, BROWSER, `${BROWSER} Other/1`, 'Googlebot/2.1', 'curl/8.0'])
      assert.equal(await visit(server, link.short_url, agent), 302);
    await api.post('/track/click', { slug: 'dear', user_agent: 'Third', occurred_at: hour.toISOString() }, 201);
    await server.stop(); // what is still in the journal is drained
    server = await database.serve({ args: ['--jobs=no'] });
    api.url = server.url;

    const later = (hours) => new Date(hour.getTime() + hours * 36e5).toISOString();
    const run = (at) => database.cli('job clicks', '--org', 'acme', '--at', at);
    const pays = async () => (await api.all('/commissions')).map((m) => m.amount).sort((a, b) => a - b);
    await run(later(0));
    assert.deepEqual(await pays(), [], 'the hour is not over');
    await run(later(2));
    assert.deepEqual(await pays(), [50, 100], 'two devices by the link, one by the link with its own reward');
    const [event] = (await api.all('/events')).filter((e) => e.external_id.startsWith('clicks/enr_'));
    assert.match(event.external_id, new RegExp(`^clicks/enr_\\w+/${later(0).slice(0, 13)}$`));
    assert.match(event.attribution.sentence, /^2 payable clicks in the hour from/);

    await api.post('/codes', { ...about, code: 'BOB10' }, 201);
    await api.post('/track/click', { code: 'bob10', user_agent: 'Fourth', occurred_at: later(0) }, 201);
    await api.post('/track/click', { slug: 'bob', user_agent: 'Third', occurred_at: later(0) }, 201);
    await server.stop();
    server = await database.serve({ args: ['--jobs=no'] });
    api.url = server.url;
    await run(later(2));
    await run(later(3));
    assert.deepEqual(await pays(), [25, 50, 100], 'what arrived late is paid, what was paid before is not');
    assert.ok((await api.all('/events')).some((e) => e.external_id === `${event.external_id}/2`));
    assert.match(await database.cli('audit'), /^audit: ok/m);
  });
});
