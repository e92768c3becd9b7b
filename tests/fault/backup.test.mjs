// SPDX-License-Identifier: Apache-2.0
//
// A backup while the server works, and its restoration on either database.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database, kinds, onEachDatabase } from '../lib/databases.mjs';
import { Load } from '../lib/load.mjs';

const acknowledged = (load) => [...load.events.values()].filter((e) => e.acknowledged).map((e) => e.body.id);

onEachDatabase('a backup', (database) => {
  const places = [];
  let server;
  let load;
  let sandbox;

  async function restored(file, kind) {
    const place = await new Database(kind).open();
    places.push(place);
    await place.cli('restore', '--from', file);
    assert.match(await place.cli('audit'), /^audit: ok/m);
    return place;
  }

  after(async () => {
    for (const place of places) await place.close();
  });

  test('taken under load is one moment of the books', async () => {
    server = await database.serve();
    load = await Load.prepare(database, server);
    sandbox = await server.org('try', { sandbox: true });
    load.start(server);
    await sleep(800);
    const file = join(database.dir, 'busy.tar');
    const before = acknowledged(load);
    await database.cli('backup', '--to', file);
    const begun = new Set(load.events.keys());
    await sleep(200);
    await load.stop();
    assert.ok(before.length > 5, 'there was something to back up');

    const place = await restored(file, database.kind);
    const copy = await place.serve();
    const api = copy.api(load.org.key);
    const there = (await api.all('/events')).map((e) => e.external_id).filter((id) => load.events.has(id));
    assert.equal(new Set(there).size, there.length, 'nothing is there twice');
    for (const id of before) assert.ok(there.includes(id), `${id} was acknowledged before the backup began`);
    for (const id of there) assert.ok(begun.has(id), `${id} came after the backup`);
    const earned = there.map((id) => load.events.get(id))
      .reduce((sum, { kind, body }) => sum + (kind === 'sale' ? 1 : -1) * body.amount / 4, 0);
    const total = (await api.get('/balances', 200)).body.data
      .reduce((sum, b) => sum + b.pending + b.held + b.payable + b.in_payout + b.paid, 0);
    assert.equal(total, earned, 'the balances are those of the events in it');
    await copy.stop();
  });

  for (const kind of kinds) {
    test(`restores everything into ${kind}, which then works`, async () => {
      await load.finish(server);
      load.moveTo(database);
      await load.check(server);
      const file = join(database.dir, `to-${kind}.tar`);
      await database.cli('backup', '--to', file);

      const place = await restored(file, kind);
      const copy = await place.serve();
      load.moveTo(place);
      await load.check(copy);
      assert.equal((await copy.api(sandbox.key).get('/organisation', 200)).body.sandbox, true);
      assert.equal((await copy.api(load.org.key).get('/organisation', 200)).body.sandbox, false);
      await assert.rejects(place.cli('backup', '--to', file), /exit 1/, 'a backup replaces no file');
      await copy.stop();
      await assert.rejects(place.cli('restore', '--from', file), /has (data|tables) already/);
    });
  }
});
