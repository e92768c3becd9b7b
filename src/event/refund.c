/* SPDX-License-Identifier: Apache-2.0 */
#include "event/refund.h"

#include "base/check.h"
#include "base/money.h"
#include "event/about.h"
#include "event/earn.h"
#include "event/parked.h"
#include "event/reversal.h"

bool refund_sum(struct ctx *c, const struct event *sale, int64_t *out_minor)
{
	struct reversal known;

	if (!reversal_known(c, sale, &known))
		return false;
	*out_minor = known.refunded_minor;
	return true;
}

static const struct sql SQL_APPLY = {
	.text = "INSERT INTO sale_refund (org_id, sale_id, event_id, amount, at)"
	        " VALUES ($1, $2, $3, $4, $5)",
};

/* "Refund of 33.00 USD; 33.00 USD of the sale's 99.00 USD are refunded now." */
static struct str sentence(struct ctx *c, const struct reversal *before, int64_t taken_minor)
{
	const struct event *of = before->of;
	const struct currency *cur = currency_find(of->currency);
	const char *noun = about_noun(of->type);

	if (of->amount == 0 || !cur)
		return arena_printf(c->arena, taken_minor > 0 ? "The %s is taken back."
		                                              : "The %s was taken back already.", noun);
	return arena_printf(
	        c->arena, "Refund of %.*s; %.*s of the %s's %.*s are refunded now.",
	        STR_ARG(money_text(c->arena, taken_minor, cur)),
	        STR_ARG(money_text(c->arena, before->refunded_minor + taken_minor, cur)), noun,
	        STR_ARG(money_text(c->arena, of->amount, cur)));
}

static int64_t left_of(const struct reversal *r)
{
	return about_whole(r->of) - r->refunded_minor;
}

static bool apply(struct ctx *c, const struct reversal *before, struct event *e,
                  int64_t taken_minor)
{
	struct settling done;

	CHECK(taken_minor >= 0 && taken_minor <= left_of(before));
	if (!db_exec(c, &SQL_APPLY,
	             ARGS(val_int(before->of->id), val_int(e->id), val_int(taken_minor),
	                  val_int(e->occurred_at)))
	    || !reversal_apply(c, before, e, &done))
		return false;
	e->attribution = reversal_says(c, sentence(c, before, taken_minor));
	return true;
}

static bool record_for(struct ctx *c, const struct track *t, const struct event *of,
                       struct event *e)
{
	struct reversal before;
	int64_t left;

	if (!about_fits(c, t, of) || !reversal_known(c, of, &before))
		return false;
	left = left_of(&before);
	if (!t->amount_given)
		e->amount = of->amount > 0 ? left : -1; /* it has none either */
	if (e->amount > left)
		return fail(c, ERR_INVALID, "amount", "only %.*s of this %s is left to refund",
		            STR_ARG(money_text(c->arena, left, currency_find(of->currency))),
		            about_noun(of->type));
	event_about(e, of);
	return apply(c, &before, e, e->amount < 0 ? left : e->amount) && earn_store(c, e);
}

bool refund_record(struct ctx *c, const struct track *t, struct event *e)
{
	struct event of;
	bool found;

	if (!event_find(c, about_type(t), t->of_id, &of, &found))
		return false;
	if (found)
		return record_for(c, t, &of, e);
	if (!t->amount_given)
		e->amount = -1; /* all that is left, once it is known */
	return parked_put(c, t, e);
}

bool refund_apply(struct ctx *c, const struct event *of, struct event *e)
{
	struct reversal before;
	int64_t left;

	if (!reversal_known(c, of, &before))
		return false;
	left = left_of(&before);
	return apply(c, &before, e, e->amount < 0 || e->amount > left ? left : e->amount);
}

const struct sql *const refund_sql[] = { &SQL_APPLY, NULL };
