// SPDX-License-Identifier: Apache-2.0
//
// The rules once more, as naively as possible: written from the description of the rules, not from
// the C engine, with big integers and no thought of speed. engine.test.mjs compares the two.

const PPM = 1_000_000n;
const DAY = 86_400_000n;
const EXPONENTS = { USD: 2n, EUR: 2n, JPY: 0n, BHD: 3n };

const big = (x, otherwise = 0) => BigInt(x ?? otherwise);

// Half away from zero.
export function divide(a, b) {
  const sign = a < 0n ? -1n : 1n;
  return sign * ((a * sign * 2n + b) / (2n * b));
}

export const percent = (amount, ppm) => divide(amount * ppm, PPM);

// "12.5" percent as parts per million.
export function ppm(text) {
  const [whole, decimals = ''] = String(text).split('.');
  return BigInt(whole) * 10_000n + BigInt(decimals.padEnd(4, '0'));
}

// Largest remainder, ties to the earlier part.
export function allocate(total, weights) {
  const sum = weights.reduce((a, b) => a + b, 0n);
  const parts = weights.map((w) => (total * w) / sum);
  const order = weights.map((w, i) => ({ i, rest: (total * w) % sum }))
    .sort((a, b) => (a.rest === b.rest ? a.i - b.i : a.rest > b.rest ? -1 : 1));
  const left = total - parts.reduce((a, b) => a + b, 0n);
  for (let k = 0; k < Number(left); k++) parts[order[k].i] += 1n;
  return parts;
}

export function convert(fx, amount) {
  const up = amount * big(fx.to_rate) * 10n ** EXPONENTS[fx.to];
  return divide(up, big(fx.from_rate) * 10n ** EXPONENTS[fx.from]);
}

// The base and its currency.
function baseOf(terms, event, currency) {
  let base = big(event.amount);
  if (terms.base !== 'gross') base -= big(event.tax) + big(event.shipping);
  if (base < 0n) base = 0n;
  if (event.currency && event.currency !== currency && event.fx) return [convert(event.fx, base), currency];
  return [base, event.currency ?? currency];
}

const oneOf = (list, value) => (Array.isArray(list) ? list : [list]).map(String).includes(value ?? '');

function meets(test, terms, event, base, inCampaignCurrency) {
  const renewal = event.invoice !== undefined && event.invoice > 0;
  if (event.kind !== (test.event ?? terms.trigger)) return false;
  for (const name of ['product', 'site', 'plan', 'country']) {
    if (test[name] !== undefined && !oneOf(test[name], event[name])) return false;
  }
  if (test.recurring !== undefined && test.recurring !== renewal) return false;
  if (test.amount) {
    if (!inCampaignCurrency) return false;
    if (test.amount.from !== undefined && base < big(test.amount.from)) return false;
    if (test.amount.below !== undefined && base >= big(test.amount.below)) return false;
  }
  for (const [key, values] of Object.entries(test.attributes ?? {})) {
    const value = event.attributes?.[key];
    if (value === undefined || !oneOf(values, value)) return false;
  }
  return true;
}

function counter(terms, credit, event, ownBase) {
  const [revenue, sales, customers, projects] = credit.counters ?? [];
  const now = terms.tiers.counts_current ? 1n : 0n;
  switch (terms.tiers.by ?? 'revenue') {
    case 'revenue': return big(revenue) + now * ownBase;
    case 'sales': return big(sales) + now * (event.kind === 'sale' ? 1n : 0n);
    case 'customers': return big(customers) + now * (event.invoice === 0 ? 1n : 0n);
    default: return big(projects) + now * (event.kind === 'project_delivered' ? 1n : 0n);
  }
}

// What applies, the most specific first: {rule, index, offer}.
function levels(terms, credit, event, base, ownBase, inCampaignCurrency) {
  const out = [];
  const main = event.kind === terms.trigger;
  if (main && credit.own) out.push({ rule: 'own', index: 0, offer: credit.own });
  if (main && credit.override
      && (!credit.override_from || event.at >= credit.override_from)
      && (!credit.override_until || event.at < credit.override_until)) {
    out.push({ rule: 'override', index: 0, offer: credit.override });
  }
  const index = (terms.rewards ?? []).findIndex((r) => meets(r.if, terms, event, base, inCampaignCurrency));
  if (index >= 0) out.push({ rule: 'condition', index, offer: terms.rewards[index] });
  if (!main) return out;
  if (terms.tiers) {
    const driven = counter(terms, credit, event, ownBase);
    const reached = terms.tiers.steps.findLastIndex((s) => driven >= big(s.from));
    if (reached >= 0) out.push({ rule: 'tier', index: reached, offer: terms.tiers.steps[reached] });
  }
  const group = terms.groups?.[credit.group];
  if (group) out.push({ rule: 'group', index: 0, offer: group });
  out.push({ rule: 'default', index: 0, offer: { recurring_months: null, ...terms } });
  return out;
}

