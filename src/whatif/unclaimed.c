/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/unclaimed.h"

#include "base/check.h"
#include "base/clock.h"
#include "customer/touch.h"
#include "event/intake.h"
#include "event/standing.h"
#include "fx/fx_rate.h"

/*
 * The contacts up to and with this event, which are older than the customer's next one: those that
 * the event brought itself were stored after it.
 */
static const struct sql SQL_TOUCHES = {
	.text = "SELECT @columns FROM touch WHERE org_id = $1 AND customer_id = $2"
	        " AND campaign_id = $4 AND id < (SELECT COALESCE(MIN(id), 9223372036854775807)"
	        " FROM event WHERE org_id = $1 AND customer_id = $2 AND id > $3)"
	        " ORDER BY id DESC LIMIT 64",
	.model = &touch_model,
};

static bool read_touches(struct past *p, const struct event *e, struct happening *out)
{
	struct ctx *c = &p->page->c;
	struct candidate *all;
	struct list rows;

	if (!db_list(c, &SQL_TOUCHES,
	             ARGS(val_int(e->customer_id), val_int(e->id), val_int(p->campaign_id)),
	             sizeof(struct touch), &rows))
		return false;
	all = ARENA_ARRAY(c->arena, struct candidate, CANDIDATES_MAX);
	for (size_t i = 0; i < rows.count && i < CANDIDATES_MAX; i++) {
		const struct touch *t = (const struct touch *)rows.items + i;
		int64_t latest_ms = e->occurred_at - (t->id < e->id);

		all[out->touch_count++] = (struct candidate){
			.signal = (enum signal)t->signal,
			.partner_id = t->partner_id,
			.link_id = t->link_id,
			.click_id = t->click_id,
			.at_ms = intake_contact_time(t->at, latest_ms),
		};
	}
	out->touches = all;
	return true;
}

static bool read_customer(struct past *p, struct happening *out)
{
	struct customer cu;

	if (!past_know(p, out, &cu))
		return false;
	if (out->recall.inputs.event.country.n == 0)
		out->recall.inputs.event.country = cu.country;
	return true;
}

static bool read_all(struct past *p, const struct event *e, struct happening *out)
{
	struct occurrence *o = &out->recall.inputs.event;
	struct ctx *c = &p->page->c;

	if (!recall_bare(c, e, p->currency, &out->recall) || !read_customer(p, out)
	    || !read_touches(p, e, out))
		return false;
	out->recall.month = standing_month(p->zone, e->occurred_at);
	out->recall.inputs.standing.campaign_closed =
	        p->closed_at_ms != 0 && e->occurred_at >= p->closed_at_ms;
	return !o->currency || o->currency == p->currency
	       || fx_rate_find(c, o->currency, p->currency, e->occurred_at / MS_PER_DAY, &o->fx);
}

bool unclaimed_recall(struct past *p, const struct event *e, struct happening *out, bool *out_any)
{
	static _Thread_local struct accrual nothing;
	bool ok;

	*out_any = e->customer_id != 0;
	*out = (struct happening){ .event = e, .unclaimed = true, .stored = &nothing };
	nothing.gate = GATE_NOT_CREDITED;
	if (!*out_any)
		return true;
	past_take_back(p, e, out);
	if (!past_terms_at(p, e->occurred_at, &out->terms))
		return false;
	ahead_lock(&p->ahead);
	ok = read_all(p, e, out);
	ahead_unlock(&p->ahead);
	return ok;
}

const struct sql *const whatif_unclaimed_sql[] = { &SQL_TOUCHES, NULL };
