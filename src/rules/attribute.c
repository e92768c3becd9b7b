/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/attribute.h"
#include "base/check.h"
#include "base/clock.h"

struct contestant {
	const struct candidate *touch;
	struct verdict *verdict;
	int64_t weight;
};

struct round {
	const struct attribution_rules *rules;
	const struct contest *contest;
	struct attribution *out;
	struct contestant all[CANDIDATES_MAX]; /* oldest first */
	size_t count;
};

static void enter(struct round *r, const struct candidate *touch)
{
	size_t at = r->count++;

	while (at > 0 && r->all[at - 1].touch->at_ms > touch->at_ms) {
		r->all[at] = r->all[at - 1];
		at--;
	}
	r->all[at] = (struct contestant){ .touch = touch };
}

static bool priority_names(const struct attribution_rules *rules, enum signal signal)
{
	for (size_t i = 0; i < rules->priority_count; i++)
		if (rules->priority[i] == signal)
			return true;
	return false;
}

static enum lost lost_by_fault(enum candidate_fault fault)
{
	static const enum lost by_fault[] = {
		[CANDIDATE_FINE] = LOST_NOT,
		[CANDIDATE_DEAL_EXPIRED] = LOST_DEAL_EXPIRED,
		[CANDIDATE_DEAL_DECLINED] = LOST_DEAL_DECLINED,
		[CANDIDATE_DIRECT_CONTACT] = LOST_DIRECT_CONTACT,
		[CANDIDATE_UNAUTHORISED_SITE] = LOST_UNAUTHORISED_SITE,
		[CANDIDATE_BOT] = LOST_BOT,
		[CANDIDATE_INACTIVE] = LOST_INACTIVE,
		[CANDIDATE_SELF] = LOST_SELF,
	};

	return by_fault[fault];
}

/* What rules a touch out by itself. */
static enum lost unfit(const struct round *r, const struct candidate *c)
{
	int64_t at = r->contest->at_ms;

	if (c->fault != CANDIDATE_FINE)
		return lost_by_fault(c->fault);
	if (c->at_ms > at)
		return LOST_LATER_THAN_EVENT;
	if (!priority_names(r->rules, c->signal))
		return LOST_UNLISTED;
	if (c->signal == SIGNAL_DEAL)
		return c->until_ms && at >= c->until_ms ? LOST_DEAL_EXPIRED : LOST_NOT;
	if (at >= c->at_ms + r->rules->cookie_days * MS_PER_DAY)
		return LOST_EXPIRED;
	return LOST_NOT;
}

static void open_round(struct round *r)
{
	struct attribution *out = r->out;

	for (size_t i = 0; i < r->contest->touch_count; i++)
		enter(r, &r->contest->touches[i]);
	for (size_t i = 0; i < r->count; i++) {
		const struct candidate *c = r->all[i].touch;

		r->all[i].verdict = &out->verdicts[out->verdict_count++];
		*r->all[i].verdict = (struct verdict){
			.partner_id = c->partner_id,
			.link_id = c->link_id,
			.deal_id = c->deal_id,
			.until_ms = c->until_ms,
			.signal = c->signal,
			.named = c->named,
			.at_ms = c->at_ms,
			.lost = unfit(r, c),
		};
	}
}

static bool ownership_holds(const struct round *r)
{
	const struct contest *c = r->contest;

	if (c->owner_count == 0)
		return false;
	if (r->rules->ownership == OWNERSHIP_DAYS)
		return c->at_ms < c->owned_since_ms + r->rules->ownership_days * MS_PER_DAY;
	return r->rules->ownership == OWNERSHIP_LIFETIME || !c->has_bought;
}

static bool has_signal(const struct round *r, enum signal signal)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->all[i].touch->signal == signal && r->all[i].verdict->lost == LOST_NOT)
			return true;
	return false;
}

/* The signal that decides, or SIGNAL_COUNT. Owners by a lead alone come last. */
static enum signal decide(const struct round *r)
{
	bool owned = ownership_holds(r);

	for (size_t i = 0; i < r->rules->priority_count; i++) {
		enum signal s = r->rules->priority[i];

		if (s == SIGNAL_OWNED ? owned && r->contest->has_bought : has_signal(r, s))
			return s;
	}
	return owned ? SIGNAL_OWNED : SIGNAL_COUNT;
}

static void drop_weaker(struct round *r, enum signal winner)
{
	enum lost why = winner == SIGNAL_OWNED ? LOST_OWNED : LOST_SIGNAL;

	for (size_t i = 0; i < r->count; i++)
		if (r->all[i].touch->signal != winner && r->all[i].verdict->lost == LOST_NOT)
			r->all[i].verdict->lost = why;
}

/* Touches of the same deal stand and fall together; any other touch stands alone. */
static bool belongs(const struct candidate *a, const struct candidate *b)
{
	return a == b || (a->signal == SIGNAL_DEAL && a->deal_id && a->deal_id == b->deal_id);
}

/* Keep the first or the last; for deals always one deal. */
static void keep_one(struct round *r, bool first)
{
	const struct candidate *kept = NULL;

	for (size_t i = 0; i < r->count; i++)
		if (r->all[i].verdict->lost == LOST_NOT && !(kept && first))
			kept = r->all[i].touch;
	for (size_t i = 0; i < r->count; i++)
		if (r->all[i].verdict->lost == LOST_NOT && !belongs(r->all[i].touch, kept))
			r->all[i].verdict->lost = first ? LOST_LATER : LOST_EARLIER;
}

