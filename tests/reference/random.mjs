// SPDX-License-Identifier: Apache-2.0
//
// Random terms, events and standings that are valid, and small enough to meet their limits often.

const DAY = 86_400_000;

const TRIGGERS = ['sale', 'click', 'lead', 'qualified_referral', 'project_delivered', 'deal_closed', 'retainer', 'goal'];
const PERIODS = ['lifetime', 'year', 'quarter', 'month'];

// A generator of the same numbers for the same seed: Chris Doty-Humphrey's sfc32, whose state is
// mixed well after a dozen rounds (https://pracrand.sourceforge.net/RNG_engines.txt).
export function randomness(seed) {
  let [a, b, c, counter] = [0, seed | 0, Math.floor(seed / 2 ** 32) | 0, 1];
  const next = () => {
    const out = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 1;
  };
  for (let i = 0; i < 12; i++) next();
  const any = (n) => next() % n;
  return {
    any,
    maybe: (percent) => any(100) < percent,
    pick: (list) => list[any(list.length)],
  };
}

export function randomCase(r, tiered = r.maybe(40)) {
  const { any, maybe, pick } = r;
  const currency = pick(['USD', 'USD', 'USD', 'JPY', 'BHD']);
  const other = pick(['lead', 'click', 'deal_closed', 'project_delivered', 'retainer', 'qualified_referral', 'goal']);
  const trigger = maybe(50) ? 'sale' : other;
  const delay = maybe(20) ? any(3) : 0;

  const rates = ['25', '12.5', '0.0001', '33.3333', '100', '0'];
  const rate = () => pick([...rates, String(any(100)), `${any(100)}.${1 + any(9)}`]);
  const percentage = () => ({ type: 'percentage', value: rate() });
  const fixed = () => ({
    type: 'fixed', amount: maybe(5) ? 0 : any(5000), ...(maybe(5) ? { currency: 'EUR' } : {}),
  });
  const priced = (kind) => !['click', 'lead', 'retainer'].includes(kind);
  const reward = (kind) => (!priced(kind) || maybe(25) ? fixed() : percentage());
  const months = () => pick([null, delay + any(4), delay]);
  const offer = (kind, needed = true) => {
    const o = {};
    if (needed || maybe(80)) o.reward = reward(kind);
    if (maybe(25) || !o.reward) o.recurring_months = months();
    return o;
  };

  const condition = () => {
    const test = {};
    if (maybe(15)) test.event = pick(TRIGGERS);
    if (maybe(40)) test.product = maybe(50) ? pick(['a', 'b']) : ['a', 'b'];
    if (maybe(20)) test.site = pick(['x.example', 'y.example']);
    if (maybe(20)) test.country = maybe(50) ? 'DE' : ['DE', 'FR'];
    if (maybe(10)) test.plan = 'pro';
    const kind = test.event ?? trigger;
    if (maybe(20)) test.recurring = kind === 'sale' && maybe(50);
    if (priced(kind) && maybe(15)) test.amount = pick([{ from: any(9000) }, { below: 1 + any(9000) }, { from: 1000, below: 9000 }]);
    if (maybe(15)) test.attributes = { seats: maybe(50) ? '5' : [5, '6'] };
    if (Object.keys(test).length === 0) test.product = 'a';
    return { if: test, ...offer(kind, false) };
  };

  const terms = { trigger, reward: reward(trigger), base: pick(['net', 'net', 'gross']) };
  if (maybe(40)) terms.recurring_months = months();
  if (delay) terms.delay_invoices = delay;
  if (maybe(20)) terms.window_days = 1 + any(60);
  if (maybe(50)) terms.hold_days = any(60);
  if (maybe(30)) {
    const all = Array.from({ length: 1 + any(4) }, condition);
    const same = (a, b) => JSON.stringify(a.if) === JSON.stringify(b.if);
    terms.rewards = all.filter((one, i) => all.findIndex((other) => same(other, one)) === i);
  }
  if (tiered) {
    let from = any(2);
    terms.tiers = {
      ...(maybe(60) ? { period: pick(PERIODS) } : {}),
      by: pick(['revenue', 'revenue', 'sales', 'customers', 'projects']),
      counts_current: maybe(40),
      steps: Array.from({ length: 1 + any(4) }, () => {
        from += 1 + any(maybe(50) ? 5 : 5000);
        return { from, ...offer(trigger) };
      }),
    };
  }
  if (maybe(30)) terms.groups = { gold: offer(trigger, false), tin: offer(trigger, false) };
  if (maybe(40)) {
    const levels = Array.from({ length: 1 + any(4) }, () => ({ percent: String(1 + any(25)) }));
    terms.chain = { mode: pick(['on_top', 'from_share']), compute: pick(['flat', 'cascade']), levels };
  }
  if (maybe(20)) terms.recruiting = { percent: pick(['10', '0', '2.5']) };
  if (maybe(40)) {
    terms.caps = ['campaign', 'partner', 'customer'].filter(() => maybe(60))
      .map((scope) => ({ scope, ...(scope === 'partner' && maybe(70) ? { period: pick(PERIODS) } : {}), amount: 1 + any(4000) }));
    const named = terms.caps.find((cap) => cap.scope === 'partner');
    if (named?.period && maybe(50)) {
      terms.caps.push({ scope: 'partner', period: pick(PERIODS.filter((p) => p !== named.period)), amount: 1 + any(4000) });
    }
  }

  const standingOf = () => (maybe(60) ? 'good' : pick(['good', 'suspended', 'undecided', 'banned', 'closed']));
  const used = () => (terms.caps ?? []).map(() => any(3000));
  const upline = () => ({
    partner: 20 + any(5), standing: standingOf(), cap_used: used(),
    ...(maybe(30) ? { rate_ppm: any(1_000_001) } : {}), ...(maybe(5) ? { holds: 1 << (3 + any(12)) } : {}),
  });
  const at = DAY * (100 + any(100)) + any(DAY);
  const credit = (share) => ({
    partner: 1 + any(10), share_ppm: share, standing: standingOf(), cap_used: used(),
    ...(maybe(15) ? { own: offer(trigger, false) } : {}),
    ...(maybe(25) ? { override: offer(trigger, false) } : {}),
    ...(maybe(20) ? { override_from: at + any(3) - 1 } : {}),
    ...(maybe(20) ? { override_until: at + any(3) - 1 } : {}),
    ...(maybe(40) ? { group: pick(['gold', 'tin', 'other']) } : {}),
    counters: [any(9000), any(12), any(12), any(12)],
    ...(maybe(50) ? { referred_at: at - any(70) * DAY - any(2) } : {}),
    ...(maybe(50) ? { chain: Array.from({ length: any(6) }, upline) } : {}),
    ...(maybe(20) ? { recruiter: upline() } : {}),
    ...(maybe(8) ? { holds: 1 << (3 + any(12)) } : {}),
  });

  const shares = [];
  for (let left = 1_000_000; left > 0;) {
    const share = maybe(60) || shares.length === 5 ? left : 1 + any(left);
    shares.push(share);
    left -= share;
  }

  const amount = maybe(4) ? 0 : maybe(20) ? any(100) : any(maybe(10) ? 1_000_000_000 : 20_000);
  const foreign = maybe(12) ? pick(['EUR', 'USD', 'JPY', 'BHD']) : currency;
  const event = {
    kind: maybe(88) ? trigger : pick(TRIGGERS),
    amount, currency: foreign, at,
    ...(maybe(30) ? { tax: any(amount + 50) } : {}), ...(maybe(10) ? { shipping: any(200) } : {}),
    ...(maybe(70) ? { invoice: any(6) } : {}),
    ...(maybe(60) ? { product: pick(['a', 'b', 'c']) } : {}),
    ...(maybe(30) ? { site: pick(['x.example', 'z.example']) } : {}),
    ...(maybe(50) ? { country: pick(['DE', 'FR', 'US']) } : {}),
    ...(maybe(20) ? { plan: pick(['pro', 'free']) } : {}),
    ...(maybe(30) ? { attributes: { seats: pick(['5', '6', '7']) } } : {}),
    ...(maybe(3) ? { unpayable: pick(['bot', 'duplicate', 'self', 'unqualified']) } : {}),
    ...(maybe(15) ? { cleared_at: at + any(9) * DAY } : {}),
    ...(maybe(10) ? { quantity: any(40), quantity_of: 1 + any(31) } : {}),
  };
  if (foreign !== currency && maybe(70)) {
    const rateOf = () => (maybe(50) ? 50_000_000 * (1 + any(4)) : 1 + any(2_000_000_000));
    event.fx = { from: foreign, to: currency, from_rate: rateOf(), to_rate: rateOf(), day: 20_000 };
  }

  if (maybe(30)) {
    event.reward_fx = [{ from: 'EUR', to: currency, from_rate: 100_000_000, to_rate: 1 + any(2_000_000_000), day: 20_000 }];
  }

  const standing = {
    credits: maybe(2) ? [] : shares.map(credit), cap_used: used(),
    ...(maybe(2) ? { campaign_closed: true } : {}),
  };
  return { currency, terms, event, standing };
}

