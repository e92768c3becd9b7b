/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/story.h"

#include "base/check.h"
#include "base/clock.h"
#include "calendar/click_hours.h"
#include "calendar/retainer.h"
#include "campaign/campaign.h"
#include "click/click.h"
#include "commission/commission.h"
#include "demo/registrations.h"
#include "event/event.h"
#include "link/code.h"
#include "link/link.h"
#include "partner/enrolment.h"
#include "partner/partner_step.h"
#include "payout/run.h"

/* Sebastiano Vigna's splitmix64, https://prng.di.unimi.it/splitmix64.c (public domain): the demo is
 * the same wherever it is made. */
static uint64_t next_random(struct story *s)
{
	uint64_t z = s->random += 0x9E3779B97F4A7C15ULL;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ULL;
	z = (z ^ z >> 27) * 0x94D049BB133111EBULL;
	return z ^ z >> 31;
}

int64_t story_chance(struct story *s, int64_t n)
{
	CHECK(n > 0);
	return (int64_t)(next_random(s) % (uint64_t)n);
}

/* The next moment of the day. */
static int64_t moment(struct story *s)
{
	s->hour_ms += 20000 + (int)story_chance(s, 60000);
	if (s->hour_ms > 23 * 3600000)
		s->hour_ms = 23 * 3600000;
	return s->start_ms + s->day * MS_PER_DAY + s->hour_ms;
}

static struct str text(struct ctx *c, const char *prefix, int64_t number)
{
	return arena_printf(c->arena, "%s%lld", prefix, (long long)number);
}

static bool open_campaigns(struct ctx *c, struct story *s)
{
	for (size_t i = 0; i < s->brand->campaign_count; i++) {
		const struct cast_campaign *k = &s->brand->campaigns[i];
		struct campaign campaign = { .slug = str_from(k->slug),
			                     .name = str_from(k->name),
			                     .currency = str_from(s->brand->currency),
			                     .url = str_from(k->url),
			                     .review = k->review };

		if (k->begins_day != s->day)
			continue;
		if (!campaign_create(c, &campaign, str_from(k->terms)))
			return false;
		s->campaign_ids[i] = campaign.id;
	}
	return true;
}

static bool add_code(struct ctx *c, const struct story *s, size_t i)
{
	const struct cast_partner *who = &s->brand->partners[i];
	struct code code = { .code = str_from(who->slug),
		             .partner_id = s->partner_ids[i],
		             .campaign_id = s->campaign_ids[who->campaign] };

	return !who->has_code || code_create(c, &code);
}

static bool special_terms(struct ctx *c, const struct story *s, size_t i)
{
	const struct cast_partner *who = &s->brand->partners[i];
	int64_t campaign_id = s->campaign_ids[who->campaign];
	struct enrolment e;

	if (who->group && !enrolment_set_group(c, s->partner_ids[i], campaign_id, str_from(who->group)))
		return false;
	if (!who->override)
		return true;

	struct partner_override o = { .campaign_id = campaign_id,
		                      .reward = str_from(who->override),
		                      .recurring_months = OVERRIDE_RECURRING_UNSET };

	return enrolment_set_override(c, s->partner_ids[i], &o, &e);
}

static bool join(struct ctx *c, struct story *s, size_t i)
{
	const struct cast_partner *who = &s->brand->partners[i];
	struct partner_new in = {
		.name = str_from(who->name),
		.email = str_from(who->email),
		.country = str_from(who->country),
		.campaign_id = s->campaign_ids[who->campaign],
		.parent_id = who->parent >= 0 ? s->partner_ids[who->parent] : 0,
		.payout_account = str_from(who->email),
		.status = who->waits ? PARTNER_PENDING : PARTNER_APPROVED,
	};
	struct link link = { .campaign_id = in.campaign_id,
		             .slug = str_from(who->slug),
		             .utm_source = str_from(who->slug),
		             .utm_medium = STR("partner") };
	struct partner p;

	if (!partner_enrol(c, &in, &p))
		return false;
	s->partner_ids[i] = link.partner_id = p.id;
	if (who->waits)
		return true;
	if (!link_create(c, &link) || !add_code(c, s, i) || !special_terms(c, s, i))
		return false;
	s->link_ids[i] = link.id;
	return true;
}

/* A visitor clicks; *out is the click's id. */
static bool click(struct ctx *c, struct story *s, size_t i, int64_t at_ms, int64_t *out)
{
	static const char *const referrers[] = { "https://www.youtube.com/",
	                                         "https://news.example/",
		                                 "https://t.example/", "", "https://blog.example/" };
	const struct cast_partner *who = &s->brand->partners[i];
	struct link_entry link = { .org_id = s->org_id,
		                   .link_id = s->link_ids[i],
		                   .partner_id = s->partner_ids[i],
		                   .campaign_id = s->campaign_ids[who->campaign] };
	struct visit v = {
		.at_ms = at_ms,
		.ip = arena_printf(c->arena, "198.51.100.%lld", (long long)story_chance(s, 250)),
		.user_agent = STR("Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"),
		.referrer = str_from(referrers[story_chance(s, 5)]),
		.country = str_from(who->country),
	};

	return click_record(app_of(c)->clicks, c->arena, &link, &v, out)
	       || fail(c, ERR_FULL, NULL, "a click could not be journalled");
}

