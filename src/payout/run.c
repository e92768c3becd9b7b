/* SPDX-License-Identifier: Apache-2.0 */
#include "payout/run.h"

#include "base/check.h"
#include "base/id.h"
#include "base/money.h"
#include "campaign/terms_cache.h"
#include "commission/commission.h"
#include "outbox/outbox.h"
#include "partner/partner.h"
#include "rules/terms.h"

const char *const run_status_names[] = {
	[RUN_DRAFT] = "draft", [RUN_APPROVED] = "approved", [RUN_DONE] = "done",
	[RUN_CANCELED] = "canceled", NULL,
};

static const char *check_currency(struct str s)
{
	return currency_find(s) ? NULL : "is not an ISO 4217 currency";
}

static const char *check_method(struct str s)
{
	return str_is(s, "manual") || str_is(s, "paypal") ? NULL : "must be manual or paypal";
}

static const struct field fields[] = {
	FIELD(struct run, id, .flags = OUT, .as = AS_ID, .id = ID_RUN),
	FIELD(struct run, currency, .flags = IN | OUT | REQUIRED | FIXED, .min = 3, .max = 3,
	      .check = check_currency),
	FIELD(struct run, method, .flags = IN | OUT | REQUIRED | FIXED, .max = 20,
	      .check = check_method),
	FIELD(struct run, cutoff, .flags = IN | OUT | FIXED, .as = AS_TIME),
	FIELD(struct run, status, .flags = OUT, .as = AS_ENUM, .names = run_status_names),
	FIELD(struct run, created_by, .flags = OUT),
	FIELD(struct run, approved_by, .flags = OUT | NULLABLE),
	FIELD(struct run, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct run, approved_at, .flags = OUT | NULLABLE, .as = AS_TIME),
};

const struct model run_model = MODEL("payout_run", fields);

bool run_get(struct ctx *c, int64_t id, struct run *out)
{
	return db_get_id(c, &run_model, id, out);
}

/* The open commissions of one partner, in the run being made. */
struct share {
	const struct commission *items;
	size_t count;
	int64_t sum;
	int64_t minimum;
};

static int64_t open_amount(const struct commission *m)
{
	return m->amount - m->reversed - m->allocated;
}

/* The smallest counts. */
static bool lower(struct ctx *c, int64_t campaign_id, int64_t *minimum)
{
	struct terms_in_force t;

	if (!terms_in_force(c, campaign_id, c->now_ms, &t))
		return false;
	if (t.terms->minimum_payout_minor < *minimum)
		*minimum = t.terms->minimum_payout_minor;
	return true;
}

static bool share_minimum(struct ctx *c, struct share *s)
{
	int64_t last_campaign = 0;

	s->minimum = INT64_MAX;
	for (size_t i = 0; i < s->count; i++) {
		if (s->items[i].campaign_id == last_campaign)
			continue;
		last_campaign = s->items[i].campaign_id;
		if (!lower(c, last_campaign, &s->minimum))
			return false;
	}
	return true;
}

static const struct sql SQL_OPEN_CAMPAIGNS = {
	.text = "SELECT DISTINCT campaign_id FROM commission"
	        " WHERE org_id = $1 AND open = 1 AND currency = $2 AND partner_id = $3",
};

