// SPDX-License-Identifier: Apache-2.0
//
// Compares what the engine made of a case with what the reference engine makes of it, and its
// explanations with a checker that knows nothing but the steps. Cases: tests/reference/case.h.
import assert from 'node:assert/strict';
import {
  accrue, allocate, attribute, convert, correct, countersOff, divide, fold, gone, percent, ppm, reverse, trueUp,
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

const scaled = (rate) => { const [a, b = ''] = rate.split('.'); return BigInt(a + b.padEnd(8, '0')); };

// Which tier applies follows from what was driven: it is reached, and none above it is.
function checkTiers(steps) {
  const taken = steps.find((s) => ['percent', 'fixed', 'duration'].includes(s.step) && s.rule === 'tier');
  if (taken) assert.ok(taken.is >= taken.from, JSON.stringify(taken));
  for (const s of steps.filter((x) => x.why === 'not_reached' || x.why === 'higher_tier')) {
    assert.equal(s.is >= s.from, s.why === 'higher_tier', JSON.stringify(s));
    if (!taken) continue;
    assert.equal(s.is, taken.is, JSON.stringify([s, taken]));
    assert.equal(s.from > taken.from, s.why === 'not_reached', JSON.stringify([s, taken]));
  }
}

// Recompute the amount from an explanation's steps alone.
function recompute(steps) {
  let value = 0n;
  checkTiers(steps);
  for (const s of steps) {
    const of = s.of === undefined ? undefined : BigInt(s.of);
    switch (s.step) {
      case 'base':
        value = BigInt(s.amount) - (s.base === 'gross' ? 0n : BigInt(s.tax) + BigInt(s.shipping));
        if (value < 0n) value = 0n;
        break;
      case 'convert':
        assert.equal(of, value);
        value = convert({ from: s.from, to: s.to, from_rate: scaled(s.from_rate), to_rate: scaled(s.to_rate) }, of);
        break;
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

const DAY = 86_400_000;

// How much of a sum counts, in days of the window, by a step's own members; 1 without a window.
function part(s, x) {
  const window = s.window_days ?? 0;
  if (window) {
    const days = Math.floor((Date.parse(x.at) - Date.parse(s.from_at)) / DAY);
    assert.equal(x.left, Math.max(0, window - Math.max(0, days)), JSON.stringify(s));
  }
  if (s.policy === 'none' || (window && x.left === 0)) return 0;
  return s.policy === 'full' ? window || 1 : x.left;
}

const unitsOf = (s, whole, list) => list.reduce(
  (sum, x) => sum + BigInt(Math.min(x.amount, whole)) * BigInt(part(s, x)), BigInt(s.more_units ?? 0),
);

// Recompute a reversal from its explanation's steps alone: [what to post, total, held].
function recomputeReversal(steps) {
  const [refunds, disputes, churn, target, post] = steps;
  assert.deepEqual(steps.map((s) => s.step), ['refunds', 'disputes', 'churn', 'target', 'post']);
  const [amount, whole] = [BigInt(refunds.commission), refunds.of];
  const share = (units, s) => {
    const all = BigInt(whole) * BigInt(s.window_days ?? 1);
    return all > 0n ? divide(amount * (units < all ? units : all), all) : 0n;
  };
  let units = unitsOf(refunds, whole, refunds.each ?? []);
  assert.equal(BigInt(refunds.result), share(units, refunds), JSON.stringify(refunds));
  if (refunds.each) {
    const scale = BigInt(refunds.window_days ?? 1);
    const all = refunds.each.reduce((sum, x) => sum + BigInt(x.amount), 0n);
    const counted = units / scale;
    assert.equal(BigInt(refunds.counted), counted < BigInt(whole) ? counted : BigInt(whole));
    if (!refunds.more) assert.equal(BigInt(refunds.refunded), all < BigInt(whole) ? all : BigInt(whole));
  }
  const taking = (disputes.each ?? []).filter((d) => d.status === 'lost' || (d.status === 'opened' && disputes.opened === 'reverse'));
  units += unitsOf(disputes, whole, taking);
  const both = share(units, disputes.each ? disputes : refunds);
  assert.equal(BigInt(disputes.result), both - BigInt(refunds.result), JSON.stringify(disputes));
  let left = 0n;
  if (churn.policy) {
    assert.equal(BigInt(churn.of), amount - both);
    left = divide(BigInt(churn.of) * BigInt(part(churn, churn)), BigInt(churn.policy === 'none' ? 1 : churn.window_days ?? 1));
  }
  assert.equal(BigInt(churn.result), left, JSON.stringify(churn));
  assert.equal(BigInt(target.result), both + left);
  assert.equal(BigInt(post.result), both + left - BigInt(post.reversed_before));
  return [Number(post.result), Number(target.result)];
}

function judgeReversal(one, { said, explanation }, context) {
  same(said, plain(reverse(one)), context);
  assert.deepEqual(recomputeReversal(explanation.steps), said.slice(0, 2), `${context}\n${JSON.stringify(explanation)}`);
}

function judgeEarnings(want, got, context) {
  same([got.gate, got.earnings], [want.gate, want.earnings.map(row)], context);
  if (want.counts) same(got.counts, plain(want.counts), context);
  checkExplained(got, context);
}

// Throws if they disagree.
export function judge(one, got, context) {
  if (one.earned) judgeReversal(one, got, context);
  else if (one.contest) same(got, attribute(one), context);
  else if (one.notices) same(got, plain([...fold(one), gone(one), countersOff(one, gone(one))]), context);
  else if (one.item) same(got, plain(trueUp(one)), context);
  else judgeEarnings(one.correction ? correct(one) : accrue(one), got, context);
}
