/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/registrations.h"

#include "base/check.h"
#include "customer/account.h"
#include "deal/deal.h"
#include "deal/deal_step.h"
#include "deal/protected_account.h"

/* Days are counted back from the end of the story. */
static const struct registration {
	int day, won_day;    /* 0: not won */
	const char *partner; /* the slug of its link */
	const char *company, *domain, *email, *note;
	int64_t amount;
} registrations[] = {
	{ 70, 0, "northgate", "Tarn Logistics", "tarn.example", "", "Asked for a quote.", 2400000 },
	{ 40, 33, "northgate", "Halden Shipping", "halden.example", "", "", 4800000 },
	{ 8, 0, "brightharbor", "Ostrava Foods", "ostrava.example", "m.novak@ostrava.example",
	  "Second demo next week.", 1900000 },
	{ 5, 0, "fieldnote", "Ostrava Foods a.s.", "", "it@ostrava.example", "", 1500000 },
	{ 4, 0, "ada", "Larkspur Clinics", "larkspur.example", "", "They read my comparison.",
	  900000 },
	{ 2, 0, "kappa", "Meridian Bank", "meridian-bank.example", "",
	  "Their new design team wants dashboards.", 7500000 },
};

#define PROTECT_DAY 120

static size_t partner_of(const struct story *s, const char *slug)
{
	size_t i = 0;

	while (i < s->brand->partner_count && strcmp(s->brand->partners[i].slug, slug) != 0)
		i++;
	CHECK(i < s->brand->partner_count);
	return i;
}

static bool begin(struct ctx *c, struct story *s, size_t i)
{
	const struct registration *g = &registrations[i];
	size_t who = partner_of(s, g->partner);
	struct deal_new in = {
		.campaign_id = s->campaign_ids[s->brand->partners[who].campaign],
		.partner_id = s->partner_ids[who],
		.company = str_from(g->company),
		.domain = str_from(g->domain),
		.email = str_from(g->email),
		.note = str_from(g->note),
		.amount = g->amount,
	};
	struct deal d;
	bool more = true;

	while (more)
		if (!account_begin(c, &more))
			return false;
	if (!deal_register(c, &in, &d))
		return false;
	s->deal_ids[i] = d.id;
	return true;
}

static bool win(struct ctx *c, struct story *s, size_t i)
{
	struct deal_step step = { .note = STR("Signed for two years.") };
	struct deal d;

	return deal_get(c, s->deal_ids[i], &d) && deal_win(c, &d, &step);
}

bool registrations_day(struct ctx *c, struct story *s)
{
	struct protected_account own = { .account = STR("meridian-bank.example"),
		                         .note = STR("Our own enterprise team.") };
	int left = STORY_DAYS - s->day;

	_Static_assert(LEN(registrations) <= STORY_DEALS_MAX, "the story keeps their ids");
	if (s->brand != &cast_brands[0])
		return true;
	if (left == PROTECT_DAY && !protected_account_create(c, &own))
		return false;
	for (size_t i = 0; i < LEN(registrations); i++)
		if ((registrations[i].day == left && !begin(c, s, i))
		    || (registrations[i].won_day == left && !win(c, s, i)))
			return false;
	return true;
}
