// SPDX-License-Identifier: Apache-2.0
//
// The engine against the reference engine over random cases, and its explanations against a
// checker that knows nothing but the steps. SEED and CASES change what is tried.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import test from 'node:test';
import { environment, root } from '../lib/binary.mjs';
import { accrue, allocate, divide, percent, ppm, reverse } from './engine.mjs';
import { randomCase, randomness, randomReversal } from './random.mjs';

const driver = process.env.RULES_DRIVER ?? `${root}build/asan/rules_driver`;
const seed = Number(process.env.SEED ?? 1);
const count = Number(process.env.CASES ?? 20_000);

function drive(cases) {
  const input = cases.map((x) => JSON.stringify(x)).join('\n') + '\n';
  const done = spawnSync(driver, { input, encoding: 'utf8', maxBuffer: 1 << 30, env: environment() });
  assert.equal(done.status, 0, done.stderr);
  const lines = done.stdout.trimEnd().split('\n');
  assert.equal(lines.length, cases.length);
  return lines;
}

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

test(`${count} random events earn what the reference engine says`, { skip: !existsSync(driver) }, () => {
  const r = randomness(seed);
  const cases = Array.from({ length: count }, () => randomCase(r));
  const earning = new Set();
  drive(cases).forEach((line, i) => {
    const got = JSON.parse(line);
    const context = `case ${i} of seed ${seed}: ${JSON.stringify(cases[i])}`;
    if (got.error?.startsWith('terms/chain/levels')) return; // takes more than there is: refused
    const want = accrue(cases[i]);
    assert.deepEqual([got.gate, got.earnings], [want.gate, want.earnings.map(row)], `${context}\n${line}`);
    got.explanations.forEach((e, k) => {
      assert.equal(recompute(e.steps), BigInt(got.earnings[k][2]), `${context}\n${JSON.stringify(e)}`);
    });
    got.earnings.forEach((e) => earning.add(e[1]));
  });
  // The cases are worth something only if they meet every way to earn nothing.
  assert.deepEqual([...earning].sort(), ['banned', 'capped', 'closed', 'delay', 'duration', 'no_amount', 'no_reward',
    'none', 'nothing_left', 'rounds_to_zero', 'self', 'window_over', 'zero_reward'].sort());
});

test(`${count} random reversals post what the reference engine says`, { skip: !existsSync(driver) }, () => {
  const r = randomness(seed + 1);
  const cases = Array.from({ length: count }, () => randomReversal(r));
  drive(cases).forEach((line, i) => {
    const got = JSON.parse(line);
    const want = reverse(cases[i]).map((x) => (typeof x === 'bigint' ? Number(x) : x));
    assert.deepEqual(got, want, `case ${i} of seed ${seed + 1}: ${JSON.stringify(cases[i])}`);
  });
});