bool run_minimum(struct ctx *c, int64_t partner_id, struct str currency, int64_t *out)
{
	int64_t least = INT64_MAX;
	struct rows rows;

	if (!db_query(c, &SQL_OPEN_CAMPAIGNS, ARGS(val_str(currency), val_int(partner_id)), &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++)
		if (!lower(c, rows_int(&rows, i, 0), &least))
			return false;
	*out = rows.count > 0 ? least : 0;
	return true;
}

/* Why this partner is not paid in this run; empty when it is. */
static struct str skip_reason(struct ctx *c, const struct share *s, const struct partner *p)
{
	const struct currency *cur = currency_find(s->items[0].currency);

	if (s->sum <= 0)
		return arena_printf(c->arena, "The balance is %.*s; it carries forward.",
		                    STR_ARG(money_text(c->arena, s->sum, cur)));
	if (p->status != PARTNER_APPROVED)
		return arena_printf(c->arena, "The partner is %s.",
		                    partner_status_names[p->status]);
	if (s->sum < s->minimum)
		return arena_printf(c->arena, "Below the minimum payout of %.*s.",
		                    STR_ARG(money_text(c->arena, s->minimum, cur)));
	return STR("");
}

static bool add_items(struct ctx *c, const struct share *s, int64_t payout_id)
{
	for (size_t i = 0; i < s->count; i++) {
		struct payout_item item = { .payout_id = payout_id,
			                    .commission_id = s->items[i].id,
			                    .amount = open_amount(&s->items[i]) };

		if (!payout_item_create(c, &item))
			return false;
	}
	return true;
}

static bool add_payout(struct ctx *c, const struct run *r, struct share *s)
{
	struct partner partner;

	if (!partner_get(c, s->items[0].partner_id, &partner) || !share_minimum(c, s))
		return false;
	struct payout p = {
		.run_id = r->id,
		.partner_id = partner.id,
		.currency = r->currency,
		.amount = s->sum,
		.recipient = partner.payout_account.n ? partner.payout_account : partner.email,
		.reason = skip_reason(c, s, &partner),
	};

	p.status = p.reason.n ? PAYOUT_SKIPPED : PAYOUT_DRAFT;
	if (!payout_create(c, &p))
		return false;
	return p.status == PAYOUT_SKIPPED
	    || (add_items(c, s, p.id) && outbox_post(c, OUTBOX_PAYOUT_CREATED, p.id));
}

/* The list is ordered by partner: make one payout of each stretch. */
static bool add_payouts(struct ctx *c, const struct run *r, const struct list *open)
{
	const struct commission *items = open->items;

	for (size_t from = 0, to; from < open->count; from = to) {
		struct share s = { .items = items + from };

		for (to = from; to < open->count && items[to].partner_id == items[from].partner_id; to++)
			s.sum += open_amount(&items[to]);
		s.count = to - from;
		if (!add_payout(c, r, &s))
			return false;
	}
	return true;
}

bool run_create(struct ctx *c, struct run *r)
{
	/* without one, also what somebody has approved before its time */
	int64_t until = r->cutoff == 0 ? INT64_MAX : r->cutoff;
	struct list open;

	if (r->cutoff == 0)
		r->cutoff = c->now_ms;
	if (r->cutoff > c->now_ms)
		return fail(c, ERR_INVALID, "cutoff", "the cutoff cannot lie in the future");
	r->id = id_new();
	r->currency = str_from(currency_find(r->currency)->code);
	r->status = RUN_DRAFT;
	r->created_by = c->actor.name;
	r->created_at = c->now_ms;
	return db_insert(c, &run_model, r) && commission_open_list(c, r->currency, until, &open)
	       && add_payouts(c, r, &open);
}

static const struct sql SQL_STATE = {
	.text = "UPDATE payout_run SET status = $3, approved_by = $4, approved_at = $5"
	        " WHERE org_id = $1 AND id = $2",
};

static bool save(struct ctx *c, struct run *r, int64_t status)
{
	r->status = status;
	return db_exec(c, &SQL_STATE,
	               ARGS(val_int(r->id), val_int(r->status), val_str(r->approved_by),
	                    val_int(r->approved_at)));
}

static bool need_draft(struct ctx *c, const struct run *r)
{
	if (r->status == RUN_DRAFT)
		return true;
	return fail(c, ERR_STATE, "status", "this run is %s, not a draft",
	            run_status_names[r->status]);
}

bool run_approve(struct ctx *c, struct run *r)
{
	struct list payouts;
	size_t paid = 0;

	if (r->status == RUN_APPROVED || r->status == RUN_DONE)
		return true;
	if (!need_draft(c, r) || !payout_of_run(c, r->id, &payouts))
		return false;
	for (size_t i = 0; i < payouts.count; i++) {
		struct payout *p = (struct payout *)payouts.items + i;

		if (p->status != PAYOUT_DRAFT)
			continue;
		if (!payout_approve(c, p))
			return false;
		paid++;
	}
	if (paid == 0)
		return fail(c, ERR_STATE, "payouts", "nobody is to be paid in this run");
	r->approved_by = c->actor.name;
	r->approved_at = c->now_ms;
	return save(c, r, RUN_APPROVED);
}

bool run_cancel(struct ctx *c, struct run *r)
{
	struct list payouts;

	if (!need_draft(c, r) || !payout_of_run(c, r->id, &payouts))
		return false;
	for (size_t i = 0; i < payouts.count; i++)
		if (!payout_cancel(c, (struct payout *)payouts.items + i))
			return false;
	return save(c, r, RUN_CANCELED);
}

static const struct sql SQL_WAITING = {
	.text = "SELECT COUNT(*) AS waiting FROM payout"
	        " WHERE org_id = $1 AND run_id = $2 AND status = 1",
};

bool run_finish(struct ctx *c, struct run *r)
{
	int64_t waiting;

	if (!db_int(c, &SQL_WAITING, ARGS(val_int(r->id)), &waiting))
		return false;
	if (waiting > 0 || r->status != RUN_APPROVED)
		return true;
	return save(c, r, RUN_DONE);
}

const struct sql *const run_sql[] = { &SQL_OPEN_CAMPAIGNS, &SQL_STATE, &SQL_WAITING, NULL };
