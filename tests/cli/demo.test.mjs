// SPDX-License-Identifier: Apache-2.0
//
// `make demo`: a year made once, by the same functions as everything else, with books that are right.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { binary, environment, run } from '../lib/binary.mjs';
import { Database } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';

let database;

before(async () => {
  database = await new Database('sqlite').open();
});

after(() => database?.close());

const demo = (startMs) => database.serve({ command: 'demo', startMs });
const accounts = (log) => [...log.matchAll(/^ {2}(\S+@\S+) /gm)].map((m) => m[1]);

async function look(server, path) {
  const hanna = await new Visitor(server).signIn({ email: 'owner@harbor.example', password: 'partnerd-demo' });
  return (await hanna.ask('GET', path)).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

// Starts it, ends it by Ctrl-C as soon as it says this.
function interrupt(data, when = 'Making') {
  return new Promise((resolve) => {
    const child = spawn(binary, ['demo', '--data', data, '--listen', '127.0.0.1:0'],
      { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
      if (said.includes(when)) child.kill('SIGINT');
    });
    child.on('close', (status) => resolve({ status, said }));
  });
}

describe('the demo', { timeout: 500_000 }, () => {
  test('is made at the first start; everybody it names can sign in', async () => {
    const server = await demo(400_000);
    assert.match(server.log, /Making the demo data/);
    const people = accounts(server.log);
    assert.ok(people.length >= 5);
    for (const email of people) await new Visitor(server).signIn({ email, password: 'partnerd-demo' });
    await database.cli('job report');
    for (const slug of ['lumen', 'nordlicht'])
      assert.match(await look(server, `/app/${slug}`), /1 payout run to approve .* Clicks \d,\d{3} /);
    assert.match(await database.cli('audit'), /^audit: ok 2 organisations, \d{5} events.*, 0 findings$/m);
  });

  test('lets its owner approve the payout run that waits', async () => {
    const [server] = database.servers;
    const api = server.api(await database.cli('key create', '--org', 'lumen', '--name', 'tests'));
    const { body: org } = await api.get('/organisation', 200);
    const first = (await api.all('/campaigns')).at(-1);
    assert.ok(org.created_at < first.created_at, 'the organisation was there before its first campaign');
    const [draft] = (await api.get('/payout-runs?status=draft', 200)).body.data;
    assert.equal((await api.post(`/payout-runs/${draft.id}/approve`, {}, 200)).body.status, 'approved');
    await server.stop();
  });

  test('keeps its data at the second start', async () => {
    const server = await demo();
    assert.doesNotMatch(server.log, /Making/);
    assert.equal(accounts(server.log).length, 6);
    assert.match(await look(server, '/app/lumen/payouts'), /Waiting for results/);
  });

  test('is not half there: who interrupted it gets a whole one at the next start', async () => {
    const data = `${database.dir}/half`;
    const { status, said } = await interrupt(data);
    assert.equal(status, 1);
    assert.match(said, /interrupted while making the demo data/);
    writeFileSync(`${data}/mine.txt`, 'not of the program');
    const again = await interrupt(data, 'ready');
    assert.match(again.said, /Making the demo data/);
    assert.match(again.said, /owner@harbor\.example/);
    assert.equal(again.status, 0, again.said);
    const once = await interrupt(data, 'ready');
    assert.doesNotMatch(once.said, /Making/);
    assert.match((await run(['audit', '--data', data])).stdout, /^audit: ok 2 organisations/m);
    assert.equal(readFileSync(`${data}/mine.txt`, 'utf8'), 'not of the program');
  });

  test("does not mix with somebody's own data", async () => {
    for (const [slug, ...begin] of [
      ['mine', 'org', 'create', '--name', 'Mine', '--slug', 'mine'],
      ['lumen', 'org', 'create', '--name', 'Lumen', '--slug', 'lumen'],
      ['', 'user', 'create', '--email', 'ann@mine.example', '--name', 'Ann', '--password-stdin'],
    ]) {
      const data = `${database.dir}/own-${begin[0]}-${slug}`;
      const made = await run([...begin, '--data', data], { input: 'a long enough password\n' });
      assert.equal(made.status, 0, made.stderr);
      const answer = await run(['demo', '--data', data, '--listen', '127.0.0.1:0']);
      assert.equal(answer.status, 1);
      assert.match(answer.stderr, /here already: give the demo a directory of its own \(data\)/);
      const orgs = (await run(['org', 'list', '--data', data])).stdout.trim();
      assert.equal(orgs ? orgs.split('\n').length : 0, slug ? 1 : 0, 'nothing was added');
    }
  });
});
