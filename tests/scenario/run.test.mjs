// SPDX-License-Identifier: Apache-2.0
//
// Plays every *.t file beside it against the real program, on SQLite and on
// PostgreSQL; README.md describes the language. SCENARIO=text picks files.
import { readFileSync, readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Database, kinds } from '../lib/databases.mjs';
import { Words, ScenarioError, parse } from './language.mjs';
import { Stage } from './stage.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const EXPECTATIONS = ['balance', 'commission', 'credited', 'says', 'events', 'team', 'ledger', 'audit'];
const PARTNER_STEPS = ['approve', 'decline', 'suspend', 'reinstate', 'ban'];
const VERBS = ['org', 'campaign', 'publish', 'partner', 'override', 'move', 'link', 'code', 'click', 'lead', 'sale',
  'refund', 'dispute', 'churn', 'event', 'again', 'advance', 'job', 'payout', 'replay', 'rates',
  'restate', 'close', 'deal', 'protect'];
const END = ['expect ledger balanced', 'replay', 'expect audit ok'];

async function play(stage, step) {
  const words = new Words(step.words);
  const verb = words.next('a verb');
  if (verb !== 'org') await stage.ensureOrg();
  if (verb === 'GET') return stage.get(words, step);
  if (PARTNER_STEPS.includes(verb)) return stage.step(words, step, verb);
  if (verb === 'expect') {
    const what = words.next('what is expected');
    if (what === 'restated') return stage.restated(words, step);
    if (what === 'payout') return stage.payoutOf(words, step);
    if (what === 'deal') return stage.stageOf(words, step);
    if (EXPECTATIONS.includes(what)) return stage[what](words, step);
    throw new Error(`"expect ${what}" is not known`);
  }
  if (VERBS.includes(verb)) return stage[verb](words, step);
  throw new Error(`the verb "${verb}" is not known`);
}

async function perform(file, server) {
  const stage = new Stage(server, file.replace(/\.t$/, '').replace(/[\W_]+/g, '-'));
  const steps = parse(file, readFileSync(here + file, 'utf8'));
  const end = END.map((text) => ({ line: 'end', text, words: text.split(' '), block: {} }));
  for (const step of [...steps, ...end]) {
    try {
      await play(stage, step);
    } catch (error) {
      throw new ScenarioError(`tests/scenario/${file}`, step.line, `${step.text}\n${error.message}`);
    }
  }
}

const files = readdirSync(here).filter((name) => name.endsWith('.t')).sort()
  .filter((name) => name.includes(process.env.SCENARIO ?? ''));

for (const kind of kinds) {
  describe(`scenario (${kind})`, () => {
    for (const file of files) {
      test(file, { timeout: 120_000 }, async () => {
        const database = await new Database(kind).open();
        try {
          await perform(file, await database.serve());
        } finally {
          await database.close();
        }
      });
    }
  });
}
