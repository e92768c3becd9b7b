// SPDX-License-Identifier: Apache-2.0
//
// The examples of docs/API.md are run as they stand there, in their order, but for the host's name
// and ids; each must be answered well, and with what the document shows behind it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { onEachDatabase } from '../lib/databases.mjs';
import { root } from '../lib/binary.mjs';
import { makeWorld } from './world.mjs';

const HOST = 'https://partners.example.com';

// Indented blocks that begin with curl; a backslash goes on in the next line.
function examples() {
  const found = [];
  for (const block of readFileSync(`${root}docs/API.md`, 'utf8').matchAll(/(?:^ {4}.*\n)+/gm)) {
    const text = block[0].replace(/^ {4}/gm, '').trimEnd();
    found.push(...text.split(/\n(?=curl )/).filter((one) => one.startsWith('curl ')));
  }
  return found;
}

onEachDatabase('the examples of the manual', (database) => {
  test('work as they stand there', async () => {
    const server = await database.serve();
    const { api, key } = await server.org('acme');
    const world = await makeWorld(api);
    const ids = { cmp: world.campaign.id, prt: world.partner.id, lnk: world.link.id, cus: world.customer.id };
    let last = {};
    assert.ok(examples().length >= 8, `${examples().length} examples`);
    for (const example of examples()) {
      const line = example.replaceAll(HOST, server.url)
        .replace(/\b(cmp|prt|lnk|cus)_[0-9a-z]{13}\b/g, (_, kind) => ids[kind])
        .replace(/\b(clk|com|evt|run)_[0-9a-z]{13}\b/g, (id, kind) => last[kind] ?? id);
      const { stdout } = await promisify(execFile)('bash', ['-c',
        `curl() { command curl --silent --show-error --fail-with-body --max-time 20 "$@"; }; ${line}`],
      { env: { ...process.env, KEY: key } }).catch((error) => assert.fail(`${example}\n${error.stdout ?? ''}${error.message}`));
      for (const [id, kind] of stdout.matchAll(/\b(clk|com|evt|run)_[0-9a-z]{13}\b/g)) last = { ...last, [kind]: id };
      assert.doesNotThrow(() => JSON.parse(stdout), `${example}\n${stdout}`);
    }
    assert.match(await database.cli('audit'), /^audit: ok /m);
  });
});
