// SPDX-License-Identifier: Apache-2.0
//
// An orderly stop under load, and two servers that want the same data.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../lib/binary.mjs';
import { onEachDatabase } from '../lib/databases.mjs';
import { Load } from '../lib/load.mjs';

const CYCLES = process.env.PARTNERD_TEST_LONG ? 30 : 3;

// A sale of which the server has read the first half: {finish(): sends the rest, resolves with the answer}.
async function halfSent(server, key, sale) {
  const body = JSON.stringify(sale);
  const socket = connect(server.port, '127.0.0.1').setEncoding('utf8');
  let answer = '';
  socket.on('data', (text) => { answer += text; }).on('error', () => {});
  const closed = new Promise((resolve) => { socket.on('close', resolve); });
  socket.write(`POST /api/v1/track/sale HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n`
    + `Authorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    + body.slice(0, 10));
  await sleep(300);
  return {
    async finish() {
      socket.write(body.slice(10));
      await closed;
      return answer;
    },
  };
}

onEachDatabase('a server that is asked to stop', (database) => {
  let load;

  test('finishes what it has begun, ends with 0, and goes on after the next start', async () => {
    let server = await database.serve();
    load = await Load.prepare(database, server);
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      load.start(server);
      const event = load.sale();
      load.events.set(event.body.id, event);
      const half = await halfSent(server, load.org.key, event.body);
      server.child.kill('SIGTERM');
      await sleep(100);
      assert.match(await half.finish(), /^HTTP\/1.1 201 /, 'the request in flight is answered');
      event.acknowledged = event.sent = true;
      await server.ended;
      await load.stop();
      await server.stop(); // fails unless it ended with 0
      server = await database.serve();
      event.event = (await server.api(load.org.key).post('/track/sale', event.body, 200)).body.event.id;
      await load.checkNew(server);
    }
    await load.finish(server);
    await load.check(server);
    await server.stop();
  });

  test('is the only one on its data', async () => {
    const server = await database.serve();
    const second = await run(['serve', ...database.where, '--listen', '127.0.0.1:0']);
    assert.equal(second.status, 1);
    assert.match(second.stderr, /in use by another process/);
    load.api = server.api(load.org.key);
    assert.equal((await load.api.post('/track/sale', load.sale().body)).status, 201, 'the first one goes on');
    await server.stop();
  });
});
