// SPDX-License-Identifier: Apache-2.0
//
// kill -9 under load, again and again: what was acknowledged is there, once, and
// what was not can be sent again. PARTNERD_TEST_LONG=1 for many more cycles.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEachDatabase } from '../lib/databases.mjs';
import { Load } from '../lib/load.mjs';

const long = Boolean(process.env.PARTNERD_TEST_LONG);
const CYCLES = { sqlite: long ? 200 : 10, postgres: long ? 50 : 5 };

// Some answers later, and then anywhere within a request.
async function randomMoment(load) {
  const answers = load.answers + 10 + Math.floor(Math.random() * 60);
  for (let i = 0; load.answers < answers && i < 2000; i++) await sleep(5);
  await sleep(Math.random() * 30);
}

onEachDatabase('a server killed under load', (database) => {
  test('loses nothing it acknowledged, and does nothing twice', async (t) => {
    let server = await database.serve();
    const load = await Load.prepare(database, server);
    for (let cycle = 0; cycle < CYCLES[database.kind]; cycle++) {
      load.start(server);
      await randomMoment(load);
      await server.kill();
      await load.stop();
      server = await database.serve();
      await load.checkNew(server);
      assert.deepEqual(load.wrong, [], `after cycle ${cycle}`);
    }
    await load.finish(server);
    await load.check(server);
    const { events, clicks, paid, broken } = load;
    t.diagnostic(`${events.size} events, ${clicks.size} clicks, ${paid.size} payouts, ${broken} cut off`);
    assert.ok(events.size > 50 && clicks.size > 50 && broken > 0, 'there was something to lose');
    await server.stop();
  });
});
