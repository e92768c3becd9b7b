// SPDX-License-Identifier: Apache-2.0
//
// Walks every page and every form as somebody who must not get anywhere: without a session, as
// another organisation's owner, as a member who was removed, as a viewer without money, as another
// partner. Nobody learns that there is something, and afterwards the organisation is as it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRun, makeWorld } from '../api/world.mjs';
import { run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

const { stdout: table } = await run(['routes']);
const pages = table.trim().split('\n').map((line) => {
  const [, method, path, who, , flags] = /^(\w+) +(\S+) +(\S+) +(\S+) *([^[]*)/.exec(line);
  return { method, path, who, flags: flags.trim().split(' ') };
}).filter((page) => /^\/(app|portal|workspace)\//.test(page.path));
const ofStaff = pages.filter((page) => page.path.startsWith('/app/'));
const ofPartners = pages.filter((page) => page.path.startsWith('/portal/'));

const CANARY = /Bob|bob@|Spring|jane@|Acme Secrets/i;
const LISTS = ['/campaigns', '/partners', '/links', '/codes', '/customers', '/events', '/enrolments', '/commissions',
  '/deals', '/protected-accounts', '/restatements', '/balances', '/payout-runs', '/payouts', '/ledger/entries', '/keys', '/members',
  '/invitations', '/audit'];

onEachDatabase('pages', (database) => {
  let server, mine, world, ids, space, owner;

  const password = 'correct horse battery staple';
  const visitor = async (person) => new Visitor(server).signIn(person);

  async function actFor(partner, email) {
    await server.cli('user create', { input: `${password}\n` }, '--email', email, '--name', 'Somebody', '--password-stdin');
    await server.cli('member add', '--org', 'acme', '--email', email, '--role', 'partner', '--partner', partner);
    return { email, password };
  }

  const everything = async () => {
    const all = {};
    for (const path of LISTS) all[path] = (await mine.api.get(path, 200)).body.data;
    for (const key of all['/keys']) delete key.last_used_at; // nobody's doing
    return all;
  };

  // The path of a page with this organisation's address and acme's ids.
  const fill = (path, org, steps = 'approve') => path.replace(':org', org).replace(':step', steps)
    .replace(/\/([\w-]+)\/:id|\/(\w+)\/one\/:id/, (text, section, one) => text.replace(':id', one ? ids.payout : ids[section]));

  const send = (who, page, path) => who.ask(page.method, path, page.method === 'POST' ? { csrf: who.csrf ?? 'x', name: 'Taken' } : undefined);

  test('an organisation has something to hide', async () => {
    server = await database.serve();
    mine = await server.org('acme', { name: 'Acme Secrets' });
    world = await makeWorld(mine.api);
    owner = await server.user(mine, { email: 'owner@acme.example', name: 'Olga' });
    const run_ = await makeRun(mine.api, world);
    space = await server.cli('workspace create', '--name', 'Acme Secrets Umbrella');
    const { body: { data: [key] } } = await mine.api.get('/keys', 200);
    ids = {
      partners: world.partner.id, campaigns: world.campaign.id, links: world.link.id, codes: world.code.id,
      customers: world.customer.id, events: world.sale.event.id, commissions: world.sale.commissions[0].id,
      payouts: run_.id, payout: run_.payouts[0]?.id ?? 'pay_0000000000001', team: owner.id, keys: key.id, workspace: space,
      restatements: world.restatement.id, invitations: world.invitation.id, deals: world.deal.id, 'protected-accounts': world.account.id,
    };
    assert.ok(ofStaff.length > 60 && ofPartners.length > 10, `${ofStaff.length} and ${ofPartners.length} pages`);
  });

  test('nobody gets anywhere without a session', async () => {
    const nobody = new Visitor(server);
    for (const page of pages) {
      const { status, text, to } = await send(nobody, page, fill(page.path, 'acme'));
      const what = `${page.method} ${page.path} gave ${status}`;
      if (page.method === 'GET') assert.match(to, /^\/sign-in\?next=/, what);
      else assert.ok([401, 403].includes(status), what);
      assert.doesNotMatch(text, CANARY, what);
    }
  });

  test("another organisation's owner finds nothing, neither there nor with these ids at home", async () => {
    const before = await everything();
    const other = await server.org('other');
    const stranger = await (await visitor(await server.user(other, { email: 'owner@other.example' }))).token('/app/other/partners/new');
    for (const page of pages) {
      const there = await send(stranger, page, fill(page.path, 'acme'));
      assert.equal(there.status, 404, `${page.method} ${page.path} of acme gave ${there.status}`);
      assert.doesNotMatch(there.text, CANARY, page.path);
      if (!page.path.startsWith('/app/') || !page.path.includes(':id')) continue;
      const home = await send(stranger, page, fill(page.path, 'other'));
      // What changes nothing and shows nothing may say so by leading back.
      assert.ok([404, 422, 403].includes(home.status), `${page.method} ${page.path} at home gave ${home.status} ${home.to}`);
      assert.doesNotMatch(home.text, CANARY, page.path);
    }
    for (const page of ofStaff.filter(({ method, path }) => method === 'GET' && !path.includes(':id'))) {
      const { text } = await stranger.ask('GET', `${fill(page.path, 'other')}${page.path.endsWith('/search') ? '?q=jan' : ''}`);
      assert.doesNotMatch(text, CANARY, page.path);
    }
    assert.deepEqual(await everything(), before);
  });

  test('who was removed, or shut out, finds nothing any more', async () => {
    const gone = await server.user(mine, { email: 'gone@acme.example', role: 'admin' });
    const removed = await (await visitor(gone)).token('/app/acme/partners/new');
    const out = await server.user(mine, { email: 'out@acme.example', role: 'admin' });
    const disabled = await (await visitor(out)).token('/app/acme/partners/new');
    await server.cli('member remove', '--org', 'acme', '--email', gone.email);
    await server.cli('user disable', '--email', out.email);
    const before = await everything();
    for (const page of ofStaff) {
      const path = fill(page.path, 'acme');
      const one = await send(removed, page, path);
      assert.equal(one.status, 404, `${page.method} ${page.path} gave ${one.status}`);
      const two = await send(disabled, page, path);
      assert.ok(two.status === 401 || two.to.startsWith('/sign-in'), `${page.method} ${page.path} gave ${two.status}`);
      assert.doesNotMatch(one.text + two.text, CANARY, page.path);
    }
    assert.deepEqual(await everything(), before);
  });

  test('a viewer without money and personal data changes nothing and sees neither', async () => {
    const person = await server.user(mine, { email: 'viewer@acme.example', role: 'viewer', without: 'money,personal_data' });
    const viewer = await (await visitor(person)).token('/app/acme');
    const before = await everything();
    for (const page of ofStaff) {
      const { status, text } = await send(viewer, page, fill(page.path, 'acme'));
      const what = `${page.method} ${page.path} gave ${status}`;
      if (page.who !== 'viewer' || page.flags.includes('money') || page.flags.includes('personal')) assert.equal(status, 403, what);
      else assert.ok([200, 303].includes(status), what);
      assert.doesNotMatch(text, /24\.75|99\.00|jane@|bob@/, what);
    }
    assert.deepEqual(await everything(), before);
  });

  test("a partner finds nothing of the staff's, and nothing of another partner's", async () => {
    const eve = (await mine.api.post('/partners', {
      name: 'Eve', email: 'eve@partner.example', campaign: world.campaign.id, status: 'approved',
    }, 201)).body;
    const partner = await (await visitor(await actFor(eve.id, 'eve@partner.example'))).token('/portal/acme');
    const before = await everything();
    for (const page of ofStaff) {
      const { status, text } = await send(partner, page, fill(page.path, 'acme'));
      assert.equal(status, 404, `${page.method} ${page.path} gave ${status}`);
      assert.doesNotMatch(text, /Bob|bob@|jane@|Spring/, page.path);
    }
    for (const page of ofPartners.filter(({ method }) => method === 'GET')) {
      const { status, text } = await send(partner, page, fill(page.path, 'acme'));
      assert.equal(status, page.path.includes(':id') ? 404 : 200, `${page.path} gave ${status}`);
      assert.doesNotMatch(text, /Bob|bob@|jane@|24\.75/, page.path);
    }
    assert.deepEqual(await everything(), before);
  });

  test('partners of a joint deal read of each other the name, and of the deal what concerns them', async () => {
    const join = async (name) => (await mine.api.post('/partners', {
      name, email: `${name.toLowerCase()}@joint.example`, campaign: world.campaign.id, country: 'FR', status: 'approved',
    }, 201)).body.id;
    const [ina, max, nia] = [await join('Ina'), await join('Max'), await join('Nia')];
    const deal = (await mine.api.post('/deals', {
      partner: ina, campaign: world.campaign.id, company: 'Globex', domain: 'globex.example', email: 'kim@globex.example',
      note: 'Kim decides.', amount: 500000,
      shares: [{ partner: ina, share_ppm: 650000 }, { partner: max, share_ppm: 350000 }],
    }, 201)).body;
    const read = async (partner, name) => {
      const who = await visitor(await actFor(partner, `${name}@joint.example`));
      const list = await who.ask('GET', '/portal/acme/deals');
      return { list: list.text, page: await who.ask('GET', `/portal/acme/deals/${deal.id}`) };
    };
    const first = await read(ina, 'ina'), second = await read(max, 'max'), none = await read(nia, 'nia');
    for (const { list, page } of [first, second]) {
      assert.match(list, /Globex/);
      assert.equal(page.status, 200);
      assert.match(page.text, /globex\.example/);
    }
    assert.match(first.page.text, /Kim decides/);
    assert.match(first.page.text, /65 %[^]*Max/);
    assert.match(second.page.text, /35 %[^]*Ina/);
    assert.doesNotMatch(second.page.text + second.list, /@globex|Kim decides|ina@|65 %/);
    assert.doesNotMatch(first.page.text + first.list, /max@|35 %/);
    assert.ok(![first, second].some(({ page }, i) => page.text.includes(i ? ina : max)));
    assert.equal(none.page.status, 404);
    assert.doesNotMatch(none.page.text + none.list, /Globex/);
  });
});
