// SPDX-License-Identifier: Apache-2.0
//
// Clients that mean harm, or behave as if: nobody else waits for them.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../lib/databases.mjs';
import { Load } from '../lib/load.mjs';

const SLOW = 1000;
const SIGN_INS = 100;
const SANE_MS = 500;

// Healthy requests one after the other: {p50, p99} in milliseconds.
async function measure(load, going, least) {
  const times = [];
  for (let i = 0; i < least || going(); i++) {
    const began = performance.now();
    if (i % 3 === 0) await load.api.get('/partners', 200);
    else if (i % 3 === 1) assert.ok(await load.visit());
    else assert.ok(await load.sell(), 'a sale is recorded');
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { p50: times[Math.floor(times.length * 0.5)], p99: times[Math.floor(times.length * 0.99)] };
}

const told = ({ p50, p99 }) => `${p50.toFixed(1)} ms, of 99 in 100 within ${p99.toFixed(1)} ms`;

describe('hostile clients', () => {
  const database = new Database('sqlite');
  let server;
  let load;
  let alone;

  before(async () => {
    await database.open();
    server = await database.serve();
    load = await Load.prepare(database, server);
    alone = await measure(load, () => false, 150);
  });
  after(() => database.close());

  // A busy machine is slow for everybody: what counts is what the others add.
  function assertSane(under) {
    assert.ok(under.p50 < SANE_MS, `half of the requests take ${told(under)}`);
    assert.ok(under.p99 < Math.max(SANE_MS, 10 * alone.p99), `${told(under)}; alone ${told(alone)}`);
  }

  test('a thousand that send their headers a letter at a time', async (t) => {
    let open = 0;
    let opened = 0;
    const sockets = Array.from({ length: SLOW }, () => {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('connect', () => {
        open++;
        opened++;
        socket.write('GET /go0 HTTP/1.1\r\nHost: shop.example\r\nX-Slow: ');
      });
      socket.on('close', () => { open--; }).on('error', () => {}).resume();
      return socket;
    });
    for (let i = 0; opened < SLOW && i < 200; i++) await sleep(50);
    assert.equal(opened, SLOW);
    const drip = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 1000);
    const until = Date.now() + 3000;
    const under = await measure(load, () => Date.now() < until, 100);
    t.diagnostic(`alone ${told(alone)}; beside them ${told(under)}`);
    assertSane(under);
    for (let i = 0; open > 0 && i < 600; i++) await sleep(50);
    clearInterval(drip);
    assert.equal(open, 0, 'none of them may stay');
  });

  test('a hundred sign-ins at once', async (t) => {
    let flowing = true;
    const flood = Promise.all(Array.from({ length: SIGN_INS }, async (_, i) => {
      const answer = await fetch(`${server.url}/sign-in`, {
        method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(60_000),
        body: new URLSearchParams({ email: `nobody${i}@shop.example`, password: `guess number ${i}` }),
      });
      return { status: answer.status, retry: answer.headers.get('retry-after') };
    })).finally(() => { flowing = false; });
    const under = await measure(load, () => flowing, 100);
    const answers = await flood;
    t.diagnostic(`alone ${told(alone)}; beside them ${told(under)}`);
    assertSane(under);
    for (const { status, retry } of answers) {
      assert.ok([422, 429, 503].includes(status), `a wrong password is answered ${status}`);
      assert.ok(status === 422 || Number(retry) > 0, `${status} says when to come back`);
    }
    assert.ok(answers.some(({ status }) => status === 422), 'some were looked at');
  });

  test('and afterwards the books are right', async () => {
    await load.finish(server);
    await load.check(server);
  });
});
