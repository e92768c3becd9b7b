// SPDX-License-Identifier: Apache-2.0
//
// Every call that takes a body, every field of it, every way to get it wrong: the
// answer is a problem that names the field, and nothing has been stored.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';
import { badValues, Description } from './schema.mjs';
import { fillIn, goodBodies, makeRun, makeWorld } from './world.mjs';

const LISTS = ['/campaigns', '/partners', '/links', '/codes', '/customers', '/commissions', '/enrolments',
  '/restatements', '/ledger/entries', '/payout-runs', '/payouts', '/events', '/deals', '/protected-accounts',
  '/webhook-endpoints', '/webhook-deliveries', '/messages', '/hooks', '/keys', '/members', '/invitations'];

// What goes on by itself: the example's endpoint does not answer.
const MOVES = {
  '/webhook-endpoints': { failing_since: null, not_before: null, status: null, reason: null },
  '/webhook-deliveries': {
    status: null, attempts: null, next_attempt_at: null, answer_status: null, answer: null, error: null,
    duration_ms: null, attempted_at: null,
  },
};

const STRANGE_IDS = ['x', 'prt_', 'prt_zzzzzzzzzzzzz', 'evt_0000000000001', '..', '%00', '%ff', "';--",
  'a'.repeat(500)];

// Signed by somebody else, and tested with their own programs.
const ELSEWHERE = new Set(['POST /hooks/stripe/{org}']);

// Bodies that are wrong as a whole: [what, text, type].
const BROKEN = [
  ['no JSON', '{'],
  ['text after the value', '{} {}'],
  ['a list', '[]'],
  ['a number', '5'],
  ['null', 'null'],
  ['duplicate keys', '{"name":"a","name":"b"}'],
  ['deep nesting', `{"name":${'['.repeat(2000)}${']'.repeat(2000)}}`],
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ['NUL in a key', '{"a\\u0000b":1}'],
  ['a huge number', '{"name":123456789012345678901234567890}'],
  ['another type', '{}', 'text/plain'],
];

function checkProblem(answer, what) {
  assert.ok(answer.status >= 400 && answer.status < 500, `${what}: ${answer.status} ${answer.text}`);
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/, what);
  for (const key of ['type', 'title', 'detail', 'code', 'request_id']) {
    assert.equal(typeof answer.body[key], 'string', `${what}: ${key} in ${answer.text}`);
  }
  assert.equal(answer.body.status, answer.status, what);
  assert.doesNotMatch(answer.body.detail, /^(is|was|must|has|lies|may|does|cannot|contains|holds|says|\d\S*) /, `${what}: ${answer.body.detail}`);
}

