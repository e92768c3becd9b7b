// SPDX-License-Identifier: Apache-2.0
//
// The description of the API and what the server says: every answer of a walk through
// all calls fits its schema, and nothing is in an answer that is not described.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { root } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';
import { Description } from './schema.mjs';
import { fillIn, goodBodies, makeRun, makeWorld } from './world.mjs';

// Called last, in this order, because they change what the others need.
const LAST = ['/partners/{id}/suspend', '/partners/{id}/reinstate', '/partners/{id}/ban'];
// Answers that depend on a state that this walk does not make; the scenarios do.
const MAY_REFUSE = [409, 404];

onEachDatabase('the description of the API', (database) => {
  let server, org, world, description;

  before(async () => {
    server = await database.serve();
    org = await server.org('acme');
    world = await makeWorld(org.api);
    await server.user(org, { role: 'manager' });
    await database.cli('fx load', '--file', `${root}tests/cases/fx/daily.xml`);
    world.run = await makeRun(org.api, world);
    description = new Description((await server.api('').get('/openapi.json', 200)).body);
  });

  async function walk(one) {
    const body = one.body ? goodBodies(world)[`${one.method} ${one.path}`] : undefined;
    let path = fillIn(one.path, world);
    if (one.method === 'DELETE' && one.path.endsWith('/override')) path += `?campaign=${world.campaign.id}`;
    const answer = await org.api.request(one.method, path, { body });
    const what = `${one.method} ${one.path}: ${answer.status} ${answer.text.slice(0, 600)}`;
    assert.ok(answer.status < 500, what);
    if (answer.status >= 400) {
      assert.deepEqual(description.check({ $ref: '#/components/schemas/Problem' }, answer.body), [], what);
      assert.ok(MAY_REFUSE.includes(answer.status) || /results$/.test(one.path), what);
      return;
    }
    assert.equal(answer.status, one.status, what);
    if (one.answer) assert.deepEqual(description.check(one.answer, answer.body), [], what);
  }

  test('every answer fits its schema', async () => {
    const calls = description.calls().filter((one) => !one.path.startsWith('/hooks/'));
    const rank = (one) => (one.method === 'DELETE' ? 100 : LAST.indexOf(one.path) + 1);
    calls.sort((a, b) => rank(a) - rank(b));
    for (const one of calls) await walk(one);
  });

  test('lists have something to check', async () => {
    for (const path of ['/campaigns', '/partners', '/links', '/codes', '/customers', '/events', '/commissions',
      '/ledger/entries', '/balances', '/fx/rates', '/audit', '/payout-runs', '/restatements']) {
      const { body } = await org.api.get(path, 200);
      assert.ok(body.data.length > 0, `${path} is empty`);
    }
  });

  test("it is a valid OpenAPI document to others' eyes", async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(description.document));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
  });

  test('what may be repeated says so', () => {
    const calls = description.calls();
    const key = (path) => calls.find((one) => one.method === 'POST' && one.path === path).call.parameters
      .find((parameter) => parameter.name === 'Idempotency-Key');
    assert.equal(key('/payout-runs').required, true);
    assert.equal(key('/partners').required, false);
    assert.equal(key('/keys').required, false);
    assert.equal(key('/track/click'), undefined);
    const { responses } = calls.find((one) => one.path === '/track/sale').call;
    assert.deepEqual(Object.keys(responses), ['200', '201', 'default']);
  });

  test('paths, parameters and names are in order', () => {
    const names = new Set();
    for (const one of description.calls()) {
      assert.ok(!names.has(one.call.operationId), one.call.operationId);
      names.add(one.call.operationId);
      const inPath = [...one.path.matchAll(/\{(\w+)\}/g)].map((m) => m[1]);
      const described = one.call.parameters.filter((p) => p.in === 'path').map((p) => p.name);
      assert.deepEqual(described, inPath, one.path);
    }
  });
});
