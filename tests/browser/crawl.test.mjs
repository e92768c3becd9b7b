// SPDX-License-Identifier: Apache-2.0
//
// Every link there is on any page leads somewhere: followed from the start, as owner, viewer and
// partner. Of links that differ in their ids alone a few are followed.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Database } from '../lib/databases.mjs';
import { Visitor } from '../lib/visitor.mjs';
import { setTheStage } from './stage.mjs';

const ALIKE_MAX = 3;

let database, stage;

before(async () => {
  database = await new Database('sqlite').open();
  stage = await setTheStage(database);
}, { timeout: 120_000 });

after(() => database?.close());

const plain = (text) => text.replace(/&amp;/g, '&').replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))
  .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));

const hrefs = (html) => [...html.matchAll(/\bhref="([^"]*)"/g)].map((m) => plain(m[1]));

// Addresses of one shape: ids and values left out, what is asked by name kept.
function shape(path) {
  const url = new URL(path, 'http://here');
  const names = [...url.searchParams.keys()].sort().join(',');
  return `${url.pathname.replace(/\b[a-z]{3}_[0-9a-z]{13}\b/g, ':id')}?${names}`;
}

// Everything within `inside` that can be reached from `start`; [address, status] of what leads nowhere.
async function crawl(visitor, start, inside) {
  const waiting = [start], met = new Set(waiting), shapes = new Map(), dead = [];
  let seen = 0;
  while (waiting.length) {
    const path = waiting.shift();
    const { status, text, to, type } = await visitor.ask('GET', path);
    seen++;
    if (status >= 400) dead.push(`${path} gave ${status}`);
    const found = type.startsWith('text/html') ? hrefs(text) : [];
    for (const href of [...found, ...(to ? [to] : [])]) {
      const url = new URL(href, `http://here${path}`);
      const next = url.pathname + url.search;
      if (url.host !== 'here' || !next.startsWith(inside) || met.has(next)) continue;
      met.add(next);
      const alike = (shapes.get(shape(next)) ?? 0) + 1;
      shapes.set(shape(next), alike);
      if (alike <= ALIKE_MAX) waiting.push(next);
    }
  }
  return { seen, dead, shapes };
}

describe('links', { timeout: 300_000 }, () => {
  for (const [who, least] of [['owner', 120], ['viewer', 80]])
    test(`lead somewhere, for the ${who}`, async () => {
      const visitor = await new Visitor(stage.server).signIn(stage[who]);
      const { seen, dead, shapes } = await crawl(visitor, '/app/acme', '/app/acme');
      assert.deepEqual(dead, []);
      assert.ok(seen >= least, `${seen} pages`);
      assert.ok(shapes.has('/app/acme/commissions.csv?status'), 'a filtered list as a file');
    });

  test('lead somewhere, for a partner', async () => {
    const { server, bare, cast } = stage;
    const person = await server.user(bare, { email: 'ann@partners.example', role: 'viewer' });
    await server.cli('member add', '--org', 'acme', '--email', person.email, '--role', 'partner', '--partner', cast.ann.id);
    const visitor = await new Visitor(server).signIn(person);
    const { seen, dead } = await crawl(visitor, '/portal/acme', '/portal/acme');
    assert.deepEqual(dead, []);
    assert.ok(seen >= 20, `${seen} pages`);
  });
});