// An event of a period of retroactive tiers, or of a clawback that is settled afterwards.
export function randomTrueUp(r) {
  const { any, maybe } = r;
  const one = randomCase(r, true);
  if (one.standing.credits.length === 0) one.standing.credits = [{ partner: 1, share_ppm: 1_000_000 }];
  const of = maybe(50) ? 1 + any(20_000) : 0;
  const left = of ? any(of + 1) : 0;
  one.item = {
    credit: any(one.standing.credits.length), reached: [any(20_000), any(20), any(20), any(20)], as_judged: maybe(15),
    left, of, settle: of && maybe(50) ? any(left + 1) : 0,
  };
  return one;
}

// What a period has come to, which is never what has been posted for it.
export function randomCorrection(r) {
  const { any, maybe } = r;
  const one = randomCase(r);
  const [credit] = one.standing.credits.length ? one.standing.credits : [{ partner: 1 }];
  one.standing.credits = [{ ...credit, share_ppm: 1_000_000 }];
  one.event = { kind: one.terms.trigger, at: one.event.at };
  const small = maybe(20) ? 20 : 10_000;
  const [is, was, before] = [any(small), any(small), maybe(50) ? any(small) - small / 2 : 0];
  one.correction = { is: is - was === before ? is + 1 : is, was, before, events: any(9) };
  return one;
}

