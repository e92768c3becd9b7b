// SPDX-License-Identifier: Apache-2.0
//
// Clicks from networks behind which anybody may be: recorded, they lead where they should, and are
// not paid for by themselves.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

onEachDatabase('anonymisers', (database) => {
  let server, api, start;

  before(async () => {
    const file = join(database.dir, 'anonymisers');
    writeFileSync(file, '# exits\n198.51.100.0/24\n2001:db8::/32 # a hall\n');
    start = async () => {
      server = await database.serve({ args: ['--anonymisers', file] });
      if (api) api.url = server.url;
    };
    await start();
    api = (await server.org('acme')).api;
  });

  async function campaign(slug, terms) {
    const { body } = await api.post('/campaigns', { name: slug, slug, currency: 'USD', url: 'https://shop.example/', terms }, 201);
    const partner = await api.post('/partners', { name: slug, email: `${slug}@partner.example`, campaign: body.id }, 201);
    await api.post('/links', { partner: partner.body.id, campaign: body.id, slug }, 201);
    return partner.body.id;
  }

  const click = async (slug, ip) =>
    (await api.post('/track/click', { slug, ip, user_agent: BROWSER }, 201)).body.click_id;

  test('are not paid by the click', async () => {
    const partner = await campaign('clicks', { trigger: 'click', reward: { type: 'fixed', amount: 25 }, hold_days: 0 });
    for (const ip of ['203.0.113.7', '198.51.100.7', '2001:db8::7', '203.0.113.8']) await click('clicks', ip);
    await server.stop(); // what is still in the journal is drained
    await database.pass('2h');
    await database.cli('job clicks');
    await start();
    const paid = (await api.all('/commissions')).filter((m) => m.partner === partner);
    assert.equal(paid.reduce((sum, m) => sum + m.amount, 0), 50, 'two of four');
  });

  test('bring customers as any click does', async () => {
    const partner = await campaign('sales', { trigger: 'sale', reward: { type: 'percentage', value: '20' } });
    const { body } = await api.post('/track/sale', {
      id: 'one', customer: { id: 'eve' }, click_id: await click('sales', '198.51.100.7'), amount: 10000, currency: 'USD',
    }, 201);
    assert.deepEqual(body.commissions.map((m) => [m.partner, m.amount]), [[partner, 2000]]);
  });

  test('a file that cannot be read is named at the start', async () => {
    const file = join(database.dir, 'wrong');
    writeFileSync(file, '198.51.100.7\nexit.example\n');
    for (const [path, why] of [[file, /line 2: "exit\.example"/], [join(database.dir, 'none'), /none: No such file/]]) {
      const { status, stderr } = await run(['serve', '--data', join(database.dir, 'fresh'), '--listen', '127.0.0.1:0', '--anonymisers', path]);
      assert.equal(status, 1);
      assert.match(stderr, why);
    }
  });
});
