/* SPDX-License-Identifier: Apache-2.0 */
#include "event/reversal.h"

#include "base/check.h"
#include "campaign/terms_cache.h"
#include "commission/commission.h"
#include "customer/customer.h"
#include "data/json_out.h"
#include "event/about.h"
#include "event/counted.h"
#include "rules/dispute.h"
#include "rules/explain.h"
#include "rules/input.h"

struct refunded {
	int64_t amount, at;
};

static const struct field refunded_fields[] = {
	FIELD(struct refunded, amount, .flags = 0),
	FIELD(struct refunded, at, .flags = 0),
};

static const struct model refunded_model = MODEL("sale_refund", refunded_fields);

static const struct sql SQL_REFUNDS = {
	.text = "SELECT @columns FROM sale_refund WHERE org_id = $1 AND sale_id = $2"
	        " AND event_id < $3 ORDER BY event_id",
	.model = &refunded_model,
};

static bool known_refunds(struct ctx *c, struct reversal *r, int64_t before_id)
{
	struct refund_fact *all;
	struct list rows;

	if (!db_list(c, &SQL_REFUNDS, ARGS(val_int(r->of->id), val_int(before_id)),
	             sizeof(struct refunded), &rows))
		return false;
	all = ARENA_ARRAY(c->arena, struct refund_fact, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		const struct refunded *f = (const struct refunded *)rows.items + i;

		all[i] = (struct refund_fact){ .amount_minor = f->amount, .at_ms = f->at };
		r->refunded_minor += f->amount;
	}
	r->facts.refunds = all;
	r->facts.refund_count = rows.count;
	return true;
}

struct told {
	struct str dispute;
	int64_t state, amount, at;
};

static const struct field told_fields[] = {
	FIELD(struct told, dispute, .flags = 0),
	FIELD(struct told, state, .flags = 0),
	FIELD(struct told, amount, .flags = 0),
	FIELD(struct told, at, .flags = 0),
};

static const struct model told_model = MODEL("sale_dispute", told_fields);

static const struct sql SQL_DISPUTES = {
	.text = "SELECT @columns FROM sale_dispute WHERE org_id = $1 AND sale_id = $2"
	        " AND event_id < $3 ORDER BY event_id",
	.model = &told_model,
};

static bool known_disputes(struct ctx *c, struct reversal *r, int64_t before_id)
{
	struct dispute_notice *notices;
	struct dispute_fact *facts;
	struct list rows;

	if (!db_list(c, &SQL_DISPUTES, ARGS(val_int(r->of->id), val_int(before_id)),
	             sizeof(struct told), &rows))
		return false;
	notices = ARENA_ARRAY(c->arena, struct dispute_notice, rows.count + 1);
	facts = ARENA_ARRAY(c->arena, struct dispute_fact, rows.count + 1);
	for (size_t i = 0; i < rows.count; i++) {
		const struct told *t = (const struct told *)rows.items + i;

		notices[i] = (struct dispute_notice){ .dispute = t->dispute,
			                              .state = (enum dispute_state)t->state,
			                              .amount_minor = t->amount,
			                              .at_ms = t->at };
	}
	r->facts.disputes = facts;
	r->facts.dispute_count = dispute_fold(notices, rows.count, facts);
	return true;
}

static const struct sql SQL_CHURN = {
	.text = "SELECT COALESCE(MIN(occurred_at), 0) AS at FROM event"
	        " WHERE org_id = $1 AND customer_id = $2 AND type = 4 AND occurred_at >= $3"
	        " AND id < $4",
};

/* When the customer left for the first time after the event. */
static bool known_churn(struct ctx *c, struct reversal *r, int64_t before_id)
{
	const struct event *e = r->of;
	struct customer cu;

	_Static_assert(EVENT_CHURN == 4, "the type in the statement");
	if (e->customer_id == 0)
		return true;
	if (!customer_get(c, e->customer_id, &cu))
		return false;
	return cu.churned_at < e->occurred_at
	       || db_int(c, &SQL_CHURN,
	                 ARGS(val_int(cu.id), val_int(e->occurred_at), val_int(before_id)),
	                 &r->facts.churned_at_ms);
}

