// SPDX-License-Identifier: Apache-2.0
//
// A full disk: what would have to be written is refused, everything else goes on, and
// when there is room again so does the writing, without a restart.
//
// The disk is a small tmpfs. Mounting one needs root, or a user namespace of one's own:
// without either the test fails and says so.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Database } from '../lib/databases.mjs';
import { Load } from '../lib/load.mjs';

const ROUNDS = process.env.PARTNERD_TEST_LONG ? 20 : 2;
// The journal of clicks has up to 48 MiB, the write-ahead log 64, and 20 rounds on a quick machine some 8,000 events, 90 MiB.
const SIZE = '400m';

if (process.geteuid() === 0 || process.env.PARTNERD_TEST_NAMESPACE) onSmallDisk();
else insideNamespace();

// The same file again, as the root of a namespace of its own.
function insideNamespace() {
  test('a full disk, in a user namespace', () => {
    const { status, stdout, stderr, error } = spawnSync('unshare',
      ['-rm', process.execPath, fileURLToPath(import.meta.url)],
      { encoding: 'utf8', timeout: 300_000, env: { ...process.env, PARTNERD_TEST_NAMESPACE: '1', NODE_TEST_CONTEXT: '' } });
    assert.equal(status, 0, `${error?.message ?? ''}\n${stdout}\n${stderr}`);
  });
}

function onSmallDisk() {
  describe('a full disk', () => {
    const database = new Database('sqlite');
    let server;
    let load;

    const filler = () => join(database.data, 'filler');
    const room = () => statfsSync(database.data).bavail * statfsSync(database.data).bsize;

    // Leave so many bytes.
    function fill(left) {
      const fd = openSync(filler(), 'a');
      const block = Buffer.alloc(1 << 16);
      while (room() > left) writeSync(fd, block, 0, Math.min(block.length, room() - left));
      closeSync(fd);
    }

    before(async () => {
      await database.open();
      mkdirSync(database.data, { mode: 0o700 });
      const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'partnerd-test', database.data],
        { encoding: 'utf8' });
      assert.equal(status, 0, `no disk can be made to fill up: mount: ${stderr}`);
    });

    after(async () => {
      for (const each of database.servers) await each.stop();
      spawnSync('umount', [database.data]);
      await database.close();
    });

    test('refuses writes, answers reads, redirects visitors, and resumes by itself', async (t) => {
      server = await database.serve();
      load = await Load.prepare(database, server);
      for (let round = 0; round < ROUNDS; round++) {
        load.start(server);
        await sleep(200);
        const refused = load.refusals[507] + load.refusals[503];
        fill(round % 2 ? 0 : 200_000);
        for (let i = 0; load.refusals[507] + load.refusals[503] < refused + 20 && i < 600; i++) await sleep(50);
        assert.ok(load.refusals[507] + load.refusals[503] >= refused + 20, `round ${round}: the disk is full, and nobody is told`);
        await readsGoOn();

        rmSync(filler());
        await resumes();
        await load.stop();
        await load.checkNew(server);
        assert.deepEqual(load.wrong, []);
      }
      assert.equal(load.broken, 0, 'every request is answered');
      for (const [status, code] of [[507, 'storage_full'], [503, 'storage_unavailable']]) {
        const answer = load.last[status];
        if (!answer) continue;
        assert.equal(answer.body.code, code);
        assert.ok(Number(answer.headers.get('retry-after')) > 0, `${status} says when to come back`);
      }
      await load.finish(server);
      await load.check(server);
      t.diagnostic(`${load.events.size} events, ${JSON.stringify(load.refusals)}`);
    });

    async function readsGoOn() {
      const api = server.api(load.org.key);
      await api.get('/commissions', 200);
      await api.get('/balances', 200);
      const page = await fetch(`${server.url}/sign-in`);
      assert.equal(page.status, 200);
      assert.match(await page.text(), /<form/);
      const before = load.clicks.size;
      for (let i = 0; i < 10; i++) assert.ok(await load.visit(), 'a visitor is sent on');
      assert.ok(load.clicks.size > before, 'visitors are sent on');
    }

    async function resumes() {
      const api = server.api(load.org.key);
      const freed = Date.now();
      const event = load.sale();
      for (let done = false; !done; await sleep(50)) {
        const { status, body } = await api.post('/track/sale', event.body);
        done = status === 201 || status === 200;
        if (done) load.events.set(event.body.id, { ...event, sent: true, acknowledged: true, event: body.event.id });
        assert.ok(Date.now() - freed < 10_000, `there is room again since 10 s, and a sale is answered ${status}`);
      }
    }
  });
}
