// SPDX-License-Identifier: Apache-2.0
//
// Who was in the portal with a device and clicks on the own link with it: the sale is held. The
// device stays with its organisation and partner.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEachDatabase } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

const password = 'correct horse battery staple';
const terms = { trigger: 'sale', reward: { type: 'percentage', value: '25' }, hold_days: 30 };

onEachDatabase('self-referral', (database) => {
  let server;
  const shops = {};

  async function shop(slug) {
    const { api } = await server.org(slug);
    const campaign = (await api.post('/campaigns',
      { name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms }, 201)).body.id;
    for (const name of ['ann', 'bob']) {
      const partner = (await api.post('/partners', { name, email: `${name}@partners.example`, campaign, status: 'approved' }, 201)).body.id;
      await api.post('/links', { partner, campaign, slug: `${slug}-${name}` }, 201);
      shops[`${slug}-${name}`] = { api, partner };
    }
  }

  async function click(slug, agent) {
    const response = await fetch(`${server.url}/${slug}`, { redirect: 'manual', headers: agent ? { 'user-agent': agent } : {} });
    assert.equal(response.status, 302);
    return new URL(response.headers.get('location')).searchParams.get('click_id');
  }

  let sales = 0;
  async function buy(slug, agent) {
    const id = `in-${++sales}`;
    const { body } = await shops[slug].api.post('/track/sale', {
      id, click_id: await click(slug, agent), amount: 10000, currency: 'USD', customer: { id: `cu-${sales}` },
    }, 201);
    return body.commissions[0];
  }

  const isHeld = async (slug, agent) => (await buy(slug, agent)).status === 'held';

  before(async () => {
    server = await database.serve();
    await shop('acme');
    await shop('globex');
    await server.cli('user create', { input: `${password}\n` }, '--email', 'ann@partners.example', '--name', 'Ann Arbor', '--password-stdin');
    await server.cli('member add', '--org', 'acme', '--email', 'ann@partners.example', '--role', 'partner', '--partner', shops['acme-ann'].partner);
  }, { timeout: 120_000 });

  test('a click from the device of the portal holds the commission, and nobody else’s', async () => {
    assert.equal(await isHeld('acme-ann'), false, 'before the portal was seen');
    const ann = await new Visitor(server).signIn({ email: 'ann@partners.example', password });
    assert.equal((await ann.ask('GET', '/portal/acme')).status, 200);
    let held = false;
    for (let i = 0; i < 50 && !held; i++) {
      await sleep(100); // the note is taken beside the answer
      held = await isHeld('acme-ann');
    }
    assert.ok(held, 'the device is known');
    assert.equal(await isHeld('acme-ann', 'Mozilla/5.0 (another browser)'), false);
    assert.equal(await isHeld('acme-bob'), false, 'of another partner');
    assert.equal(await isHeld('globex-ann'), false, 'of another organisation');
    const { text } = await shops['acme-ann'].api.get(`/commissions/${(await buy('acme-ann')).id}`, 200);
    assert.match(text, /self_device/);
  });

  test('the audit judges as it was judged', async () => {
    assert.match(await database.cli('audit'), /^audit: ok /m);
  });
});