bool reversal_known_before(struct ctx *c, const struct event *of, int64_t before_id,
                           struct reversal *out)
{
	*out = (struct reversal){ .of = of };
	if (about_possible(of->type)
	    && (!known_refunds(c, out, before_id) || !known_disputes(c, out, before_id)))
		return false;
	out->gone_minor = dispute_gone(about_whole(of), out->refunded_minor, out->facts.disputes,
	                               out->facts.dispute_count);
	return known_churn(c, out, before_id);
}

bool reversal_known(struct ctx *c, const struct event *of, struct reversal *out)
{
	return reversal_known_before(c, of, INT64_MAX, out);
}

/* What one reversal did, as answers list it. */
static void put_adjustment(struct buf *b, const struct commission *m, const struct reverse_said *r)
{
	jw_object(b);
	jw_key_id(b, "id", ID_COMMISSION, m->id);
	jw_key_id(b, "partner", ID_PARTNER, m->partner_id);
	jw_key_int(b, "amount", -r->adjustment->reverse_minor);
	jw_key_str(b, "currency", m->currency);
	jw_key_str(b, "status", str_from(commission_status_names[m->status]));
	jw_key_time(b, "matures_at", m->matures_at);
	jw_key(b, "explanation");
	explain_reverse_json(b, r);
	jw_object_end(b);
}

static void count(const struct adjustment *a, bool was_disputed, struct settling *s)
{
	s->taken += a->reverse_minor > 0;
	s->given += a->reverse_minor < 0;
	s->held += a->hold && !was_disputed;
	s->released += !a->hold && was_disputed;
}

static bool settle_one(struct ctx *c, const struct reversal *r, int64_t cause_id,
                       struct commission *m, struct settling *out)
{
	struct earned was = { .amount_minor = m->amount,
		              .reversed_minor = m->reversed,
		              .occurred_at_ms = m->occurred_at,
		              .sale_minor = about_whole(r->of) };
	bool was_disputed = m->holds & HOLD_DISPUTED;
	const struct terms *terms;
	struct adjustment a;
	struct reverse_said said = { .earned = &was, .facts = &r->facts, .adjustment = &a };

	if (m->amount == 0 || m->status == COMMISSION_REJECTED)
		return true;
	if (!terms_compiled(c, m->terms_id, &terms))
		return false;
	reverse(terms, &was, &r->facts, &a);
	if (!commission_reverse_to(c, m, a.target_minor, cause_id)
	    || !commission_dispute(c, m, a.hold, cause_id))
		return false;
	count(&a, was_disputed, out);
	if (a.reverse_minor != 0 || !r->changed_only) {
		said.terms = terms;
		said.cur = currency_find(m->currency);
		said.sale_cur = currency_find(r->of->currency);
		put_adjustment(&out->list, m, &said);
	}
	return true;
}

void reversal_open(struct ctx *c, struct settling *out)
{
	*out = (struct settling){ 0 };
	buf_init(&out->list, c->arena);
	jw_array(&out->list);
}

struct str reversal_list(struct settling *s)
{
	jw_array_end(&s->list);
	return buf_text(&s->list);
}

bool reversal_settle(struct ctx *c, const struct reversal *r, int64_t cause_id,
                     struct settling *out)
{
	struct list commissions;

	if (!commission_of_event(c, r->of->id, &commissions))
		return false;
	for (size_t i = 0; i < commissions.count; i++)
		if (!settle_one(c, r, cause_id, (struct commission *)commissions.items + i, out))
			return false;
	return true;
}

bool reversal_apply(struct ctx *c, const struct reversal *before, struct event *cause,
                    struct settling *out)
{
	struct reversal after;

	reversal_open(c, out);
	if (!reversal_known(c, before->of, &after)
	    || !reversal_settle(c, &after, cause->id, out)
	    || !counted_lower(c, before->of,
	                      (struct counted_gone){ before->gone_minor, after.gone_minor }))
		return false;
	cause->outcome = reversal_list(out);
	return true;
}

struct str reversal_says(struct ctx *c, struct str sentence)
{
	struct buf b;

	buf_init(&b, c->arena);
	jw_object(&b);
	jw_key(&b, "credited");
	jw_array(&b);
	jw_array_end(&b);
	jw_key_str(&b, "sentence", sentence);
	jw_key(&b, "steps");
	jw_array(&b);
	jw_array_end(&b);
	jw_object_end(&b);
	return buf_text(&b);
}

const struct sql *const reversal_sql[] = { &SQL_REFUNDS, &SQL_DISPUTES, &SQL_CHURN, NULL };