/* Beyond CREDITS_MAX partners, those whose last touch is oldest lose. */
static void keep_newest_partners(struct round *r)
{
	int64_t seen[CREDITS_MAX];
	size_t seen_count = 0;

	for (size_t i = r->count; i-- > 0;) {
		size_t k = 0;

		if (r->all[i].verdict->lost != LOST_NOT)
			continue;
		while (k < seen_count && seen[k] != r->all[i].touch->partner_id)
			k++;
		if (k == CREDITS_MAX)
			r->all[i].verdict->lost = LOST_TOO_MANY;
		else if (k == seen_count)
			seen[seen_count++] = r->all[i].touch->partner_id;
	}
}

static int64_t position_weight(size_t place, size_t count)
{
	bool at_an_end = place == 0 || place + 1 == count;

	return count <= 2 ? 1 : at_an_end ? 2 * (int64_t)(count - 2) : 1;
}

/* Leave only what is left in r->all, with weights. */
static void weigh(struct round *r)
{
	size_t kept = 0;
	int64_t deal_shares = 0;

	for (size_t i = 0; i < r->count; i++)
		if (r->all[i].verdict->lost == LOST_NOT)
			r->all[kept++] = r->all[i];
	r->count = kept;
	for (size_t i = 0; i < kept; i++)
		deal_shares += r->all[i].touch->share_ppm;
	for (size_t i = 0; i < kept; i++) {
		const struct candidate *c = r->all[i].touch;

		if (c->signal == SIGNAL_DEAL && deal_shares > 0)
			r->all[i].weight = c->share_ppm;
		else if (c->signal != SIGNAL_DEAL && r->rules->model == MODEL_POSITION)
			r->all[i].weight = position_weight(i, kept);
		else
			r->all[i].weight = 1;
	}
}

/* The credit of a partner; new ones go to the end. The newest touch names link and time. */
static void credit(struct attribution *out, const struct candidate *c, int64_t share_ppm)
{
	size_t i = 0;

	while (i < out->credited_count && out->credited[i].partner_id != c->partner_id)
		i++;
	if (i == out->credited_count) {
		CHECK(i < CREDITS_MAX);
		out->credited[out->credited_count++] = (struct credited){ 0 };
	}
	out->credited[i].partner_id = c->partner_id;
	out->credited[i].link_id = c->link_id;
	out->credited[i].click_id = c->click_id;
	out->credited[i].signal = c->signal;
	out->credited[i].named = c->named;
	out->credited[i].at_ms = c->at_ms;
	out->credited[i].share_ppm += share_ppm;
}

static void share_out(struct round *r)
{
	int64_t weights[CANDIDATES_MAX], shares[CANDIDATES_MAX];

	weigh(r);
	for (size_t i = 0; i < r->count; i++)
		weights[i] = r->all[i].weight;
	money_allocate(PPM_ONE, weights, r->count, shares);
	for (size_t i = 0; i < r->count; i++) {
		r->all[i].verdict->share_ppm = shares[i];
		if (shares[i] > 0)
			credit(r->out, r->all[i].touch, shares[i]);
	}
}

static void credit_owners(struct round *r, bool wins)
{
	const struct contest *c = r->contest;
	struct attribution *out = r->out;
	int64_t weights[CREDITS_MAX], shares[CREDITS_MAX];

	CHECK(c->owner_count <= CREDITS_MAX);
	for (size_t i = 0; i < c->owner_count; i++)
		weights[i] = c->owners[i].share_ppm ? c->owners[i].share_ppm : 1;
	if (c->owner_count > 0)
		money_allocate(PPM_ONE, weights, c->owner_count, shares);
	for (size_t i = 0; i < c->owner_count; i++) {
		const struct candidate owner = {
			.signal = SIGNAL_OWNED,
			.partner_id = c->owners[i].partner_id,
			.link_id = c->owners[i].link_id,
			.at_ms = c->owned_since_ms,
		};

		out->verdicts[out->verdict_count++] = (struct verdict){
			.partner_id = owner.partner_id,
			.link_id = owner.link_id,
			.signal = SIGNAL_OWNED,
			.lost = wins                 ? LOST_NOT
			        : ownership_holds(r) ? LOST_SIGNAL
			                             : LOST_OWNERSHIP_OVER,
			.at_ms = owner.at_ms,
			.share_ppm = wins ? shares[i] : 0,
		};
		if (wins)
			credit(out, &owner, shares[i]);
	}
}

void attribute(const struct attribution_rules *rules, const struct contest *c,
               struct attribution *out)
{
	struct round r = { .rules = rules, .contest = c, .out = out };
	enum attribution_model model = rules->model;

	CHECK(c->touch_count <= CANDIDATES_MAX);
	out->credited_count = out->verdict_count = 0;
	out->model = model;
	out->cookie_days = rules->cookie_days;
	out->at_ms = c->at_ms;
	open_round(&r);
	out->signal = decide(&r);
	drop_weaker(&r, out->signal);
	if (out->signal < SIGNAL_OWNED) {
		bool one = model == MODEL_LAST || model == MODEL_FIRST;

		if (one || out->signal == SIGNAL_DEAL)
			keep_one(&r, model == MODEL_FIRST);
		keep_newest_partners(&r);
		share_out(&r);
	}
	credit_owners(&r, out->signal == SIGNAL_OWNED);
}