const closed = (who) => who.standing === 'banned' || who.standing === 'closed';
const standingHolds = (who) => (who.holds ?? 0)
  | (who.standing === 'suspended' ? 1 : 0) | (who.standing === 'undecided' ? 2 : 0);

const UNPAYABLE = { bot: 'bot', duplicate: 'duplicate', self: 'self', unqualified: 'unqualified' };

function turnedAway(terms, event, standing) {
  if (standing.credits.length === 0) return 'not_credited';
  if (standing.campaign_closed) return 'campaign_closed';
  const kinds = [terms.trigger, ...(terms.rewards ?? []).map((r) => r.if.event)];
  if (!kinds.includes(event.kind)) return 'trigger';
  if (event.unpayable) return UNPAYABLE[event.unpayable];
  if (event.kind === 'sale' && !event.amount) return 'no_amount';
  return null;
}

// Why an earner's reward does not pay now, or null.
function outOfTime(terms, credit, event, months) {
  if (event.invoice !== undefined && event.invoice < (terms.delay_invoices ?? 0)) return 'delay';
  if (event.invoice !== undefined && months !== null && months !== undefined && event.invoice > months) {
    return 'duration';
  }
  if (terms.window_days && credit.referred_at
      && big(event.at) >= big(credit.referred_at) + big(terms.window_days) * DAY) return 'window_over';
  return null;
}

const SCOPES = ['partner', 'customer', 'campaign'];

// What an event that earns or not adds to the counters of each partner it is credited to.
function countsOf({ terms, event, standing }, gate, base, inCampaign) {
  const ignored = ['bot', 'duplicate', 'unqualified', 'too_large', 'not_credited'].includes(gate);
  const shares = standing.credits.map((c) => big(c.share_ppm, 1_000_000));
  const parts = inCampaign && base > 0n && !ignored ? allocate(base, shares) : shares.map(() => 0n);
  return parts.map((revenue) => (ignored ? [0n, 0, 0, 0] : [
    revenue, event.kind === 'sale' && event.amount > 0 ? 1 : 0, event.invoice === 0 ? 1 : 0,
    event.kind === 'project_delivered' ? 1 : 0,
  ]));
}

export function accrue(all) {
  const [base, baseCurrency] = baseOf(all.terms, all.event, all.currency);
  const result = earningsOf(all, base, baseCurrency);
  return { ...result, counts: countsOf(all, result.gate, base, baseCurrency === all.currency) };
}