static bool record(struct ctx *c, struct track *t)
{
	struct recorded done;

	t->source = STR("demo");
	return event_record(c, t, &done);
}

static struct str sale_id(struct ctx *c, const struct story_customer *who, int invoice)
{
	return arena_printf(c->arena, "in_%lld_%d", (long long)who->number, invoice);
}

/* One invoice of a customer; the first one brings what the visitor came with. */
static bool invoice(struct ctx *c, struct story *s, struct story_customer *who, struct track t)
{
	int64_t net = s->brand->prices[who->plan];

	t.type = EVENT_SALE;
	t.external_id = sale_id(c, who, who->invoice);
	t.customer_id = text(c, "cus_", who->number);
	t.customer_email = arena_printf(c->arena, "customer-%lld@mail.example",
	                                (long long)who->number);
	t.customer_country = str_from(s->brand->partners[who->partner].country);
	t.tax = net * s->brand->tax_percent / 100;
	t.amount = net + t.tax;
	t.currency = str_from(s->brand->currency);
	t.product = str_from(s->brand->plans[who->plan]);
	t.plan = STR("monthly");
	t.occurred_at = moment(s);
	if (story_chance(s, 100) < 4 && s->refund_count < STORY_CUSTOMERS_MAX)
		s->refunds[s->refund_count++] = (struct story_refund){
			.day = s->day + 2 + (int)story_chance(s, 18),
			.customer = (int)(who - s->customers),
			.invoice = who->invoice,
			.amount = story_chance(s, 3) == 0 ? t.amount / 3 : 0,
		};
	who->invoice++;
	who->next_day = story_chance(s, 100) < 9 ? 0 : s->day + 30;
	return record(c, &t);
}

static bool become_customer(struct ctx *c, struct story *s, size_t i, int64_t click_id)
{
	const struct cast_partner *who = &s->brand->partners[i];
	struct story_customer *cu = &s->customers[s->customer_count];
	struct track lead = { .type = EVENT_LEAD, .click_id = click_id };

	if (s->customer_count == STORY_CUSTOMERS_MAX)
		return true;
	*cu = (struct story_customer){ .number = (int64_t)++s->customer_count,
		                       .plan = (int)(story_chance(s,
		                                                  10) < 6 ? 0
		                                                      : 1 + story_chance(s, 2)),
		                       .partner = (int)i };
	if (who->has_code && story_chance(s, 4) == 0)
		lead.code = str_from(who->slug);
	lead.external_id = text(c, "signup_", cu->number);
	lead.customer_id = text(c, "cus_", cu->number);
	lead.customer_email = arena_printf(c->arena, "customer-%lld@mail.example",
	                                   (long long)cu->number);
	lead.customer_country = str_from(who->country);
	lead.occurred_at = moment(s);
	if (!record(c, &lead))
		return false;
	if (story_chance(s, 100) < 45)
		return invoice(c, s, cu, (struct track){ .click_id = click_id });
	cu->next_day = story_chance(s, 2) ? 0 : s->day + 14;
	return true;
}

static bool visit_partner(struct ctx *c, struct story *s, size_t i)
{
	const struct cast_partner *who = &s->brand->partners[i];
	int64_t grown = who->reach * (60 + s->day / 3) / 100;
	int64_t visits = s->link_ids[i] && grown > 0 ? story_chance(s, grown * 2 + 1) : 0;

	for (int64_t k = 0; k < visits; k++) {
		int64_t id;

		if (!click(c, s, i, moment(s), &id))
			return false;
		if (story_chance(s, 100) < 4 && !become_customer(c, s, i, id))
			return false;
	}
	return true;
}

static bool renewals(struct ctx *c, struct story *s)
{
	for (size_t i = 0; i < s->customer_count; i++)
		if (s->customers[i].next_day == s->day
		    && !invoice(c, s, &s->customers[i], (struct track){ 0 }))
			return false;
	return true;
}

static bool refunds(struct ctx *c, struct story *s)
{
	for (size_t i = 0; i < s->refund_count; i++) {
		const struct story_refund *f = &s->refunds[i];
		struct track t = { .type = EVENT_REFUND, .amount = f->amount,
			           .amount_given = f->amount > 0 };

		if (f->day != s->day)
			continue;
		t.external_id = text(c, "re_", (int64_t)i + 1);
		t.of_id = sale_id(c, &s->customers[f->customer], f->invoice);
		t.occurred_at = moment(s);
		if (!record(c, &t))
			return false;
	}
	return true;
}