onEachDatabase('bad input', (database) => {
  let server, org, world, api, description;

  before(async () => {
    server = await database.serve();
    org = await server.org('acme');
    api = org.api;
    world = await makeWorld(api);
    description = new Description((await api.get('/openapi.json', 200)).body);
  });

  // Everything there is, as text.
  async function everything() {
    const all = {};
    for (const list of LISTS) {
      all[list] = (await api.all(list)).map((row) => ({ ...row, ...MOVES[list] }));
    }
    return JSON.stringify(all);
  }

  function withBodies() {
    const calls = description.calls().filter((one) => one.body && !ELSEWHERE.has(`${one.method} ${one.path}`));
    assert.ok(calls.length > 15, 'the description has calls');
    return calls;
  }

  async function send(one, body, headers = {}) {
    return api.request(one.method, fillIn(one.path, world), { body, headers });
  }

  test('every call has a body that shows what would be accepted', () => {
    const good = goodBodies(world);
    for (const one of withBodies()) assert.ok(good[`${one.method} ${one.path}`], `${one.method} ${one.path}`);
  });

  test('broken bodies are refused', async () => {
    const stored = await everything();
    for (const one of withBodies()) {
      for (const [what, body, type] of BROKEN) {
        if (what === 'a list' && one.path.endsWith('/results')) continue;
        const headers = { 'content-type': type ?? 'application/json' };
        checkProblem(await send(one, body, headers), `${one.method} ${one.path}, ${what}`);
      }
    }
    assert.equal(await everything(), stored);
  });

  test('unknown keys are refused by name', async () => {
    const stored = await everything();
    for (const one of withBodies()) {
      const good = goodBodies(world)[`${one.method} ${one.path}`];
      if (Array.isArray(good)) continue;
      const answer = await send(one, { ...good, no_such_key: 1 });
      checkProblem(answer, `${one.method} ${one.path}`);
      assert.equal(answer.body.param, '/no_such_key', `${one.method} ${one.path}: ${answer.text}`);
    }
    assert.equal(await everything(), stored);
  });

  test('results that cannot be say of which item, and of what', async () => {
    const { id, payouts: [payout] } = await makeRun(api, world);
    const stored = await everything();
    for (const [body, param, detail] of [
      [[], undefined, /^the body must be a list of 1 to 10000 results/],
      [[{ payout: payout.id, status: 'gone' }], '/0/status', /^item 0: status must be one of/],
      [[{ payout: payout.id }], '/0/status', /^item 0: status /],
      [[5], '/0', /^a result must be an object/],
    ]) {
      const answer = await api.post(`/payout-runs/${id}/results`, body, 422);
      checkProblem(answer, JSON.stringify(body));
      assert.equal(answer.body.param, param, answer.text);
      assert.match(answer.body.detail, detail);
    }
    assert.equal(await everything(), stored);
  });

  test('what is required must be there', async () => {
    const stored = await everything();
    for (const one of withBodies()) {
      const good = goodBodies(world)[`${one.method} ${one.path}`];
      for (const key of description.resolve(one.body).required ?? []) {
        const body = { ...good };
        delete body[key];
        const answer = await send(one, body);
        checkProblem(answer, `${one.method} ${one.path} without ${key}`);
        assert.equal(answer.body.param, `/${key}`, `${one.method} ${one.path} without ${key}: ${answer.text}`);
      }
    }
    assert.equal(await everything(), stored);
  });

  // What is wrong with the refusal of a field, or ''. For objects anything below it may be blamed.
  async function fieldFault(one, path, body, what) {
    const where = `${one.method} ${one.path}: ${path} is ${what}`;
    const answer = await send(one, body);
    if (answer.status < 400 || answer.status > 499) return `${where}: ${answer.status} ${answer.text.slice(0, 300)}`;
    checkProblem(answer, where);
    const param = answer.body.param ?? '';
    if (param === path || param.startsWith(`${path}/`)) return '';
    return `${where}: blames "${param}": ${answer.body.detail}`;
  }

  async function checkField(...args) {
    assert.equal(await fieldFault(...args), '');
  }

  test('every field refuses what it cannot be', async () => {
    const stored = await everything();
    const faults = [];
    let count = 0;
    for (const one of withBodies()) {
      for (const [key, property] of Object.entries(description.resolve(one.body).properties ?? {})) {
        const schema = description.resolve(property);
        for (const [what, value] of badValues(schema)) {
          const good = goodBodies(world)[`${one.method} ${one.path}`];
          faults.push(await fieldFault(one, `/${key}`, { ...good, [key]: value }, what));
          count++;
        }
      }
    }
    assert.deepEqual(faults.filter(Boolean), []);
    assert.ok(count > 500, `${count} wrong values tried`);
    assert.equal(await everything(), stored);
  });

  test('every member of a customer refuses what it cannot be', async () => {
    const customer = description.document.components.schemas.CustomerNew;
    const one = { method: 'POST', path: '/track/sale' };
    for (const [key, property] of Object.entries(customer.properties)) {
      for (const [what, value] of badValues(description.resolve(property))) {
        const good = goodBodies(world)['POST /track/sale'];
        await checkField(one, `/customer/${key}`, { ...good, customer: { ...good.customer, [key]: value } }, what);
      }
    }
  });

  test('currencies that do not exist are refused', async () => {
    const stored = await everything();
    for (const currency of ['ZZZ', 'zzz', 'US', 'USDT', '']) {
      await checkField({ method: 'POST', path: '/campaigns' }, '/currency',
        { ...goodBodies(world)['POST /campaigns'], currency }, currency);
    }
    assert.equal(await everything(), stored);
  });

  test('lists refuse parameters they do not have, by name', async () => {
    for (const one of description.calls()) {
      if (one.method !== 'GET' || one.path.includes('{') || one.path === '/openapi.json') continue;
      const answer = await api.get(`${one.path}?no_such_parameter=1`);
      checkProblem(answer, one.path);
      assert.equal(answer.body.param, '/no_such_parameter', one.path);
      const names = one.call.parameters.map((p) => p.name);
      if (!names.includes('limit')) continue;
      for (const limit of ['0', '101', '-1', 'x', '1.5']) {
        const refused = await api.get(`${one.path}?limit=${limit}`);
        checkProblem(refused, `${one.path}?limit=${limit}`);
        assert.equal(refused.body.param, '/limit', refused.text);
      }
    }
  });

  test('ids that do not exist are not found, whatever they look like', async () => {
    for (const one of description.calls()) {
      if (!one.path.includes('{id}') || one.body) continue;
      for (const id of STRANGE_IDS) {
        const path = one.path.replace('{id}', id).replace('{version}', '1');
        const answer = await api.request(one.method, path);
        const what = `${one.method} ${path}: ${answer.status} ${answer.text}`;
        assert.ok([400, 404, 405, 414].includes(answer.status), what);
      }
    }
  });

  test('without a key nothing is told', async () => {
    const nobody = server.api('');
    for (const one of description.calls()) {
      if (one.call.security?.length === 0 || ELSEWHERE.has(`${one.method} ${one.path}`)) continue;
      const answer = await nobody.request(one.method, fillIn(one.path, world), one.body ? { body: {} } : {});
      assert.equal(answer.status, 401, `${one.method} ${one.path}: ${answer.text}`);
    }
  });
});
