// SPDX-License-Identifier: Apache-2.0
//
// Chains: everybody sees its own subtree and nothing above, beside or, but for sums, far below it; by pages
// and by the API, whatever is written into the address.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

const password = 'correct horse battery staple';

//   zoe
//   ├── ann ── bob ── sub ── low        each sold 100.00 once; ann's was moved from eve to zoe
//   └── eve
const TREE = [['zoe'], ['eve', 'zoe'], ['ann', 'eve'], ['bob', 'ann'], ['sub', 'bob'], ['low', 'sub']];
const NAMES = TREE.map(([name]) => `Partner-${name}`);

onEachDatabase('teams', (database) => {
  let server, org, other;
  const partners = {};

  const text = (html) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
  const team = async (name) => (await org.api.get(`/partners/${partners[name]}/team`, 200)).body;

  async function actFor(name) {
    const email = `${name}@people.example`;
    await server.cli('user create', { input: `${password}\n` }, '--email', email, '--name', 'Somebody', '--password-stdin');
    await server.cli('member add', '--org', 'acme', '--email', email, '--role', 'partner', '--partner', partners[name]);
    return new Visitor(server).signIn({ email, password });
  }

  test('there is a tree with a move in it', async () => {
    server = await database.serve();
    org = await server.org('acme');
    other = await server.org('other');
    const { body: campaign } = await org.api.post('/campaigns', { name: 'Main', slug: 'main', currency: 'USD',
      url: 'https://shop.example/', terms: { trigger: 'sale', reward: { type: 'percentage', value: '10' },
        chain: { levels: [{ percent: '10' }, { percent: '5' }] } } }, 201);
    for (const [name, parent] of TREE) {
      partners[name] = (await org.api.post('/partners', { name: `Partner-${name}`, email: `${name}@partner.example`,
        campaign: campaign.id, parent: partners[parent] }, 201)).body.id;
    }
    for (const [name] of TREE) {
      await org.api.post('/track/sale', { id: name, partner: partners[name], amount: 10000, currency: 'USD',
        customer: { id: name } }, 201);
    }
    database.advance('1d');
    await org.api.patch(`/partners/${partners.ann}`, { parent: partners.zoe }, 200);
  });

  test('the API adds up own, team and each level, and tells all moves', async () => {
    const usd = (n) => [{ currency: 'USD', sales: n, revenue: n * 10000, month_revenue: n * 10000 }];
    const zoe = await team('zoe');
    for (const list of [zoe.own, zoe.together, ...zoe.levels.map((l) => l.volumes)])
      for (const volume of list) volume.month_revenue = volume.revenue; // a day ago may be last month
    assert.deepEqual(zoe, {
      object: 'team', partner: partners.zoe, above: [], partners: 5, complete: true, own: usd(1), together: usd(5),
      levels: [{ level: 1, partners: 2, volumes: usd(2) }, { level: 2, partners: 1, volumes: usd(1) },
        { level: 3, partners: 1, volumes: usd(1) }, { level: 4, partners: 1, volumes: usd(1) }],
    });
    assert.deepEqual((await team('sub')).above, [partners.bob, partners.ann, partners.zoe]);
    assert.equal((await team('eve')).partners, 0);
    assert.deepEqual((await team('eve')).together, []);

    const { data } = (await org.api.get(`/partners/${partners.ann}/parents`, 200)).body;
    assert.deepEqual(data.map((m) => [m.parent, m.since === null]), [[partners.zoe, false], [partners.eve, true]]);
    const { data: [never] } = (await org.api.get(`/partners/${partners.bob}/parents`, 200)).body;
    assert.deepEqual([never.parent, never.since], [partners.ann, null]);
    assert.deepEqual((await org.api.get(`/partners/${partners.zoe}/parents`, 200)).body.data, []);
  });

  test('who may not see money gets counts without amounts', async () => {
    const api = server.api(await database.cli('key create', '--org', 'acme', '--name', 'x', '--scopes', 'read,-money'));
    const { body } = await api.get(`/partners/${partners.zoe}/team`, 200);
    assert.deepEqual(body.together, [{ currency: 'USD', sales: 5, revenue: null, month_revenue: null }]);
  });

  test("another organisation's key finds neither team nor parents", async () => {
    for (const name of Object.keys(partners)) {
      for (const what of ['team', 'parents']) {
        const answer = await other.api.get(`/partners/${partners[name]}/${what}`);
        assert.equal(answer.status, 404, `${name} ${what}`);
        assert.doesNotMatch(answer.text, /Partner-|"revenue"/);
      }
    }
  });

  test('each partner sees whom it recruited and sums of who is further down, and nobody else', async () => {
    const sees = { zoe: ['ann', 'eve'], ann: ['bob'], bob: ['sub'], sub: ['low'], eve: [], low: [] };
    for (const [name, recruits] of Object.entries(sees)) {
      const visitor = await actFor(name);
      for (const path of ['', `?partner=${partners.zoe}`, `?id=${partners.zoe}`]) {
        const { status, text: html } = await visitor.ask('GET', `/portal/acme/team${path}`);
        assert.equal(status, 200);
        const main = text(html.slice(html.indexOf('<main')));
        const named = NAMES.filter((n) => main.includes(n)).map((n) => n.slice(8)).sort();
        assert.deepEqual(named, recruits, `${name} sees ${named}`);
      }
      for (const path of [`/app/acme/partners/${partners.bob}`, `/portal/acme/team/${partners.bob}`, '/portal/other/team'])
        assert.equal((await visitor.ask('GET', path)).status, 404, path);
    }
    // ann's recruit is bob, whose own team of two brought 200.00
    const main = text((await (await actFor2('ann')).ask('GET', '/portal/acme/team')).text);
    assert.match(main, /Partner-bob .*1 100\.00 USD 200\.00 USD 2 below/);
  });

  const actFor2 = (name) => new Visitor(server).signIn({ email: `${name}@people.example`, password });

  test("operators see a partner's team, who is above it and its moves", async () => {
    const owner = await new Visitor(server).signIn(await server.user(org));
    const page = async (name) => text((await owner.ask('GET', `/app/acme/partners/${partners[name]}`)).text);
    assert.match(await page('zoe'), /Team .*This partner 1 1 100\.00 USD .*Level 1 2 2 200\.00 USD .*All below 5 5 500\.00 USD/);
    assert.match(await page('ann'), /Partners above Partner-zoe .*Moves Under Partner-zoe from .*Under Partner-eve from the beginning/);
    assert.doesNotMatch(await page('eve'), /All below/);
  });
});