// A list of earnings, and how one gets into it: after what the partners above take, caps and holds.
function ledgerOf({ currency, terms, event, standing }) {
  const caps = SCOPES.flatMap((s) => (terms.caps ?? []).filter((c) => c.scope === s));
  const earnings = [];

  const refuse = (index, partner, gate) => earnings.push({ credit: index, partner, gate, amount: 0n });

  function pay(earning, capUsed) {
    if (earning.amount === 0n) return refuse(earning.credit, earning.partner, 'rounds_to_zero');
    const before = earning.amount;
    if (earning.currency !== currency && caps.length) earning.holds |= 4;
    if (earning.currency === currency) {
      caps.forEach((cap, i) => {
        const now = earnings.filter((e) => e.currency === currency
          && (cap.scope !== 'partner' || e.partner === earning.partner));
        const used = now.reduce((sum, e) => sum + e.amount,
          big(cap.scope === 'partner' ? capUsed?.[i] : standing.cap_used?.[i]));
        const left = used < big(cap.amount) ? big(cap.amount) - used : 0n;
        if (earning.amount > left) earning.amount = left;
      });
    }
    if (earning.amount === 0n) return refuse(earning.credit, earning.partner, 'capped');
    earning.cut = before - earning.amount;
    earning.matures = big(event.cleared_at || event.at) + big(terms.hold_days, 30) * DAY;
    return earnings.push({ gate: 'none', ...earning });
  }

  // The earner's own, and what those above get on top or out of it.
  function divideUp(own, credit) {
    const { amount } = own;
    const above = [];
    let below = amount;
    const fromShare = terms.chain?.mode === 'from_share';
    const beyond = (gets) => (amount < 0n ? gets < own.amount : gets > own.amount);
    (terms.chain?.levels ?? []).slice(0, credit.chain?.length ?? 0).forEach((level, k) => {
      const who = credit.chain[k];
      const rate = who.rate_ppm !== undefined ? big(who.rate_ppm) : ppm(level.percent);
      const wanted = percent(terms.chain.compute === 'cascade' ? below : amount, rate);
      let gets = wanted;
      if (fromShare && beyond(gets)) gets = own.amount;
      if (fromShare && !closed(who)) own.amount -= gets;
      below = gets;
      above.push({ who, kind: 'override', level: k + 1, amount: gets, wanted });
    });
    if (credit.recruiter) {
      const who = credit.recruiter;
      const rate = who.rate_ppm !== undefined ? big(who.rate_ppm) : ppm(terms.recruiting?.percent ?? 0);
      if (rate > 0n) {
        above.push({ who, kind: 'recruiting', level: 0, amount: percent(amount, rate), wanted: 0n });
      }
    }
    if (own.amount === 0n) refuse(own.credit, own.partner, 'nothing_left');
    else pay(own, credit.cap_used);
    const inherited = own.holds;
    for (const a of above) {
      if (closed(a.who)) refuse(own.credit, a.who.partner, a.who.standing);
      else if (a.amount === 0n && a.wanted !== 0n) refuse(own.credit, a.who.partner, 'nothing_left');
      else {
        pay({
          partner: a.who.partner, amount: a.amount, kind: a.kind, level: a.level, rule: 'own', index: 0,
          credit: own.credit, currency: own.currency, holds: inherited | standingHolds(a.who),
        }, a.who.cap_used);
      }
    }
  }

  const result = () => ({ gate: earnings.some((e) => e.gate === 'none') ? 'none' : earnings[0].gate, earnings });
  return { refuse, divideUp, result };
}

function earningsOf(input, base, baseCurrency) {
  const { currency, terms, event, standing } = input;
  if (base > 10n ** 15n) return { gate: 'too_large', earnings: [] };
  const away = turnedAway(terms, event, standing);
  if (away) return { gate: away, earnings: [] };
  const shares = standing.credits.map((c) => big(c.share_ppm, 1_000_000));
  const { refuse, divideUp, result } = ledgerOf(input);

  standing.credits.forEach((credit, i) => {
    if (closed(credit)) return refuse(i, credit.partner, credit.standing);
    const holds = standingHolds(credit);
    if (event.kind === 'lead' && holds & 8) return refuse(i, credit.partner, 'self');
    const inCampaign = baseCurrency === currency;
    const ownBase = inCampaign && base > 0n ? allocate(base, shares)[i] : 0n;
    const all = levels(terms, credit, event, base, ownBase, inCampaign);
    const chosen = all.find((l) => l.offer.reward);
    if (!chosen) return refuse(i, credit.partner, 'no_reward');
    const timed = all.find((l) => l.offer.recurring_months !== undefined);
    const late = outOfTime(terms, credit, event, timed?.offer.recurring_months);
    if (late) return refuse(i, credit.partner, late);
    const { reward } = chosen.offer;
    const percentage = reward.type === 'percentage';
    if (percentage ? ppm(reward.value) === 0n : reward.amount === 0) {
      return refuse(i, credit.partner, 'zero_reward');
    }
    if (percentage && base === 0n) return refuse(i, credit.partner, 'no_amount');
    const times = event.quantity_of ? [big(event.quantity), big(event.quantity_of)] : [1n, 1n];
    let amount = percentage ? percent(base, ppm(reward.value)) : divide(big(reward.amount) * times[0], times[1]);
    let paidIn = percentage ? baseCurrency : reward.currency ?? currency;
    if (!percentage && paidIn !== currency && terms.caps?.length) { // to be compared with the caps
      const rate = [event.fx, ...(event.reward_fx ?? [])].find((fx) => fx?.from === paidIn);
      const converted = rate && convert(rate, amount);
      if (rate && converted <= 10n ** 15n) [amount, paidIn] = [converted, currency];
    }
    if (shares.length > 1) amount = allocate(amount, shares)[i];
    if (amount === 0n) return refuse(i, credit.partner, 'rounds_to_zero');
    return divideUp({
      partner: credit.partner, credit: i, amount, holds, kind: 'own', level: 0, rule: chosen.rule,
      index: chosen.index, currency: paidIn,
    }, credit);
  });
  return result();
}

