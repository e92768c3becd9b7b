// SPDX-License-Identifier: Apache-2.0
//
// Conditional requests: every route that shows one object has a tag, and every write below such a
// route goes by it, or is refused. The walks are made from tests/cases/routes.txt.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';
import { Description } from './schema.mjs';
import { fillIn, goodBodies, makeRun, makeWorld } from './world.mjs';

const TAG = /^"[0-9a-f]{32}"$/;
const OTHER = `"${'0'.repeat(32)}"`;

const routes = readFileSync(`${root}tests/cases/routes.txt`, 'utf8').trim().split('\n').map((line) => {
  const [, method, path, mode, flags] = /^(\w+) +(\S+) +\S+ +(\S+) *([^[]*)/.exec(line);
  return { method, path: path.replace('/api/v1', '').replace(/:(\w+)/g, '{$1}'), mode, flags: flags.trim().split(' ') };
}).filter((route) => route.flags.includes('api'));

const gets = routes.filter((route) => route.method === 'GET');
const ones = gets.filter((route) => route.flags.includes('one'));
const isControl = (route) => route.mode.startsWith('control');

// The longest prefix of the path that shows one object of the same kind of data.
function objectOf(write) {
  const parts = write.path.split('/');
  for (let n = parts.length; n > 1; n--) {
    const found = ones.find((one) => one.path === parts.slice(0, n).join('/') && isControl(one) === isControl(write));
    if (found) return found;
  }
  return undefined;
}

const writes = routes.filter((route) => route.method !== 'GET');
const bound = writes.filter((write) => objectOf(write)).map((write) => ({ ...write, object: objectOf(write) }));
const unbound = writes.filter((write) => !objectOf(write));

// Changes of each object that can be changed, all different from one another.
const changes = {
  '/organisation': (n) => ({ name: `Acme ${n}` }),
  '/campaigns/{id}': (n) => ({ name: `Spring ${n}` }),
  '/partners/{id}': (n) => ({ name: `Bob ${n}` }),
  '/links/{id}': (n) => ({ url: `https://shop.example/${n}` }),
  '/codes/{id}': (n) => ({ metadata: { n: `${n}` } }),
  '/customers/{id}': (n) => ({ metadata: { n: `${n}` } }),
  '/deals/{id}': (n) => ({ note: `Note ${n}` }),
  '/webhook-endpoints/{id}': (n) => ({ description: `No. ${n}` }),
};

// Last, in this order, as they end what the others need.
const LAST = ['/payout-runs/{id}/approve', '/payout-runs/{id}/results', '/payout-runs/{id}/cancel',
  '/partners/{id}/suspend', '/partners/{id}/reinstate', '/partners/{id}/ban'];

const LISTS = ['/campaigns', '/partners', '/links', '/codes', '/customers', '/events', '/enrolments', '/commissions',
  '/restatements', '/balances', '/payout-runs', '/payouts', '/ledger/entries', '/deals', '/messages',
  '/webhook-endpoints', '/audit', '/keys', '/members', '/invitations', '/organisations', '/hooks'];

async function everything(api) {
  const all = { stripe: (await api.get('/providers/stripe', 200)).body };
  for (const path of LISTS) all[path] = (await api.get(path, 200)).body;
  return all;
}

const ifMatch = (tag) => ({ 'if-match': tag });
const tagOf = (answer) => answer.headers.get('etag');

async function fetchTag(api, path) {
  const tag = tagOf(await api.get(path, 200));
  assert.match(tag ?? '', TAG, path);
  return tag;
}

function refused(answer, status, code) {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

// Nothing is sent any more, so that deliveries and their endpoint stay as they are.
async function silence(api, world) {
  await api.patch(`/webhook-endpoints/${world.endpoint.id}`, { status: 'disabled' }, 200);
  for (let last = '', same = 0; same < 3; await sleep(100)) {
    const { text } = await api.get(`/webhook-deliveries/${world.delivery.id}`, 200);
    same = text === last ? same + 1 : 0;
    last = text;
  }
}

test('the rule finds what it is about', () => {
  assert.ok(ones.length >= 18, `${ones.length} objects`);
  assert.deepEqual(writes.filter(({ method }) => method === 'PATCH').map(({ path }) => path).sort(),
    Object.keys(changes).sort(), 'each PATCH has a change here');
  assert.deepEqual(bound.find(({ path }) => path === '/partners/{id}/override').object.path, '/partners/{id}');
  assert.ok(unbound.some(({ path }) => path === '/track/sale'));
  assert.ok(unbound.some(({ path, method }) => path === '/keys/{id}' && method === 'DELETE'), 'keys are only listed');
});

onEachDatabase('conditional requests', (database) => {
  let server, org, api, colleague, world;

  const at = (path) => fillIn(path, world);
  const send = (by, route, headers, body) => by.request(route.method, at(route.path)
    + (route.method === 'DELETE' && route.path.endsWith('/override') ? `?campaign=${world.campaign.id}` : ''),
  { headers, body: body ?? goodBodies(world)[`${route.method} ${route.path}`] });
  const key = async (scopes, slug = 'acme') => server.api(await database.cli('key create', '--org', slug,
    '--name', scopes, '--scopes', scopes));

  before(async () => {
    server = await database.serve();
    org = await server.org('acme');
    api = org.api;
    colleague = await key('all');
    world = await makeWorld(api);
    world.run = await makeRun(api, world);
    await silence(api, world);
  });

  test('every GET of one object has a tag, of nothing but its body', async () => {
    for (const { path } of ones) {
      const first = await api.get(at(path), 200);
      assert.match(tagOf(first) ?? '', TAG, path);
      await sleep(5);
      for (const by of [api, colleague]) {
        const again = await by.get(at(path), 200);
        assert.deepEqual([again.text, tagOf(again)], [first.text, tagOf(first)], path);
      }
      const head = await api.request('HEAD', at(path), { status: 200 });
      assert.equal(tagOf(head), tagOf(first), path);
    }
  });

  test('a state that is known is not sent again', async () => {
    for (const { path } of ones) {
      const { text, ...whole } = await api.get(at(path), 200), tag = tagOf(whole);
      for (const known of [tag, `W/${tag}`, `${OTHER}, ${tag}`, `, "a,b" ,W/${tag},`, '*']) {
        const answer = await api.request('GET', at(path), { headers: { 'if-none-match': known }, status: 304 });
        assert.deepEqual([answer.text, tagOf(answer), answer.headers.get('content-type')], ['', tag, null], path);
        // RFC 9110, 8.6: it is that of the answer with 200, or not told.
        assert.equal(answer.headers.get('content-length'), `${Buffer.byteLength(text)}`, path);
      }
      for (const unknown of [OTHER, `W/${OTHER}`, tag.toUpperCase()])
        await api.request('GET', at(path), { headers: { 'if-none-match': unknown }, status: 200 });
      await api.request('GET', at(path), { headers: ifMatch(tag), status: 200 });
      await api.request('GET', at(path), { headers: { ...ifMatch(tag), 'if-none-match': tag }, status: 304 });
      for (const wrong of [OTHER, `W/${tag}`])
        refused(await api.request('GET', at(path), { headers: ifMatch(wrong) }), 412, 'stale');
      for (const header of ['if-match', 'if-none-match'])
        for (const nonsense of [tag.slice(1, -1), `${tag} ${tag}`, `*, ${tag}`, tag.slice(0, -1), ','])
          refused(await api.request('GET', at(path), { headers: { [header]: nonsense } }), 400, 'malformed');
    }
  });

  test('nothing else has one, and says so', async () => {
    for (const { path, flags } of gets.filter((route) => !ones.includes(route))) {
      const query = path === '/fx/rates' ? '?currency=USD' : '';
      const answer = await api.get(at(path) + query);
      assert.equal(tagOf(answer), null, path);
      refused(await api.request('GET', at(path) + query, { headers: ifMatch('*') }), 400, 'malformed');
      if (!flags.includes('personal') && answer.status === 200)
        await api.request('GET', at(path) + query, { headers: { 'if-none-match': OTHER }, status: 200 });
    }
    const expanded = `${at('/partners/{id}')}?expand=enrolments.campaign`;
    const answer = await api.request('GET', expanded, { headers: { 'if-none-match': '*' }, status: 200 });
    assert.equal(tagOf(answer), null);
    refused(await api.request('GET', expanded, { headers: ifMatch('*') }), 400, 'malformed');
  });

  test('what cannot be kept is refused, and nothing is done', async () => {
    const was = await everything(api);
    for (const write of unbound)
      for (const tag of ['*', OTHER]) refused(await send(api, write, ifMatch(tag)), 400, 'malformed');
    for (const write of bound) {
      refused(await send(api, write, { 'if-none-match': '*' }), 400, 'malformed');
      refused(await send(api, write, ifMatch('nonsense')), 400, 'malformed');
    }
    assert.deepEqual(await everything(api), was);
  });

  test('whoever knows another state changes nothing', async () => {
    const was = await everything(api);
    for (const write of bound) {
      const tag = await fetchTag(api, at(write.object.path));
      for (const other of [OTHER, `W/${tag}`, `${OTHER}, W/${tag}`])
        refused(await send(api, write, ifMatch(other)), 412, 'stale');
    }
    assert.deepEqual(await everything(api), was);
  });

  test('who changes an object after somebody else is told so', async () => {
    let n = 0;
    for (const [path, change] of Object.entries(changes)) {
      const first = await fetchTag(api, at(path));
      const theirs = await colleague.request('PATCH', at(path), { body: change(++n), headers: ifMatch(first), status: 200 });
      refused(await api.request('PATCH', at(path), { body: change(++n), headers: ifMatch(first) }), 412, 'stale');
      const now = await api.get(at(path), 200);
      assert.equal(now.text, theirs.text, path);
      assert.equal(tagOf(theirs), tagOf(now), path);
      assert.notEqual(tagOf(now), first, path);
      await api.request('PATCH', at(path), { body: change(++n), headers: ifMatch(`"a", ${tagOf(now)}`), status: 200 });
      await api.request('PATCH', at(path), { body: change(++n), headers: ifMatch('*'), status: 200 });
    }
  });

  test('of those who change one state at the same time one does', async () => {
    let n = 100;
    for (const [path, change] of Object.entries(changes)) {
      for (let round = 0; round < 4; round++) {
        const tag = await fetchTag(api, at(path));
        const answers = await Promise.all([api, colleague, api, colleague].map((by) =>
          by.request('PATCH', at(path), { body: change(++n), headers: ifMatch(tag) })));
        assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 412, 412, 412], path);
        const made = answers.find(({ status }) => status === 200);
        const now = await api.get(at(path), 200);
        assert.deepEqual([now.text, tagOf(now)], [made.text, tagOf(made)], path);
      }
    }
  });

  describe('what is not the caller\'s', () => {
    test('another representation has another tag, and goes by its own', async () => {
      const masked = await key('read,write,-personal_data'), poor = await key('read,write,-money');
      for (const [by, paths] of [[masked, ['/partners/{id}', '/customers/{id}', '/deals/{id}']],
        [poor, ['/partners/{id}', '/deals/{id}']]]) {
        for (const path of paths) {
          const own = await fetchTag(by, at(path)), full = await fetchTag(api, at(path));
          const same = (await by.get(at(path), 200)).text === (await api.get(at(path), 200)).text;
          assert.equal(own === full, same, path);
          if (by === masked) assert.ok(!same, path);
          const body = changes[path](`by ${own}`);
          if (!same) refused(await by.request('PATCH', at(path), { body, headers: ifMatch(full) }), 412, 'stale');
          const done = await by.request('PATCH', at(path), { body, headers: ifMatch(own) });
          assert.ok([200, 403].includes(done.status), done.text);
          if (done.status === 200) assert.equal(await fetchTag(by, at(path)), tagOf(done), path);
        }
      }
    });

    test('the key must be able to read what the tag is of', async () => {
      const narrow = await key('commissions:write');
      const write = bound.find(({ path }) => path === '/campaigns/{id}/restatements');
      const answer = await send(narrow, write, ifMatch('*'));
      refused(answer, 403, 'forbidden');
      assert.match(answer.body.detail, /campaigns:read/);
    });

    test('other organisations\' objects are not there, with or without a tag', async () => {
      const other = (await server.org('other')).api;
      const was = await everything(api);
      for (const { path } of ones.filter((one) => one.path.includes('{id}'))) {
        const tag = await fetchTag(api, at(path));
        for (const headers of [{}, ifMatch('*'), ifMatch(tag), ifMatch(OTHER), { 'if-none-match': tag }, { 'if-none-match': '*' }])
          refused(await other.request('GET', at(path), { headers }), 404, 'not_found');
        for (const write of bound.filter(({ object }) => object.path === path))
          for (const headers of [ifMatch('*'), ifMatch(tag), ifMatch(OTHER)])
            refused(await send(other, write, headers), 404, 'not_found');
      }
      assert.deepEqual(await everything(api), was);
    });
  });

  test('a step goes by what it was decided on, and its repetition does not', async () => {
    const extend = (id, tag, again) => api.post(`/deals/${id}/extend`, { days: 7, note: 'Their holidays.' }, undefined,
      { ...ifMatch(tag), 'idempotency-key': again });
    const about = { partner: world.partner.id, campaign: world.campaign.id };
    const { body: { id } } = await api.post('/deals', { ...about, company: 'Once', domain: 'once.example' }, 201);
    const tag = await fetchTag(api, `/deals/${id}`);
    await colleague.patch(`/deals/${id}`, { note: 'Look at this.' }, 200);
    refused(await extend(id, tag, 'once'), 412, 'stale');
    const now = await fetchTag(api, `/deals/${id}`);
    const done = await extend(id, now, 'once');
    assert.deepEqual([done.status, done.headers.get('idempotent-replayed')], [200, null], 'the refusal was not kept');
    for (const any of [now, tag, OTHER]) {
      const again = await extend(id, any, 'once');
      assert.deepEqual([again.status, again.headers.get('idempotent-replayed'), again.text], [200, 'true', done.text]);
    }
    refused(await extend(id, now, 'twice'), 412, 'stale');
  });

  test('a payout run is approved as it was looked at', async () => {
    const { run } = world, path = `/payout-runs/${run.id}`;
    const tag = await fetchTag(api, path);
    const other = await api.post('/track/sale', {
      id: 'owed_2', customer: { id: 'cus_owed' }, partner: world.partner.id, amount: 7000, currency: 'USD' }, 201);
    await api.post(`/commissions/${other.body.commissions[0].id}/approve`, {}, 200);
    assert.equal(await fetchTag(api, path), tag, 'what is not in the draft is nothing of it');
    // Somebody throws the draft away and makes another one, with more in it.
    await colleague.post(`${path}/cancel`, {}, 200);
    refused(await api.post(`${path}/approve`, {}, undefined, ifMatch(tag)), 412, 'stale');
    refused(await api.post(`${path}/approve`, {}), 409, 'wrong_state');
    world.run = (await colleague.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body;
    refused(await api.post(`/payout-runs/${world.run.id}/approve`, {}, undefined, ifMatch(tag)), 412, 'stale');
    // A refund in between leaves the draft as it is, so its tag fits: the run's own check says no.
    const draft = await fetchTag(api, `/payout-runs/${world.run.id}`);
    await api.post('/track/refund', { id: 'back_2', sale_id: 'owed_2', amount: 7000 }, 201);
    refused(await api.post(`/payout-runs/${world.run.id}/approve`, {}, undefined, ifMatch(draft)), 412, 'stale');
    await colleague.post(`/payout-runs/${world.run.id}/cancel`, {}, 200);
    world.run = (await colleague.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body;
    const last = await fetchTag(api, `/payout-runs/${world.run.id}`);
    const two = await Promise.all([api, colleague].map((by) =>
      by.post(`/payout-runs/${world.run.id}/approve`, {}, undefined, ifMatch(last))));
    assert.deepEqual(two.map(({ status }) => status).sort(), [200, 412]);
  });

  test('every write works with the tag of now, and says the next one where it answers the object', async () => {
    const description = new Description((await api.get('/openapi.json', 200)).body);
    const calls = description.calls();
    const rank = (one) => (one.method === 'DELETE' ? 100 : LAST.indexOf(one.path) + 1);
    let tagged = 0, worked = 0;
    await api.post('/track/sale', { id: 'owed_3', customer: { id: 'cus_owed' }, partner: world.partner.id,
      amount: 8000, currency: 'USD' }, 201).then(({ body }) => api.post(`/commissions/${body.commissions[0].id}/approve`, {}, 200));
    world.run = (await api.post('/payout-runs', { currency: 'USD', method: 'manual' }, 201)).body;
    for (const write of bound.toSorted((a, b) => rank(a) - rank(b))) {
      const what = `${write.method} ${write.path}`;
      const paid = world.run.payouts.filter(({ status }) => status !== 'skipped').map(({ id }) => ({ payout: id, status: 'paid' }));
      const body = write.path.endsWith('/results') ? paid : undefined;
      const tag = await fetchTag(api, at(write.object.path));
      const answer = await send(api, write, ifMatch(tag), body);
      assert.ok(answer.status < 300 || answer.body.code === 'wrong_state', `${what}: ${answer.text}`);
      worked += answer.status < 300;
      const { responses } = calls.find((one) => one.method === write.method && one.path === write.path).call;
      const described = Object.entries(responses).some(([status, { headers }]) => /^2/.test(status) && headers?.ETag);
      assert.ok('412' in responses, what);
      if (answer.status >= 300) continue;
      assert.equal(tagOf(answer) !== null, described, what);
      if (!described) continue;
      tagged++;
      const now = await api.get(at(write.object.path), 200);
      assert.deepEqual([now.text, tagOf(now)], [answer.text, tagOf(answer)], what);
    }
    assert.ok(tagged >= Object.keys(changes).length, `${tagged} answers with a tag`);
    // The rest cannot follow the others on one and the same object: decline what is approved.
    assert.ok(worked >= bound.length - 11, `${worked} of ${bound.length} did something`);
    assert.match(await database.cli('audit'), /^audit: ok /m);
  });
});
