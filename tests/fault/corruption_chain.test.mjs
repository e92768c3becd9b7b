// SPDX-License-Identifier: Apache-2.0
//
// Falsified chains of partners, past the program: the audit finds each, on both databases.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { onEachDatabase } from '../lib/databases.mjs';

const id = (name) => `(SELECT id FROM partner WHERE name = '${name}')`;
const under = (name, parent) => `UPDATE partner SET parent_id = ${id(parent)} WHERE name = '${name}'`;
const moved = (from, to) => `UPDATE partner_parent SET parent_id = ${id(to)} WHERE parent_id = ${id(from)} AND since > 0`;
const placed = (from, to) => `UPDATE partner_place SET parent_id = ${id(to)} WHERE parent_id = ${id(from)}`;
const gets = (from, to) => `UPDATE commission SET partner_id = ${id(to)} WHERE partner_id = ${id(from)} AND kind = 1 AND amount = 250`;
const judgedBy = (from, to) => `UPDATE event SET inputs = replace(inputs, CAST(${id(from)} AS TEXT), CAST(${id(to)} AS TEXT))
  WHERE external_id = 'one'`;
// The commission, its legs and the balances, all alike: only what was judged and the hashes tell.
const everything = (from, to) => [gets(from, to),
  `UPDATE ledger_leg SET partner_id = ${id(to)} WHERE partner_id = ${id(from)}`,
  `UPDATE balance SET partner_id = ${id(to)} WHERE partner_id = ${id(from)}`].join('; ');

// What is done, how it is undone, and what the audit must say.
const corruptions = [
  ['a parent was changed behind its back', under('bob', 'eve'), under('bob', 'ann'),
    /partners above that were not there at its time/],
  ['who was moved stands under another', under('sub', 'ann'), under('sub', 'eve'),
    /the partner above is not the one of the last move/],
  ['a move was to another', moved('eve', 'ann'), moved('ann', 'eve'),
    /not the one of the last move[^]*partners above that were not there at its time/],
  ['a move counts from another time', 'UPDATE partner SET parent_from = parent_from + 1 WHERE parent_from > 0',
    'UPDATE partner SET parent_from = parent_from - 1 WHERE parent_from > 0', /not the one of the last move/],
  ['who stands below is kept below another', placed('ann', 'zoe'), placed('zoe', 'ann'), /is not kept below the partners/],
  ['a time below somebody ends later', 'UPDATE partner_place SET until = until + 1 WHERE until < 9000000000000',
    'UPDATE partner_place SET until = until - 1 WHERE until < 9000000000000', /is not kept below the partners/],
  ['an upline\'s commission goes to the wrong ancestor', gets('ann', 'zoe'), gets('zoe', 'ann'),
    /a leg is another partner's[^]*its event earns for somebody else/],
  ['with its legs and balance', everything('ann', 'zoe'), everything('zoe', 'ann'),
    /not what its hash says[^]*judged again/],
  ['an event was judged by the wrong ancestor', judgedBy('ann', 'zoe'), judgedBy('zoe', 'ann'),
    /partners above that were not there at its time/],
];

onEachDatabase('chains', (database) => {
  function sql(text) {
    if (database.kind === 'postgres') {
      execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', database.url,
        '-c', `SET session_replication_role = replica; ${text}`], { stdio: ['ignore', 'ignore', 'pipe'] });
      return '';
    }
    const [file] = readdirSync(join(database.data, 'org')).filter((name) => name.endsWith('.db'));
    return execFileSync('sqlite3', [join(database.data, 'org', file), text], { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  }

  test('there are chains with moves in good books', async () => {
    const server = await database.serve();
    const { api } = await server.org();
    const { body: campaign } = await api.post('/campaigns', {
      name: 'Main', slug: 'main', currency: 'USD', url: 'https://shop.example/', terms: {
        trigger: 'sale', reward: { type: 'percentage', value: '25' }, chain: { levels: [{ percent: '10' }, { percent: '5' }] },
      },
    }, 201);
    const partners = {};
    for (const [name, parent] of [['zoe'], ['ann'], ['eve'], ['bob', 'ann'], ['sub', 'bob']]) {
      partners[name] = (await api.post('/partners', {
        name, email: `${name}@partner.example`, campaign: campaign.id, parent: partners[parent],
      }, 201)).body.id;
    }
    const sale = (name, partner) => api.post('/track/sale', {
      id: name, partner: partners[partner], customer: { id: name }, amount: 10000, currency: 'USD',
    }, 201);
    await sale('one', 'bob');
    await sale('two', 'sub');
    database.advance('1d');
    await api.patch(`/partners/${partners.sub}`, { parent: partners.eve }, 200);
    await sale('three', 'sub');
    await server.stop();
    assert.match(await database.cli('audit'), /^audit: ok/m);
    if (database.kind === 'sqlite') {
      const names = sql("SELECT name FROM sqlite_master WHERE type = 'trigger'");
      for (const name of names.split('\n').filter(Boolean)) sql(`DROP TRIGGER ${name}`);
    }
  });

  for (const [name, plant, undo, says] of corruptions) {
    test(`the audit finds it when ${name}`, async () => {
      sql(plant);
      assert.match(await database.cli('audit', { status: 1 }), says);
      sql(undo);
      assert.match(await database.cli('audit'), /^audit: ok/m);
    });
  }
});
