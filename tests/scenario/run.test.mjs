// SPDX-License-Identifier: Apache-2.0
//
// Plays every *.t file beside it, and the stories of docs/RULES.md, against the real program,
// on SQLite and on PostgreSQL; README.md describes the language. SCENARIO=text picks files.
import assert from 'node:assert/strict';
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

async function perform({ name, path, text }, server) {
  const stage = new Stage(server, name.toLowerCase().replace(/\.t$/, '').replace(/[\W_]+/g, '-'));
  const steps = parse(path, text);
  const end = END.map((text) => ({ line: 'end', text, words: text.split(' '), block: {} }));
  for (const step of [...steps, ...end]) {
    try {
      await play(stage, step);
    } catch (error) {
      throw new ScenarioError(path, step.line, `${step.text}\n${error.message}`);
    }
  }
}

const files = readdirSync(here).filter((name) => name.endsWith('.t')).sort()
  .map((name) => ({ name, path: `tests/scenario/${name}`, text: readFileSync(here + name, 'utf8') }));

// Blocks ```story of the manual; empty lines stand for what is before one, so that lines are the manual's.
function stories(path) {
  const manual = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  return [...manual.matchAll(/^```story\n(.*?)^```$/gms)].map((match) => {
    const line = manual.slice(0, match.index).split('\n').length;
    return { name: `rules-line-${line}`, path, text: '\n'.repeat(line) + match[1] };
  });
}

const told = stories('docs/RULES.md');
assert.ok(told.length > 0, 'the manual tells a story');
const all = [...files, ...told].filter((one) => one.name.includes(process.env.SCENARIO ?? ''));

for (const kind of kinds) {
  describe(`scenario (${kind})`, () => {
    for (const one of all) {
      test(one.name, { timeout: 120_000 }, async () => {
        const database = await new Database(kind).open();
        try {
          await perform(one, await database.serve());
        } finally {
          await database.close();
        }
      });
    }
  });
}