export function randomReversal(r) {
  const { any, maybe, pick } = r;
  const policies = ['full', 'prorated', 'none'];
  const clawback = {
    window_days: 1 + any(90), on_refund: pick(policies), on_dispute: pick(policies), on_churn: pick(policies),
    ...(maybe(30) ? { dispute_opened: 'reverse' } : {}),
  };
  if (!Object.values(clawback).includes('prorated') && maybe(50)) delete clawback.window_days;
  const amount = 1 + any(100_000);
  const sale = maybe(3) ? 0 : 1 + any(1_000_000);
  const at = 20_000 * DAY + any(DAY);
  const when = () => at + any(100) * DAY + any(3) * any(DAY) - DAY;
  const terms = { trigger: 'sale', reward: { type: 'fixed', amount: 1 }, clawback };
  return {
    currency: 'USD', terms, earned: [amount, any(amount + 1), at, sale],
    refunds: Array.from({ length: maybe(5) ? 16 + any(4) : any(4) }, () => [any(sale * 2 + 1), when()]),
    disputes: Array.from({ length: maybe(5) ? 16 + any(4) : any(3) }, () => [any(3), maybe(50) ? 0 : any(sale + 1), when()]),
    churned_at: maybe(40) ? when() : 0,
  };
}

const FAULTS = ['deal_expired', 'deal_declined', 'direct_contact', 'unauthorised_site', 'bot', 'inactive', 'self'];

// Touches and owners of a customer, close to the limits in time.
export function randomContest(r) {
  const { any, maybe, pick } = r;
  const signals = ['deal', 'code', 'link', 'utm'];
  const attribution = {};
  if (maybe(80)) attribution.model = pick(['last', 'first', 'linear', 'position']);
  if (maybe(70)) attribution.cookie_days = 1 + any(20);
  if (maybe(50)) {
    const all = maybe(50) ? [...signals, 'owned'] : [...signals];
    attribution.priority = Array.from({ length: 1 + any(all.length) }, () => all.splice(any(all.length), 1)[0]);
  }
  if (maybe(60)) attribution.ownership = pick(['lifetime', 'sale', { days: 1 + any(20) }]);
  const at = 20_000 * DAY + any(DAY);
  const when = () => at + (3 - any(25)) * DAY + (maybe(50) ? any(3) - 1 : any(DAY));
  const crowd = maybe(4);
  const touch = () => {
    const signal = maybe(crowd ? 95 : 50) ? 'link' : pick(signals);
    const partner = 1 + any(crowd ? 40 : 5);
    return {
      signal, fault: maybe(12) ? pick(FAULTS) : 'fine', partner, link: maybe(70) ? partner * 10 + any(3) : 0, at: when(),
      ...(signal === 'deal' ? { deal: any(3), share: maybe(50) ? any(1_000_001) : 0, until: maybe(50) ? when() : 0 } : {}),
    };
  };
  const owners = maybe(50) ? [] : Array.from({ length: 1 + any(maybe(70) ? 1 : 4) }, (_, i) => [50 + i, any(2), any(600_000)]);
  const contest = {
    touches: Array.from({ length: crowd ? 64 : any(maybe(10) ? 30 : 6) }, touch), owners,
    owned_since: owners.length ? when() : 0, has_bought: owners.length > 0 && maybe(60), at,
  };
  return { currency: 'USD', terms: { trigger: 'sale', reward: { type: 'fixed', amount: 1 }, attribution }, contest };
}

// What is told of the disputes of a sale, repeated and in any order, and what its counters were.
export function randomLoss(r) {
  const { any, maybe } = r;
  const sale = maybe(5) ? 0 : 1 + any(10_000);
  const notices = Array.from({ length: any(7) }, () => [any(3), any(3), maybe(40) ? 0 : any(sale + 100), any(5)]);
  return {
    currency: 'USD', terms: { trigger: 'sale', reward: { type: 'fixed', amount: 1 } },
    notices, sale, refunded: maybe(50) ? 0 : any(sale + 1), added: [any(sale + 1), any(2), any(2), any(2)],
  };
}
