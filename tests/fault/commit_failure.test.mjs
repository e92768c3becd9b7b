// SPDX-License-Identifier: Apache-2.0
//
// The database refuses to commit: nobody is told that something was done, and
// sending it again does it once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEachDatabase } from '../lib/databases.mjs';
import { Load } from '../lib/load.mjs';

const WANTED = process.env.PARTNERD_TEST_LONG ? 1000 : 40; // refusals
const failing = (every) => ({ env: { PARTNERD_TEST: '1', PARTNERD_TEST_FAIL_COMMITS: String(every) } });

function assertUnavailable({ status, headers, body }) {
  assert.equal(status, 503);
  assert.ok(Number(headers.get('retry-after')) > 0, 'Retry-After says when');
  assert.equal(body.code, 'storage_unavailable');
  assert.equal(body.retryable, true);
}

onEachDatabase('commits that fail', (database) => {
  let load;

  test('every one: all that came together is refused, and reads and redirects go on', async () => {
    const before = await database.serve();
    load = await Load.prepare(database, before);
    await before.stop();

    const server = await database.serve(failing(1));
    load.api = server.api(load.org.key);
    const sales = Array.from({ length: 30 }, () => load.sale().body);
    const answers = await Promise.all(sales.map((body) => load.api.post('/track/sale', body)));
    for (const answer of answers) assertUnavailable(answer);
    assert.equal((await load.api.get('/commissions', 200)).body.data.length, 0);
    assert.ok(await load.visit(), 'a visitor is sent on');
    await server.stop();

    const after = await database.serve();
    load.api = after.api(load.org.key);
    for (const body of sales) {
      const event = { kind: 'sale', body, partner: body.partner };
      load.events.set(body.id, event);
      await load.send(event); // must be 201: none of them is there
    }
    await load.check(after);
    await after.stop();
  });

  test('every third: sent again, each is done once', async () => {
    const server = await database.serve(failing(3));
    load.start(server, { sellers: 8 });
    for (let i = 0; load.refusals[503] < WANTED && i < 600; i++) await sleep(50);
    await load.stop();
    await load.finish(server);
    assert.ok(load.refusals[503] >= WANTED, `${load.refusals[503]} refusals`);
    assertUnavailable(load.last[503]);
    assert.equal(load.broken, 0, 'every request is answered');
    await server.stop();

    const after = await database.serve();
    await load.check(after);
    await after.stop();
  });
});
