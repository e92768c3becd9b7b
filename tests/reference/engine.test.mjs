// SPDX-License-Identifier: Apache-2.0
//
// The engine against the reference engine over random cases, and its explanations against a
// checker that knows nothing but the steps. SEED and CASES change what is tried.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { environment, root } from '../lib/binary.mjs';
import {
  accrue, allocate, attribute, correct, countersOff, divide, fold, gone, percent, ppm, reverse, trueUp,
} from './engine.mjs';
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

// Whatever is no small number, as JSON has it.
const plain = (x) => (typeof x === 'bigint' ? Number(x) : Array.isArray(x) ? x.map(plain) : x);
const same = (got, want, context) => {
  if (JSON.stringify(got) !== JSON.stringify(want)) assert.deepEqual(got, want, context);
};

const row = (e) => (e.gate !== 'none'
  ? [e.partner, e.gate, 0]
  : [e.partner, e.gate, Number(e.amount), e.currency, e.kind, e.level,
    e.kind === 'own' ? e.rule : 'own', e.kind === 'own' ? e.index : 0,
    Number(e.cut), e.holds, Number(e.matures)]);

// Recompute the amount from an explanation's steps alone.
function recompute(steps) {
  let value = 0n;
  for (const s of steps) {
    const of = s.of === undefined ? undefined : BigInt(s.of);
    switch (s.step) {
      case 'base':
        value = BigInt(s.amount) - (s.base === 'gross' ? 0n : BigInt(s.tax) + BigInt(s.shipping));
        if (value < 0n) value = 0n;
        break;
      case 'convert': value = BigInt(s.result); break; // rates are checked by the reference engine
      case 'percent': assert.equal(of, value); value = percent(value, ppm(s.rate)); break;
      case 'fixed': value = divide(BigInt(s.amount) * BigInt(s.quantity ?? 1), BigInt(s.quantity_of ?? 1)); break;
      case 'share': assert.equal(of, value); value = allocate(value, s.shares.map(BigInt))[s.part]; break;
      case 'true_up': value = BigInt(s.is) - BigInt(s.was) - BigInt(s.before ?? 0); break;
      case 'override': case 'recruiting': value = percent(of, ppm(s.rate)); break;
      case 'left': assert.equal(of, value); value = BigInt(s.result); break;
      case 'give': assert.equal(of, value); value -= BigInt(s.amount); break;
      case 'cap': {
        const room = BigInt(s.limit) - BigInt(s.used);
        assert.equal(BigInt(s.cut), value - (room > 0n ? room : 0n));
        value -= BigInt(s.cut);
        break;
      }
      case 'gate': return 0n;
      default: continue;
    }
    assert.equal(BigInt(s.result), value, JSON.stringify(s));
  }
  return value;
}

const options = { skip: !existsSync(driver) };

const tooMuchChain = (got) => got.error?.startsWith('terms/chain/levels'); // takes more than there is: refused

// Each amount follows from its explanation alone.
function checkExplained(got, context) {
  got.explanations.forEach((e, k) => {
    assert.equal(recompute(e.steps), BigInt(got.earnings[k][2]), `${context}\n${JSON.stringify(e)}`);
  });
}

test(`${count} random events earn what the reference engine says`, options, () => {
  const earning = new Set();
  for (const { one, got, context } of driven(seed, randomCase)) {
    if (tooMuchChain(got)) continue;
    const want = accrue(one);
    same([got.gate, got.earnings, got.counts], [want.gate, want.earnings.map(row), plain(want.counts)], context);
    checkExplained(got, context);
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
    same(got, plain(trueUp(one)), context);
    seen[got[0] < got[1] ? 'less' : got[0] > got[1] ? 'more' : 'same'] += 1;
  }
  assert.ok(Object.values(seen).every((n) => n > 10), JSON.stringify(seen));
});

test(`${count} random corrections are shared and capped as the reference engine says`, options, () => {
  const gates = new Set();
  for (const { one, got, context } of driven(seed + 5, randomCorrection)) {
    if (tooMuchChain(got)) continue;
    const want = correct(one);
    same([got.gate, got.earnings], [want.gate, want.earnings.map(row)], context);
    checkExplained(got, context);
    got.earnings.forEach((e) => gates.add(e[1]));
  }
  assert.deepEqual([...gates].sort(), ['banned', 'capped', 'closed', 'none', 'nothing_left', 'rounds_to_zero']);
});

test(`${count} random reversals post what the reference engine says`, options, () => {
  for (const { one, got, context } of driven(seed + 1, randomReversal)) same(got, plain(reverse(one)), context);
});

test(`${fewer} random contests credit whom the reference engine says`, options, () => {
  const lost = new Set();
  for (const { one, got, context } of driven(seed + 2, randomContest, fewer)) {
    same(got, attribute(one), context);
    got.lost.forEach((why) => lost.add(why));
  }
  assert.equal(lost.size, 16, `${[...lost].sort()}`);
});

test(`${fewer} random disputes take from a sale what the reference engine says`, options, () => {
  for (const { one, got, context } of driven(seed + 3, randomLoss, fewer)) {
    same(got, plain([...fold(one), gone(one), countersOff(one, gone(one))]), context);
  }
});
