// SPDX-License-Identifier: Apache-2.0
//
// The engine against the reference engine over random cases (judge.mjs). SEED and CASES change what
// is tried.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { environment, root } from '../lib/binary.mjs';
import { judge } from './judge.mjs';
import {
  randomCase, randomContest, randomCorrection, randomLoss, randomness, randomReversal, randomTrueUp,
} from './random.mjs';

const driver = process.env.RULES_DRIVER ?? `${root}build/asan/rules_driver`;
const seed = Number(process.env.SEED ?? 1);
const count = Number(process.env.CASES ?? 20_000);
const fewer = Math.ceil(count / 4); // of what has fewer ways to go

const BATCH = 20_000;

// Cases one after the other, each with the line the driver answered, some thousands at a time.
function* driven(number, make, limit = count) {
  const r = randomness(number);
  for (let from = 0; from < limit; from += BATCH) {
    const cases = Array.from({ length: Math.min(BATCH, limit - from) }, () => make(r));
    const texts = cases.map((x) => JSON.stringify(x));
    const done = spawnSync(driver, { input: `${texts.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 30, env: environment() });
    assert.equal(done.status, 0, done.stderr);
    const lines = done.stdout.trimEnd().split('\n');
    assert.equal(lines.length, cases.length);
    for (let i = 0; i < cases.length; i++) {
      yield { one: cases[i], got: JSON.parse(lines[i]), context: `case ${from + i} of seed ${number}: ${texts[i]}\n${lines[i]}` };
    }
  }
}

const options = { skip: !existsSync(driver) };

const tooMuchChain = (got) => got.error?.startsWith('terms/chain/levels'); // takes more than there is: refused

test(`${count} random events earn what the reference engine says`, options, () => {
  const earning = new Set();
  for (const { one, got, context } of driven(seed, randomCase)) {
    if (tooMuchChain(got)) continue;
    judge(one, got, context);
    earning.add(got.gate);
    got.earnings.forEach((e) => earning.add(e[1]));
  }
  // The cases are worth something only if they meet every way to earn nothing.
  assert.deepEqual([...earning].sort(), ['banned', 'bot', 'campaign_closed', 'capped', 'closed', 'delay', 'duplicate',
    'duration', 'no_amount', 'no_reward', 'none', 'not_credited', 'nothing_left', 'rounds_to_zero', 'self', 'trigger',
    'unqualified', 'window_over', 'zero_reward'].sort());
});

test(`${count} random events of a period are trued up as the reference engine says`, options, () => {
  const seen = { less: 0, more: 0, same: 0 };
  for (const { one, got, context } of driven(seed + 4, randomTrueUp)) {
    if (tooMuchChain(got)) continue;
    judge(one, got, context);
    seen[got[0] < got[1] ? 'less' : got[0] > got[1] ? 'more' : 'same'] += 1;
  }
  assert.ok(Object.values(seen).every((n) => n > 10), JSON.stringify(seen));
});

test(`${count} random corrections are shared and capped as the reference engine says`, options, () => {
  const gates = new Set();
  for (const { one, got, context } of driven(seed + 5, randomCorrection)) {
    if (tooMuchChain(got)) continue;
    judge(one, got, context);
    got.earnings.forEach((e) => gates.add(e[1]));
  }
  assert.deepEqual([...gates].sort(), ['banned', 'capped', 'closed', 'none', 'nothing_left', 'rounds_to_zero']);
});

test(`${count} random reversals post what the reference engine says`, options, () => {
  for (const { one, got, context } of driven(seed + 1, randomReversal)) judge(one, got, context);
});

test(`${fewer} random contests credit whom the reference engine says`, options, () => {
  const lost = new Set();
  for (const { one, got, context } of driven(seed + 2, randomContest, fewer)) {
    judge(one, got, context);
    got.lost.forEach((why) => lost.add(why));
  }
  assert.equal(lost.size, 17, `${[...lost].sort()}`);
});

test(`${fewer} random disputes take from a sale what the reference engine says`, options, () => {
  for (const { one, got, context } of driven(seed + 3, randomLoss, fewer)) judge(one, got, context);
});
