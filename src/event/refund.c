/* SPDX-License-Identifier: Apache-2.0 */
#include "event/refund.h"

#include "base/check.h"
#include "base/digest.h"
#include "base/money.h"
#include "campaign/terms_cache.h"
#include "commission/commission.h"
#include "data/json_out.h"
#include "event/counted.h"
#include "event/earn.h"
#include "rules/explain.h"

struct applied {
	int64_t event_id;
	int64_t amount;
	int64_t at;
};

static const struct field applied_fields[] = {
	FIELD(struct applied, event_id, .flags = 0),
	FIELD(struct applied, amount, .flags = 0),
	FIELD(struct applied, at, .flags = 0),
};

static const struct model applied_model = MODEL("sale_refund", applied_fields);

/* What a sale's refunds come to. */
struct refunds {
	struct refund_fact *all;
	size_t count;
	int64_t sum;
	int64_t cause_id; /* the refund at hand */
};

static const struct sql SQL_APPLIED = {
	.text = "SELECT @columns FROM sale_refund WHERE org_id = $1 AND sale_id = $2 ORDER BY event_id",
	.model = &applied_model,
};

static bool refunds_of(struct ctx *c, int64_t sale_id, struct refunds *out)
{
	struct list rows;

	if (!db_list(c, &SQL_APPLIED, ARGS(val_int(sale_id)), sizeof(struct applied), &rows))
		return false;
	out->all = ARENA_ARRAY(c->arena, struct refund_fact, rows.count + 1);
	out->count = rows.count;
	out->sum = 0;
	for (size_t i = 0; i < rows.count; i++) {
		const struct applied *a = (const struct applied *)rows.items + i;

		out->all[i] = (struct refund_fact){ .amount_minor = a->amount, .at_ms = a->at };
		out->sum += a->amount;
	}
	return true;
}

bool refund_sum(struct ctx *c, int64_t sale_id, int64_t *out_minor)
{
	struct refunds all;

	if (!refunds_of(c, sale_id, &all))
		return false;
	*out_minor = all.sum;
	return true;
}

static const struct sql SQL_APPLY = {
	.text = "INSERT INTO sale_refund (org_id, sale_id, event_id, amount, at)"
	        " VALUES ($1, $2, $3, $4, $5)",
};

/* Add one refund to those of the sale; it must not exceed what is left. */
static bool add_refund(struct ctx *c, const struct event *sale, const struct event *refund,
                       struct refunds *all)
{
	CHECK(refund->amount >= 0 && all->sum + refund->amount <= sale->amount);
	all->all[all->count++] =
	        (struct refund_fact){ .amount_minor = refund->amount,
	                              .at_ms = refund->occurred_at };
	all->sum += refund->amount;
	all->cause_id = refund->id;
	return db_exec(c, &SQL_APPLY,
	               ARGS(val_int(sale->id), val_int(refund->id), val_int(refund->amount),
	                    val_int(refund->occurred_at)));
}

/* What one reversal did, as answers list it. */
static void put_adjustment(struct buf *b, const struct commission *m, const struct earned *was,
                           const struct adjustment *a, const struct currency *sale_cur)
{
	jw_object(b);
	jw_key_id(b, "id", ID_COMMISSION, m->id);
	jw_key_id(b, "partner", ID_PARTNER, m->partner_id);
	jw_key_int(b, "amount", -a->reverse_minor);
	jw_key_str(b, "currency", m->currency);
	jw_key_str(b, "status", str_from(commission_status_names[m->status]));
	jw_key_time(b, "matures_at", m->matures_at);
	jw_key(b, "explanation");
	explain_reverse_json(b, was, a, currency_find(m->currency), sale_cur);
	jw_object_end(b);
}

static bool reverse_one(struct ctx *c, struct commission *m, const struct event *sale,
                        const struct refunds *all, struct buf *out)
{
	struct earned was = { .amount_minor = m->amount,
		              .reversed_minor = m->reversed,
		              .occurred_at_ms = m->occurred_at,
		              .sale_minor = sale->amount };
	struct facts facts = { .refunds = all->all, .refund_count = all->count };
	const struct terms *terms;
	struct adjustment a;

	if (m->amount == 0 || m->status == COMMISSION_REJECTED)
		return true;
	if (!terms_compiled(c, m->terms_id, &terms))
		return false;
	reverse(terms, &was, &facts, &a);
	if (a.reverse_minor > 0
	    && !commission_reverse_to(c, m, a.target_minor, all->cause_id))
		return false;
	put_adjustment(out, m, &was, &a, currency_find(sale->currency));
	return true;
}

/* Bring the books of a sale in line with its refunds; *out is the JSON list of what was done. */
static bool settle_sale(struct ctx *c, const struct event *sale, const struct refunds *all,
                        struct str *out)
{
	struct list commissions;
	struct buf b;

	buf_init(&b, c->arena);
	if (!commission_of_event(c, sale->id, &commissions))
		return false;
	jw_array(&b);
	for (size_t i = 0; i < commissions.count; i++)
		if (!reverse_one(c, (struct commission *)commissions.items + i, sale, all, &b))
			return false;
	jw_array_end(&b);
	*out = buf_text(&b);
	return true;
}

static struct str sentence_json(struct ctx *c, struct str sentence)
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

