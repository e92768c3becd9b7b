/* SPDX-License-Identifier: Apache-2.0 */
#include "event/churn.h"

#include "customer/referral.h"
#include "event/earn.h"
#include "event/reversal.h"

static const struct sql SQL_EARNERS = {
	.text = "SELECT @columns FROM event WHERE org_id = $1 AND customer_id = $2"
	        " AND campaign_id <> 0 AND related_id = 0 AND occurred_at <= $3"
	        " ORDER BY id",
	.model = &event_model,
};

static bool settle_all(struct ctx *c, const struct event *churn, struct settling *done)
{
	struct list earners;

	if (!db_list(c, &SQL_EARNERS,
	             ARGS(val_int(churn->customer_id), val_int(churn->occurred_at)),
	             sizeof(struct event), &earners))
		return false;
	for (size_t i = 0; i < earners.count; i++) {
		struct reversal r;
		int64_t *left = &r.facts.churned_at_ms;

		if (!reversal_known(c, (const struct event *)earners.items + i, &r))
			return false;
		r.changed_only = true;
		if (*left == 0 || churn->occurred_at < *left)
			*left = churn->occurred_at; /* this one is not stored yet */
		if (!reversal_settle(c, &r, churn->id, done))
			return false;
	}
	return true;
}

static bool keep_customer(struct ctx *c, const struct track *t, struct event *e)
{
	struct customer cu;
	bool known;

	if (!customer_find(c, t->customer_id, &cu, &known))
		return false;
	if (!known)
		cu = (struct customer){ .external_id = t->customer_id };
	if (e->occurred_at > cu.churned_at)
		cu.churned_at = e->occurred_at;
	if (!(known ? referral_save(c, &cu) : referral_create(c, &cu)))
		return false;
	e->customer_id = cu.id;
	return true;
}

static struct str sentence(struct ctx *c, const struct settling *done)
{
	if (done->taken == 0)
		return STR("The customer has left; nothing is taken back.");
	return arena_printf(c->arena, "The customer has left; of %zu commission%s something is"
	                              " taken back.", done->taken, done->taken == 1 ? "" : "s");
}

bool churn_record(struct ctx *c, const struct track *t, struct event *e)
{
	struct settling done;

	reversal_open(c, &done);
	if (!keep_customer(c, t, e) || !settle_all(c, e, &done))
		return false;
	e->outcome = reversal_list(&done);
	e->attribution = reversal_says(c, sentence(c, &done));
	return earn_store(c, e);
}

static const struct sql SQL_FIRST = {
	.text = "SELECT id FROM event WHERE org_id = $1 AND customer_id = $2 AND type = 4"
	        " AND occurred_at >= $3 ORDER BY occurred_at, id LIMIT 1",
};

bool churn_catch_up(struct ctx *c, const struct event *late)
{
	struct settling done;
	struct reversal r;
	int64_t id;

	reversal_open(c, &done);
	return db_int(c, &SQL_FIRST, ARGS(val_int(late->customer_id), val_int(late->occurred_at)),
	              &id)
	       && reversal_known(c, late, &r)
	       && reversal_settle(c, &r, id, &done);
}

const struct sql *const churn_sql[] = { &SQL_EARNERS, &SQL_FIRST, NULL };
