// SPDX-License-Identifier: Apache-2.0
//
// Checks a ledger or statement in a file: written from docs/BOOKS.md, not from the server's code.
//
//     node tests/reference/books.mjs FILE [PUBLIC-KEY]
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { blake2b } from './blake2b.mjs';
import { allocate, divide, percent, ppm } from './engine.mjs';

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const ORDER = ['books', 'payout', 'commission', 'ledger_entry', 'ledger_checkpoint', 'balance', 'end'];
const KINDS = ['accrue', 'mature', 'reverse', 'pay', 'settle', 'fail', 'adjust', 'repost', 'hold'];
const ACCOUNTS = ['partner_pending', 'partner_payable', 'commission_expense', 'payout_clearing', 'cash', 'fx'];
const EXPONENTS = { JPY: 0n, KRW: 0n, CLP: 0n, ISK: 0n, VND: 0n, BHD: 3n, KWD: 3n, JOD: 3n, OMR: 3n, TND: 3n, IQD: 3n, LYD: 3n };
const DAY = 86_400_000;

class Wrong extends Error {}

function must(holds, what) {
  if (!holds) throw new Wrong(what);
}

const isId = (text, prefix) => typeof text === 'string' && new RegExp(`^${prefix}_[${DIGITS}]{13}$`).test(text);

function idNumber(text) {
  if (!text) return 0n;
  return [...text.split('_')[1]].reduce((n, digit) => n * 32n + BigInt(DIGITS.indexOf(digit)), 0n);
}

const timeNumber = (text) => (text ? Date.parse(text) : 0);

