/* SPDX-License-Identifier: Apache-2.0 */
#include "event/refund.h"

#include "base/check.h"
#include "base/money.h"
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

static bool apply(struct ctx *c, const struct reversal *before, struct event *e)
{
	const struct event *sale = before->of;
	const struct currency *cur = currency_find(sale->currency);
	struct settling done;

	CHECK(e->amount >= 0 && before->refunded_minor + e->amount <= sale->amount);
	if (!db_exec(c, &SQL_APPLY,
	             ARGS(val_int(sale->id), val_int(e->id), val_int(e->amount),
	                  val_int(e->occurred_at)))
	    || !reversal_apply(c, before, e, &done))
		return false;
	e->attribution = reversal_says(
	        c, arena_printf(c->arena,
	                        "Refund of %.*s; %.*s of the sale's %.*s are refunded now.",
	                        STR_ARG(money_text(c->arena, e->amount, cur)),
	                        STR_ARG(money_text(c->arena, before->refunded_minor + e->amount,
	                                           cur)),
	                        STR_ARG(money_text(c->arena, sale->amount, cur))));
	return true;
}

static bool record_for(struct ctx *c, const struct track *t, const struct event *sale,
                       struct event *e)
{
	struct reversal before;

	if (t->currency.n > 0 && !str_eq(e->currency, sale->currency))
		return fail(c, ERR_INVALID, "currency", "the sale is in %.*s",
		            STR_ARG(sale->currency));
	if (!reversal_known(c, sale, &before))
		return false;

	int64_t left = sale->amount - before.refunded_minor;

	if (!t->amount_given)
		e->amount = left;
	if (e->amount > left)
		return fail(c, ERR_INVALID, "amount", "only %.*s of this sale is left to refund",
		            STR_ARG(money_text(c->arena, left, currency_find(sale->currency))));
	event_about(e, sale);
	return apply(c, &before, e) && earn_store(c, e);
}

bool refund_record(struct ctx *c, const struct track *t, struct event *e)
{
	struct event sale;
	bool found;

	if (!event_find(c, EVENT_SALE, t->sale_id, &sale, &found))
		return false;
	if (found)
		return record_for(c, t, &sale, e);
	if (!t->amount_given)
		e->amount = -1; /* all that is left, once it is known */
	return parked_put(c, t, e);
}

bool refund_apply(struct ctx *c, const struct event *sale, struct event *e)
{
	struct reversal before;

	if (!reversal_known(c, sale, &before))
		return false;

	int64_t left = sale->amount - before.refunded_minor;

	if (e->amount < 0 || e->amount > left)
		e->amount = left;
	return apply(c, &before, e);
}

const struct sql *const refund_sql[] = { &SQL_APPLY, NULL };
