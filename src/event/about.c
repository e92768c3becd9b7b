/* SPDX-License-Identifier: Apache-2.0 */
#include "event/about.h"

#include "base/check.h"
#include "data/json.h"

/* NULL: refunds and disputes cannot be about such events. */
static const char *const nouns[EVENT_TYPES] = {
	[EVENT_LEAD] = "lead",
	[EVENT_SALE] = "sale",
	[EVENT_QUALIFIED_REFERRAL] = "referral",
	[EVENT_PROJECT_DELIVERED] = "project",
	[EVENT_DEAL_CLOSED] = "deal",
	[EVENT_RETAINER] = "retainer",
	[EVENT_GOAL] = "goal",
};

bool about_possible(int64_t type)
{
	return nouns[type] != NULL;
}

bool about_read(struct ctx *c, const json_t *body, const char *key, int64_t *out_type)
{
	const char *names[EVENT_TYPES + 1] = { NULL };
	int64_t types[EVENT_TYPES];
	int64_t i = -1, n = 0;

	for (int64_t type = 0; type < EVENT_TYPES; type++) {
		if (!nouns[type])
			continue;
		names[n] = event_type_names[type];
		types[n++] = type;
	}
	if (!json_get_name(c, body, key, MAY_NAME(names), &i))
		return false;
	if (i >= 0)
		*out_type = types[i];
	return true;
}

const char *about_noun(int64_t type)
{
	CHECK(about_possible(type));
	return nouns[type];
}

enum event_type about_type(const struct track *t)
{
	return t->of_type ? (enum event_type)t->of_type : EVENT_SALE;
}

bool about_check(struct ctx *c, const struct track *t)
{
	enum event_type of = about_type(t);
	bool none = of == EVENT_LEAD || of == EVENT_RETAINER;

	CHECK(about_possible(of));
	if (t->of_id.n == 0)
		return fail(c, ERR_INVALID, of == EVENT_SALE ? "sale_id" : "event_id",
		            "must be given");
	return !none || !t->amount_given
	    || fail(c, ERR_INVALID, "amount", "a %s has none: leave it out to take back all of it",
	            nouns[of]);
}

bool about_fits(struct ctx *c, const struct track *t, const struct event *of)
{
	const char *noun = about_noun(of->type);

	if (of->amount == 0 && t->amount_given)
		return fail(c, ERR_INVALID, "amount",
		            "this %s has none: leave it out to take back all of it", noun);
	return t->currency.n == 0 || str_eq(t->currency, of->currency)
	    || (of->currency.n > 0
	                ? fail(c, ERR_INVALID, "currency", "the %s is in %.*s", noun,
	                       STR_ARG(of->currency))
	                : fail(c, ERR_INVALID, "currency", "the %s has none", noun));
}

int64_t about_whole(const struct event *of)
{
	return of->amount > 0 ? of->amount : 1;
}