// What an event's reward for a credited partner was, and what it is by the tier reached in the whole
// period and after what its refunds should have taken: [is, was, differs].
export function trueUp(all) {
  const { credit: i, reached, as_judged: asJudged, left, of, settle } = all.item;
  const own = (input) => accrue(input).earnings.find((e) => e.credit === i);
  const judged = own(all);
  if (judged?.gate === 'capped' || judged?.cut > 0n) return [0n, 0n, 0]; // what a cap cut is left alone
  const { chain, recruiting, ...terms } = all.terms;
  if (terms.caps) terms.caps = terms.caps.map((cap) => ({ ...cap, amount: 10 ** 15 }));
  // The tier of the period is the one of all that was driven in it, this event included.
  const inTheEnd = { ...terms, ...(terms.tiers ? { tiers: { ...terms.tiers, counts_current: false } } : {}) };
  const credits = all.standing.credits.map((c, k) => (k === i ? { ...c, counters: reached } : c));
  const reward = (e) => (e?.gate === 'none' && e.currency === all.currency ? e.amount : 0n);
  const part = (amount, n) => (of ? divide(amount * big(n), big(of)) : amount);
  const then = reward(own({ ...all, terms }));
  const now = asJudged ? then : reward(own({ ...all, terms: inTheEnd, standing: { ...all.standing, credits } }));
  const [is, was] = [part(now, left - settle), part(then, left)];
  return [is, was, Number(is !== was)];
}

// What a period's correction pays or takes back: shared, capped and held as any reward.
export function correct(all) {
  const { currency, correction, standing } = all;
  const [credit] = standing.credits;
  const amount = big(correction.is) - big(correction.was) - big(correction.before);
  const { refuse, divideUp, result } = ledgerOf(all);
  if (amount > 0n && closed(credit)) refuse(0, credit.partner, credit.standing);
  else {
    divideUp({
      partner: credit.partner, credit: 0, amount, holds: standingHolds(credit), kind: 'own', level: 0,
      rule: 'own', index: 0, currency,
    }, credit);
  }
  return result();
}

// [what to post, total, held]
export function reverse({ terms, earned, refunds, disputes, churned_at: churned }) {
  const [amount, before, at, sale] = earned.map(BigInt);
  const policy = { on_refund: 'full', on_dispute: 'full', on_churn: 'none', ...terms.clawback };
  const window = big(policy.window_days);

  // The part of a sum that comes back, as a fraction.
  function part(how, when) {
    if (how === 'none') return [0n, 1n];
    if (window > 0n && when >= at + window * DAY) return [0n, 1n];
    if (how === 'full') return [1n, 1n];
    const days = when > at ? (when - at) / DAY : 0n;
    return [window - days, window];
  }

  const scale = window > 0n ? window : 1n;
  const whole = sale * scale;
  let units = 0n;
  const take = (sum, how, when) => {
    const [n, d] = part(how, when);
    units += (sum > sale ? sale : sum) * n * (scale / d);
  };
  const share = () => (whole > 0n ? divide(amount * (units < whole ? units : whole), whole) : 0n);
  let held = false;
  for (const [sum, when] of refunds) take(BigInt(sum), policy.on_refund, BigInt(when));
  for (const [state, sum, when] of disputes) {
    if (state === 1) continue;
    if (state === 0 && policy.dispute_opened !== 'reverse') held = true;
    else take(sum ? BigInt(sum) : sale, policy.on_dispute, BigInt(when));
  }
  let total = share();
  if (churned) {
    const [n, d] = part(policy.on_churn, BigInt(churned));
    total += divide((amount - total) * n, d);
  }
  return [total - before, total, held];
}

// What is known of each dispute: [state, amount, at], from notices [dispute, state, amount, at].
export function fold({ notices }) {
  const names = [...new Set(notices.map((n) => n[0]))];
  return names.map((name) => {
    const told = notices.filter((n) => n[0] === name);
    const best = told.filter((n) => n[1] !== 0)
      .sort((a, b) => b[3] - a[3] || b[1] - a[1] || b[2] - a[2])[0];
    const largest = Math.max(...told.map((n) => n[2]));
    return [best ? best[1] : 0, best?.[2] || largest, Math.min(...told.map((n) => n[3]))];
  });
}

// How much of a sale is gone by refunds and lost disputes.
export function gone({ sale, refunded, notices }) {
  const lost = fold({ notices }).filter((d) => d[0] === 2).map((d) => BigInt(d[1] || sale));
  const sum = lost.reduce((a, b) => a + b, BigInt(refunded));
  return sum > BigInt(sale) ? BigInt(sale) : sum;
}

