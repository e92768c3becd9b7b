// SPDX-License-Identifier: Apache-2.0
//
// Good books, falsified by somebody with the database in hand: the audit has to say so.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

function sqlite(file, sql) {
  return execFileSync('sqlite3', [file, sql], { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

// What refuses changes of ledger and events is the first thing to go.
function disarm(file) {
  const names = sqlite(file, "SELECT name FROM sqlite_master WHERE type = 'trigger'");
  for (const name of names.split('\n').filter(Boolean)) sqlite(file, `DROP TRIGGER ${name}`);
}

// Each of [name, SQL or a list of it, what the audit says] on a copy of a SQLite database with one organisation.
export async function findsPlanted(t, database, corruptions) {
  assert.match(await database.cli('audit'), /^audit: ok/m);
  const good = join(database.dir, 'good');
  cpSync(database.data, good, { recursive: true, filter: (from) => !from.endsWith('.sock') });
  for (const [name, sql, says] of corruptions) {
    await t.test(name, async () => {
      rmSync(database.data, { recursive: true, force: true });
      cpSync(good, database.data, { recursive: true });
      const [file] = readdirSync(join(database.data, 'org')).filter((n) => n.endsWith('.db'));
      const path = join(database.data, 'org', file);
      disarm(path);
      sqlite(path, [sql].flat().join('; '));
      assert.match(await database.cli('audit', { status: 1 }), says);
    });
  }
}
