// SPDX-License-Identifier: Apache-2.0
//
// Compares what the engine made of a case with what the reference engine makes of it, and its
// explanations with a checker that knows nothing but the steps. Cases: tests/reference/case.h.
import assert from 'node:assert/strict';
import {
  accrue, allocate, attribute, correct, countersOff, divide, fold, gone, percent, ppm, reverse, trueUp,
} from './engine.mjs';

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

// Each amount follows from its explanation alone.
function checkExplained(got, context) {
  got.explanations.forEach((e, k) => {
    assert.equal(recompute(e.steps), BigInt(got.earnings[k][2]), `${context}\n${JSON.stringify(e)}`);
  });
}

function judgeEarnings(want, got, context) {
  same([got.gate, got.earnings], [want.gate, want.earnings.map(row)], context);
  if (want.counts) same(got.counts, plain(want.counts), context);
  checkExplained(got, context);
}

// Throws if they disagree.
export function judge(one, got, context) {
  if (one.earned) same(got, plain(reverse(one)), context);
  else if (one.contest) same(got, attribute(one), context);
  else if (one.notices) same(got, plain([...fold(one), gone(one), countersOff(one, gone(one))]), context);
  else if (one.item) same(got, plain(trueUp(one)), context);
  else judgeEarnings(one.correction ? correct(one) : accrue(one), got, context);
}