static bool apply(struct ctx *c, const struct event *sale, struct event *e, struct refunds *all)
{
	const struct currency *cur = currency_find(sale->currency);
	int64_t refunded = e->amount;
	struct counted_gone gone = { .before_minor = all->sum };

	if (!add_refund(c, sale, e, all)
	    || !settle_sale(c, sale, all, &e->outcome))
		return false;
	gone.after_minor = all->sum;
	if (!counted_lower(c, sale, gone))
		return false;
	e->attribution = sentence_json(
	        c, arena_printf(c->arena,
	                        "Refund of %.*s; %.*s of the sale's %.*s are refunded now.",
	                        STR_ARG(money_text(c->arena, refunded, cur)),
	                        STR_ARG(money_text(c->arena, all->sum, cur)),
	                        STR_ARG(money_text(c->arena, sale->amount, cur))));
	return true;
}

static bool record_for(struct ctx *c, const struct track *t, const struct event *sale,
                       struct event *e)
{
	struct refunds all;

	if (t->currency.n > 0 && !str_eq(e->currency, sale->currency))
		return fail(c, ERR_INVALID, "currency", "the sale is in %.*s",
		            STR_ARG(sale->currency));
	if (!refunds_of(c, sale->id, &all))
		return false;

	int64_t left = sale->amount - all.sum;

	if (!t->amount_given)
		e->amount = left;
	if (e->amount > left)
		return fail(c, ERR_INVALID, "amount", "only %lld are left to refund of this sale",
		            (long long)left);
	e->currency = sale->currency;
	e->related_id = sale->id;
	e->customer_id = sale->customer_id;
	e->campaign_id = sale->campaign_id;
	e->partner_id = sale->partner_id;
	return apply(c, sale, e, &all) && earn_store(c, e);
}

static const struct sql SQL_PARK = {
	.text = "INSERT INTO parked (org_id, sale_key, event_id, sale_external_id, created_at,"
	        " applied_at) VALUES ($1, $2, $3, $4, $5, 0)",
};

static int64_t sale_key(struct str external_id)
{
	return digest_key(str_from(event_type_names[EVENT_SALE]), external_id);
}

/* The db_serial under which this thread has seen that nothing waits. */
static _Thread_local int64_t none_waits;

/* An amount of -1 stands for "all that is left" until the sale is here. */
static bool park(struct ctx *c, const struct track *t, struct event *e)
{
	none_waits = 0;
	if (!t->amount_given)
		e->amount = -1;
	e->outcome = STR("[]");
	e->attribution = sentence_json(c,
	                               STR("The sale is not known yet; the refund waits for it."));
	return earn_store(c, e)
	       && db_exec(c, &SQL_PARK,
	                  ARGS(val_int(sale_key(t->sale_id)), val_int(e->id), val_str(t->sale_id),
	                       val_int(c->now_ms)));
}

bool refund_record(struct ctx *c, const struct track *t, struct event *e)
{
	struct event sale;
	bool found;

	if (!event_find(c, EVENT_SALE, t->sale_id, &sale, &found))
		return false;
	return found ? record_for(c, t, &sale, e) : park(c, t, e);
}

static const struct sql SQL_PARKED = {
	.text = "SELECT event_id, sale_external_id FROM parked"
	        " WHERE org_id = $1 AND sale_key = $2 AND applied_at = 0 ORDER BY event_id",
};

static const struct sql SQL_UNPARK = {
	.text = "UPDATE parked SET applied_at = $4"
	        " WHERE org_id = $1 AND sale_key = $2 AND event_id = $3",
};

static bool unpark_one(struct ctx *c, const struct event *sale, int64_t event_id)
{
	struct refunds all;
	struct event e;

	if (!event_get(c, event_id, &e) || !refunds_of(c, sale->id, &all))
		return false;

	int64_t left = sale->amount - all.sum;

	if (e.amount < 0 || e.amount > left)
		e.amount = left;
	return apply(c, sale, &e, &all)
	       && db_exec(c, &SQL_UNPARK,
	                  ARGS(val_int(sale_key(sale->external_id)), val_int(event_id),
	                       val_int(c->now_ms)));
}

static const struct sql SQL_ANY_WAITS = {
	.text = "SELECT sale_key FROM parked WHERE org_id = $1 AND applied_at = 0 LIMIT 1",
};

/* Nearly always nothing waits at all: ask once for all sales of a batch. */
static bool any_waits(struct ctx *c, bool *out)
{
	struct rows r;

	*out = false;
	if (none_waits == db_serial(c))
		return true;
	if (!db_query(c, &SQL_ANY_WAITS, NO_ARGS, &r))
		return false;
	*out = r.count > 0;
	none_waits = *out ? 0 : db_serial(c);
	return true;
}

bool refund_unpark(struct ctx *c, const struct event *sale)
{
	struct rows waiting;
	bool any;

	if (!any_waits(c, &any))
		return false;
	if (!any)
		return true;
	if (!db_query(c, &SQL_PARKED, ARGS(val_int(sale_key(sale->external_id))), &waiting))
		return false;
	for (size_t i = 0; i < waiting.count; i++) {
		if (!str_eq(rows_str(&waiting, i, 1), sale->external_id))
			continue;
		if (!unpark_one(c, sale, rows_int(&waiting, i, 0)))
			return false;
	}
	return true;
}

const struct sql *const refund_sql[] = {
	&SQL_APPLIED, &SQL_APPLY, &SQL_PARK, &SQL_ANY_WAITS, &SQL_PARKED,
	&SQL_UNPARK, NULL,
};