// What is to be taken off the counters when so much of a sale is gone.
export function countersOff({ added, sale }, goneMinor) {
  const whole = sale > 0 && goneMinor === BigInt(sale);
  return [sale > 0 ? divide(BigInt(added[0]) * goneMinor, BigInt(sale)) : 0n,
    ...added.slice(1).map((n) => (whole ? BigInt(n) : 0n))];
}

const PARTNERS = 16;

// Why a touch does not take part, or null.
function unfit(touch, at, rules, priority) {
  if (touch.fault !== 'fine') return touch.fault;
  if (touch.at > at) return 'later_than_event';
  if (!priority.includes(touch.signal)) return 'unlisted';
  if (touch.signal === 'deal') return touch.until && at >= touch.until ? 'deal_expired' : null;
  return big(at) >= big(touch.at) + big(rules.cookie_days) * DAY ? 'expired' : null;
}

function isOwned(contest, { ownership }) {
  if (contest.owners.length === 0) return false;
  if (ownership === 'lifetime') return true;
  if (ownership === 'sale') return !contest.has_bought;
  return big(contest.at) < big(contest.owned_since) + big(ownership.days) * DAY;
}

// Each touch's part of the credit: a joint deal as agreed, position 40/20/40, otherwise equal.
function weightsOf(touches, model) {
  const n = touches.length;
  if (touches[0].signal === 'deal') {
    const agreed = touches.map((t) => big(t.share));
    return agreed.some((share) => share > 0n) ? agreed : agreed.map(() => 1n);
  }
  if (model !== 'position' || n <= 2) return touches.map(() => 1n);
  const middle = BigInt(n - 2);
  return touches.map((t, i) => (i === 0 || i === n - 1 ? 40n * middle : 20n));
}

export function attribute({ terms, contest }) {
  const rules = {
    model: 'last', cookie_days: 90, priority: ['deal', 'code', 'link', 'utm'], ownership: 'lifetime', ...terms.attribution,
  };
  const priority = rules.priority.includes('owned') ? rules.priority : ['owned', ...rules.priority];
  const touches = contest.touches.map((t) => ({ ...t })).sort((a, b) => a.at - b.at);
  touches.forEach((t) => { t.lost = unfit(t, contest.at, rules, priority); });
  const alive = () => touches.filter((t) => !t.lost);

  const owned = isOwned(contest, rules);
  let winner = priority.find((s) => (s === 'owned' ? owned && contest.has_bought : alive().some((t) => t.signal === s)));
  winner ??= owned ? 'owned' : null;
  for (const t of alive()) if (t.signal !== winner) t.lost = winner === 'owned' ? 'owned' : 'weaker_signal';

  const credited = [];
  const give = (partner, link, share, at) => {
    if (share === 0n) return;
    let c = credited.find((other) => other[0] === partner);
    if (!c) credited.push(c = [partner, 0, 0n, 0]);
    c[1] = link;
    c[2] += share;
    c[3] = at;
  };

  if (alive().length > 0) {
    const first = rules.model === 'first';
    if (first || rules.model === 'last' || winner === 'deal') {
      const kept = first ? alive()[0] : alive().at(-1);
      for (const t of alive()) {
        const together = winner === 'deal' && kept.deal && t.deal === kept.deal;
        if (t !== kept && !together) t.lost = first ? 'later' : 'earlier';
      }
    }
    const newest = [...new Set(alive().reverse().map((t) => t.partner))].slice(0, PARTNERS);
    for (const t of alive()) if (!newest.includes(t.partner)) t.lost = 'too_many';
    const left = alive();
    const shares = allocate(PPM, weightsOf(left, rules.model));
    left.forEach((t, i) => give(t.partner, t.link, shares[i], t.at));
  }
  if (winner === 'owned') {
    const shares = allocate(PPM, contest.owners.map(([, , share]) => big(share || 1)));
    contest.owners.forEach(([partner, link], i) => give(partner, link, shares[i], contest.owned_since));
  }
  const why = winner === 'owned' ? 'credited' : owned ? 'weaker_signal' : 'ownership_over';
  return {
    signal: winner ?? 'nobody',
    credited: credited.map(([partner, link, share, at]) => [partner, link, Number(share), at]),
    lost: [...touches.map((t) => t.lost ?? 'credited'), ...contest.owners.map(() => why)],
  };
}