function signed(key, text, signature) {
  try {
    const x = Buffer.from(key, 'hex').toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return /^[0-9a-f]{128}$/.test(signature) && verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}

// What the steps alone come to: the amount, when it is due, and the sale they begin with.
export function recompute(steps) {
  const out = { amount: 0n };
  let fixed = false;
  for (const s of steps) {
    let result;
    let counts = true;
    const of = BigInt(s.of ?? 0);
    if (s.step === 'base') {
      out.sale = BigInt(s.amount);
      result = out.sale - (s.base === 'gross' ? 0n : BigInt(s.tax ?? 0) + BigInt(s.shipping ?? 0));
      counts = false;
    } else if (s.step === 'convert') {
      const scaled = (rate) => { const [a, b = ''] = rate.split('.'); return BigInt(a + b.padEnd(8, '0')); };
      const units = (currency) => 10n ** (EXPONENTS[currency] ?? 2n);
      result = divide(of * scaled(s.to_rate) * units(s.to), scaled(s.from_rate) * units(s.from));
      counts = fixed; // else it is what the reward is for
    } else if (s.is < s.from && (s.step === 'percent' || s.step === 'fixed')) {
      throw new Wrong(`step ${s.step} is of a tier that was not reached`);
    } else if (['percent', 'override', 'recruiting'].includes(s.step)) {
      result = percent(of, ppm(s.rate));
    } else if (s.step === 'fixed') {
      fixed = true;
      result = s.quantity_of ? divide(BigInt(s.amount) * BigInt(s.quantity), BigInt(s.quantity_of)) : BigInt(s.amount);
    } else if (s.step === 'share') {
      result = allocate(of, s.shares.map(BigInt))[s.part];
    } else if (s.step === 'true_up' || s.step === 'restated') {
      result = BigInt(s.is) - BigInt(s.was) - BigInt(s.before);
    } else if (s.step === 'left') { // how much only the earner's explanation tells: less than was wanted
      result = BigInt(s.result);
      must(out.amount < 0n ? result <= 0n && result > out.amount : result >= 0n && result < out.amount, 'step left does not add up');
    } else if (s.step === 'give') {
      result = out.amount - BigInt(s.amount);
    } else if (s.step === 'cap') {
      const room = BigInt(s.limit) - BigInt(s.used);
      result = out.amount < room ? out.amount : room > 0n ? room : 0n;
    } else {
      if (s.step === 'matures') {
        out.matures = Date.parse(s.from_at) + s.days * DAY;
        must(out.matures === Date.parse(s.at), 'step matures does not add up');
      }
      continue;
    }
    must(result === BigInt(s.result), `step ${s.step} does not add up`);
    if (counts) out.amount = result;
  }
  return out;
}

class Books {
  constructor(key) {
    this.key = key;
    this.findings = [];
    this.counts = { entry: 0, commission: 0, checkpoint: 0 };
    this.part = 0;
    this.last = { number: 0, id: 0n, hash: '0'.repeat(64) };
    this.day = '';
    this.sums = new Map();
    this.payouts = new Map();
    this.commissions = new Map();
    this.balances = new Map();
    this.readers = {
      books: this.header, payout: this.payout, commission: this.commission, ledger_entry: this.entry,
      ledger_checkpoint: this.checkpoint, balance: this.balance, end: this.end,
    };
  }

  found(what, line = this.line) {
    this.findings.push({ line, what });
  }

  expect(holds, what) {
    if (!holds) this.found(what);
  }

  take(text, before) {
    const o = JSON.parse(text);
    const part = ORDER.indexOf(o.object);
    must(part >= 0, 'no such line');
    must((part === 0) === (this.line === 1), 'out of place');
    this.expect(part >= this.part || (this.part === 4 && part === 3), 'out of place');
    this.part = Math.max(this.part === 4 && part === 3 ? 3 : this.part, part);
    this.readers[o.object].call(this, o, before);
  }

  header(o) {
    must(o.version === 1 && isId(o.organisation, 'org') && (o.partner === null || isId(o.partner, 'prt')), 'no header');
    this.about = o;
    this.expect(!this.key || this.key === o.public_key, 'another key');
    this.key ||= o.public_key;
  }

  // A line that has an owner and a currency, said for the first time.
  owned(map, name, o) {
    must(isId(o.partner, 'prt') && /^[A-Z]{3}$/.test(o.currency), 'no owner');
    this.expect(!this.about.partner || this.about.partner === o.partner, 'another partner');
    this.expect(!map.get(name)?.line, 'said again');
    const tally = map.get(name) ?? { found: {} };
    Object.assign(tally, { line: this.line, partner: o.partner, currency: o.currency });
    map.set(name, tally);
    return tally;
  }

  payout(o) {
    const is = (...all) => (all.includes(o.status) ? o.amount : 0);
    must(isId(o.id, 'pay') && Number.isInteger(o.amount), 'no payout');
    this.owned(this.payouts, o.id, o).said = { pay: is('approved', 'paid', 'failed'), settle: is('paid'), fail: is('failed') };
  }

  commission(o) {
    must(isId(o.id, 'com') && [o.amount, o.base, o.reversed].every(Number.isInteger), 'no commission');
    this.counts.commission++;
    const waits = ['pending', 'held', 'rejected'].includes(o.status);
    this.owned(this.commissions, o.id, o).said = { amount: o.amount, reversed: o.reversed, waits: waits ? o.amount - o.reversed : 0 };
    const r = recompute(o.explanation.steps);
    this.expect(r.amount === BigInt(o.amount), `the explanation gives ${r.amount}`);
    this.expect(r.matures === Date.parse(o.matures_at), 'matures at another time');
    this.expect(r.sale === undefined || r.sale === BigInt(o.base), 'begins with another sale');
  }

  chain(o) {
    const next = o.number === this.last.number + 1 && o.previous_hash === this.last.hash;
    const org = idNumber(this.about.organisation);
    const about = [org, o.number, KINDS.indexOf(o.kind), idNumber(o.commission), idNumber(o.payout), idNumber(o.cause),
      idNumber(o.corrects), timeNumber(o.at), timeNumber(o.posted_at)];
    const legs = o.legs.map((l) => `${[ACCOUNTS.indexOf(l.account), idNumber(l.partner), l.currency, l.debit, l.credit].join('\t')}\n`);
    const text = `partnerd-ledger 1\n${o.previous_hash}\n${about.join('\t')}\n${legs.join('')}`;
    this.expect(this.about.partner ? o.number > this.last.number : next, 'the chain is broken');
    this.expect(idNumber(o.id) > this.last.id, 'ids do not grow');
    this.expect(blake2b(text) === o.hash, 'not what its hash says');
    this.last = { number: o.number, id: idNumber(o.id), hash: o.hash, name: o.id };
  }

  balanced(o) {
    const sums = {};
    for (const l of o.legs) {
      sums[l.currency] = (sums[l.currency] ?? 0) + l.debit - l.credit;
      this.expect(l.debit >= 0 && l.credit >= 0 && (l.debit === 0) !== (l.credit === 0), 'neither debit nor credit');
      this.expect(l.account.startsWith('partner_') === Boolean(l.partner), 'whose account?');
    }
    this.expect(Object.values(sums).every((sum) => sum === 0), 'debits and credits differ');
  }

  add(map, name, what, amount) {
    const tally = map.get(name) ?? { found: {} };
    tally.found[what] = (tally.found[what] ?? 0) + amount;
    map.set(name, tally);
    return tally;
  }

  entry(o) {
    must(isId(o.id, 'led') && KINDS.includes(o.kind) && o.legs.length >= 2, 'no entry');
    must(o.legs.every((l) => ACCOUNTS.includes(l.account) && /^[A-Z]{3}$/.test(l.currency)), 'no legs');
    this.counts.entry++;
    this.chain(o);
    this.balanced(o);
    const commission = this.commissions.get(o.commission);
    const payout = this.payouts.get(o.payout);
    const about = o.commission ? commission : o.payout ? payout : undefined;
    if (o.commission || o.payout) this.expect(about, 'about something that is not there');
    if (o.kind === 'accrue' && commission) this.expect(!commission.found.amount, 'accrued again');
    for (const l of o.legs) {
      const credit = l.credit - l.debit;
      const sum = this.sums.get(`${l.account}\t${l.currency}`) ?? [0, 0];
      this.sums.set(`${l.account}\t${l.currency}`, [sum[0] + l.debit, sum[1] + l.credit]);
      this.expect(!this.about.partner || !l.partner || l.partner === this.about.partner, 'another partner');
      if (about && (l.partner || about === payout))
        this.expect(l.currency === about.currency && (!l.partner || l.partner === about.partner), 'of another');
      const balance = (what, partner) => this.add(this.balances, `${partner} ${l.currency}`, what, credit);
      if (l.partner && l.account.startsWith('partner_')) balance(l.account.slice(8), l.partner);
      if (payout && l.account === 'payout_clearing') balance('in_payout', payout.partner);
      if (payout && l.account === 'cash') balance('paid', payout.partner);
      if (about && about === commission && l.partner) {
        if (o.kind === 'accrue') this.add(this.commissions, o.commission, 'amount', credit);
        if (o.kind === 'reverse' || o.kind === 'repost') this.add(this.commissions, o.commission, 'reversed', -credit);
        if (l.account === 'partner_pending') this.add(this.commissions, o.commission, 'waits', credit);
      }
      if (about && about === payout && !o.commission) this.add(this.payouts, o.payout, o.kind, l.debit);
    }
  }

  checkpoint(o) {
    must(isId(o.id, 'chk') && o.day.length === 10, 'no checkpoint');
    this.counts.checkpoint++;
    const rank = (key) => ACCOUNTS.indexOf(key.split('\t')[0]) + key.split('\t')[1];
    const lines = [...this.sums].sort((a, b) => (rank(a[0]) < rank(b[0]) ? -1 : 1)).map(([k, [d, c]]) => `${k}\t${d}\t${c}\n`);
    const said = o.sums.map((s) => `${s.account}\t${s.currency}\t${s.debit}\t${s.credit}\n`);
    const { organisation } = this.about;
    const text = `partnerd-checkpoint 1\n${organisation}\t${o.day}\t${o.number}\t${o.hash}\t${o.made_at}\n${lines.join('')}`;
    this.expect(!this.about.partner, 'checkpoint in a statement');
    this.expect(o.number === this.last.number && o.hash === this.last.hash && o.entry === this.last.name, 'another entry');
    this.expect(o.day > this.day, 'days do not grow');
    this.expect(said.join('') === lines.join(''), 'other sums');
    this.expect(o.public_key === this.key, 'another key');
    this.expect(signed(this.key, text, o.signature), 'the signature does not hold');
    this.day = o.day;
  }

  balance(o) {
    const { pending, payable, in_payout: inPayout, paid } = o;
    must([pending, payable, inPayout, paid].every(Number.isInteger), 'no balance');
    this.owned(this.balances, `${o.partner} ${o.currency}`, o).said = { pending, payable, in_payout: inPayout, paid };
  }

  end(o, before) {
    const { organisation, partner } = this.about;
    this.ended = true;
    this.expect(o.lines === this.line - 1, 'lines are missing');
    this.expect(o.hash === blake2b(before), 'the lines before are others');
    this.expect(signed(this.key, `partnerd-books 1\n${organisation}\t${partner ?? '-'}\t${o.lines}\t${o.hash}\n`, o.signature),
      'the signature does not hold');
  }

  compare(map) {
    for (const [name, { line, said = {}, found }] of map)
      for (const what of new Set([...Object.keys(said), ...Object.keys(found)]))
        if (['pay', 'settle', 'fail', 'amount', 'reversed', 'waits', 'pending', 'payable', 'in_payout', 'paid'].includes(what)
          && (said[what] ?? 0) !== (found[what] ?? 0))
          this.found(`${name}: ${what} is ${said[what]}, entries come to ${found[what]}`, line ?? this.line);
  }
}

// {findings: [{line, what}], counts}
export function checkBooks(bytes, key) {
  const books = new Books(key);
  let at = 0;
  for (books.line = 1; at < bytes.length && !books.over; books.line++) {
    const end = bytes.indexOf(10, at);
    if (end < 0 || books.ended) {
      books.found(end < 0 ? 'the line does not end' : 'goes on after its end');
      books.over = true;
      break;
    }
    try {
      books.take(bytes.subarray(at, end).toString('utf8'), bytes.subarray(0, at));
    } catch (error) {
      if (!(error instanceof Wrong || error instanceof SyntaxError || error instanceof TypeError || error instanceof RangeError)) throw error;
      books.found(error.message);
      if (books.line === 1) return books;
    }
    at = end + 1;
  }
  if (!books.over && books.line > 1) books.line--;
  if (!books.ended && !books.over) books.found('a part is missing');
  if (books.ended) for (const map of [books.payouts, books.commissions, books.balances]) books.compare(map);
  return books;
}

if (process.argv[1] === import.meta.filename || process.argv[1]?.endsWith('reference/books.mjs')) {
  const { findings, counts } = checkBooks(readFileSync(process.argv[2]), process.argv[3]);
  for (const { line, what } of findings) console.log(`line ${line}: ${what}`);
  console.log(findings.length ? 'failed' : 'ok', JSON.stringify(counts));
  process.exitCode = findings.length ? 1 : 0;
}