/* The bank's answer to an approved run: all paid, but now and then one account is closed. */
static bool results(struct ctx *c, struct story *s, struct run *run)
{
	struct list payouts;

	if (!payout_of_run(c, run->id, &payouts))
		return false;
	for (size_t i = 0; i < payouts.count; i++) {
		struct payout *p = (struct payout *)payouts.items + i;
		bool closed = story_chance(s, 20) == 0;

		if (p->status != PAYOUT_APPROVED)
			continue;
		if (closed ? !payout_failed(c, p, STR("The account is closed."))
		           : !payout_paid(c, p, text(c, "TRF-", 100000 + story_chance(s, 900000))))
			return false;
	}
	return run_finish(c, run);
}

/* On the fifth of a month: pay what is due; the run of the last month stays a draft. */
static bool monthly(struct ctx *c, struct story *s)
{
	struct run run = { .currency = str_from(s->brand->currency), .method = STR("paypal") };
	struct date d = date_from_days(s->start_ms / MS_PER_DAY + s->day);

	if (d.day != 5 || s->day < 60)
		return true;
	if (!run_create(c, &run)) {
		bool nothing = c->err.code == ERR_INVALID;

		fail_clear(c);
		return nothing;
	}
	if (s->day > STORY_DAYS - 31) {
		s->draft_id = run.id;
		return true;
	}
	if (!run_approve(c, &run)) {
		bool nobody = c->err.code == ERR_STATE;

		fail_clear(c);
		return nobody && run_cancel(c, &run);
	}
	return results(c, s, &run);
}

/* The month that is over is paid to whoever has a retainer. */
static bool retainers(struct ctx *c, struct story *s)
{
	bool more = date_from_days(s->start_ms / MS_PER_DAY + s->day).day == 1;

	while (more)
		if (!retainer_step(c, &more))
			return false;
	return true;
}

/* A delivery partner closes a deal every so many days. */
static bool deals(struct ctx *c, struct story *s)
{
	for (size_t i = 0; i < s->brand->partner_count; i++) {
		const struct cast_partner *who = &s->brand->partners[i];
		int every = s->brand->campaigns[who->campaign].deal_days;
		int since = s->day - who->joins_day;
		struct track t = { .type = EVENT_DEAL_CLOSED, .partner_id = s->partner_ids[i],
			           .campaign_id = s->campaign_ids[who->campaign],
			           .currency = str_from(s->brand->currency) };

		if (every == 0 || since <= 0 || since % every != 0)
			continue;
		t.external_id = arena_printf(c->arena, "deal-%s-%d", who->slug, since / every);
		t.amount = (int64_t)(8 + since % 7 * 3) * 100000;
		t.occurred_at = moment(s);
		if (!record(c, &t))
			return false;
	}
	return true;
}

bool story_counts_clicks(const struct story *s)
{
	struct date d = date_from_days(s->start_ms / MS_PER_DAY + s->day);
	int from = s->brand->clicks_from;

	if (from == 0 || s->day < from - 1)
		return false;
	return s->day == from - 1 || d.day == 1 || s->day == STORY_DAYS - 1;
}

bool story_clicks(struct ctx *c, struct story *s)
{
	bool more = true;

	(void)s;
	while (more)
		if (!click_hours_step(c, &more))
			return false;
	return true;
}

/* A draft with somebody who may not be paid any more is thrown away, and made anew without. */
static bool draft_anew(struct ctx *c, struct story *s)
{
	struct run run, again;

	if (s->draft_id == 0)
		return true;
	if (!run_get(c, s->draft_id, &run) || !run_cancel(c, &run))
		return false;
	again = (struct run){ .currency = run.currency, .method = run.method };
	return run_create(c, &again);
}

static bool ends(struct ctx *c, struct story *s)
{
	struct partner_step step = { .note = STR("Bids on the brand's name in paid search.") };

	for (size_t i = 0; i < s->brand->partner_count; i++)
		if (s->brand->partners[i].suspended
		    && (!partner_take_step(c, PARTNER_SUSPEND, s->partner_ids[i], &step)
		        || !draft_anew(c, s)))
			return false;
	return true;
}

bool story_day(struct ctx *c, struct story *s)
{
	bool more = true;

	s->hour_ms = 7 * 3600000;
	if (!open_campaigns(c, s))
		return false;
	for (size_t i = 0; i < s->brand->partner_count; i++)
		if (s->brand->partners[i].joins_day == s->day && !join(c, s, i))
			return false;
	for (size_t i = 0; i < s->brand->partner_count; i++)
		if (s->brand->partners[i].joins_day <= s->day && !visit_partner(c, s, i))
			return false;
	while (more)
		if (!commission_mature_due(c, 500, &more))
			return false;
	return renewals(c, s) && refunds(c, s) && retainers(c, s) && deals(c, s)
	       && registrations_day(c, s) && monthly(c, s)
	       && (s->day != STORY_DAYS - 6 || ends(c, s));
}
