/* SPDX-License-Identifier: Apache-2.0 */
#include "payout/run.h"

#include "base/check.h"
#include "base/id.h"
#include "base/money.h"
#include "base/scratch.h"
#include "campaign/terms_cache.h"
#include "data/checks.h"
#include "outbox/outbox.h"
#include "partner/partner.h"
#include "rules/terms.h"

const char *const run_status_names[] = {
	[RUN_DRAFT] = "draft", [RUN_APPROVED] = "approved", [RUN_DONE] = "done",
	[RUN_CANCELED] = "canceled", NULL,
};

static const char *check_method(struct str s)
{
	return str_is(s, "manual") || str_is(s, "paypal") ? NULL : "must be manual or paypal";
}

static const struct field fields[] = {
	FIELD(struct run, id, .flags = OUT, .as = AS_ID, .id = ID_RUN),
	FIELD(struct run, currency, .flags = IN | OUT | REQUIRED | FIXED | UPPER, .min = 3,
	      .max = 3, .check = check_currency),
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
	int64_t partner_id;
	struct rows items; /* id, campaign_id, what is open of it */
	int64_t sum;
	int64_t minimum;
};

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
	for (size_t i = 0; i < s->items.count; i++) {
		if (rows_int(&s->items, i, 1) == last_campaign)
			continue;
		last_campaign = rows_int(&s->items, i, 1);
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
static struct str skip_reason(struct ctx *c, const struct share *s, const struct partner *p,
                              const struct currency *cur)
{
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
	for (size_t i = 0; i < s->items.count; i++) {
		struct payout_item item = { .payout_id = payout_id,
			                    .commission_id = rows_int(&s->items, i, 0),
			                    .amount = rows_int(&s->items, i, 2) };

		if (!payout_item_create(c, &item))
			return false;
	}
	return true;
}

/* What a run is made of, and how many of whose open commissions it has looked at are not paid. */
struct making {
	const struct run *run;
	int64_t until;
	size_t paid, none, below, stopped;
};

static void count(struct making *m, const struct share *s, const struct payout *p)
{
	if (p->status != PAYOUT_SKIPPED)
		m->paid++;
	else if (s->sum <= 0)
		m->none++;
	else if (s->sum < s->minimum)
		m->below++;
	else
		m->stopped++;
}

static bool add_payout(struct ctx *c, struct making *m, struct share *s)
{
	const struct run *r = m->run;
	struct partner partner;

	if (!partner_get(c, s->partner_id, &partner) || !share_minimum(c, s))
		return false;
	struct payout p = {
		.run_id = r->id,
		.partner_id = partner.id,
		.currency = r->currency,
		.amount = s->sum,
		.recipient = partner.payout_account.n ? partner.payout_account : partner.email,
		.reason = skip_reason(c, s, &partner, currency_find(r->currency)),
	};

	p.status = p.reason.n ? PAYOUT_SKIPPED : PAYOUT_DRAFT;
	count(m, s, &p);
	if (!payout_create(c, &p))
		return false;
	return p.status == PAYOUT_SKIPPED
	    || (add_items(c, s, p.id) && outbox_post(c, OUTBOX_PAYOUT_CREATED, p.id));
}

#define PARTNERS_AT_ONCE 500

static const struct sql SQL_PARTNERS = {
	.text = "SELECT DISTINCT partner_id FROM commission"
	        " WHERE org_id = $1 AND open = 1 AND currency = $2 AND partner_id > $3"
	        " ORDER BY partner_id LIMIT $4",
};

static const struct sql SQL_OPEN = {
	.text = "SELECT id, campaign_id, amount - reversed - allocated FROM commission"
	        " WHERE org_id = $1 AND open = 1 AND currency = $2 AND partner_id = $3"
	        " AND matures_at <= $4 ORDER BY id",
};

static bool add_partner(struct ctx *c, struct making *m, int64_t partner_id)
{
	struct share s = { .partner_id = partner_id };

	if (!db_query(c, &SQL_OPEN,
	              ARGS(val_str(m->run->currency), val_int(partner_id), val_int(m->until)),
	              &s.items))
		return false;
	for (size_t i = 0; i < s.items.count; i++)
		s.sum += rows_int(&s.items, i, 2);
	return s.items.count == 0 || add_payout(c, m, &s);
}

static bool add_payouts(struct ctx *c, struct making *m)
{
	struct scratch *scratch = scratch_new(c);
	struct rows partners;
	int64_t after = 0;
	bool ok = true;

	do {
		if (!db_query(c, &SQL_PARTNERS,
		              ARGS(val_str(m->run->currency), val_int(after),
		                   val_int(PARTNERS_AT_ONCE)), &partners))
			return false;
		for (size_t i = 0; ok && i < partners.count; i++) {
			after = rows_int(&partners, i, 0);
			scratch_enter(c, scratch);
			ok = add_partner(c, m, after);
			scratch_leave(c, scratch);
		}
	} while (ok && partners.count == PARTNERS_AT_ONCE);
	return ok;
}

static const struct sql SQL_OWED = {
	.text = "SELECT id FROM commission WHERE org_id = $1 AND open = 1 AND currency = $2"
	        " AND matures_at <= $3 LIMIT 1",
};

/* One that is, or 0. */
static bool owed(struct ctx *c, const struct run *r, int64_t until, int64_t *out_id)
{
	return db_int(c, &SQL_OWED, ARGS(val_str(r->currency), val_int(until)), out_id);
}

static bool need_owed(struct ctx *c, const struct run *r, int64_t until)
{
	int64_t due, any;

	if (!owed(c, r, until, &due))
		return false;
	if (due != 0)
		return true;
	if (!owed(c, r, INT64_MAX, &any))
		return false;
	if (any != 0)
		return fail(c, ERR_INVALID, "cutoff", "nothing that is owed in %.*s was due by then",
		            STR_ARG(r->currency));
	return fail(c, ERR_INVALID, "currency", "nothing is owed in %.*s", STR_ARG(r->currency));
}

static bool need_somebody(struct ctx *c, const struct making *m)
{
	const struct {
		size_t count;
		const char *what;
	} parts[] = { { m->below, "below their minimum payout" }, { m->none, "owed nothing" },
		      { m->stopped, "not approved" } };
	struct buf b;

	if (m->paid > 0)
		return true;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < LEN(parts); i++)
		if (parts[i].count > 0)
			buf_printf(&b, "%s%zu %s", b.n ? ", " : "", parts[i].count, parts[i].what);
	return fail(c, ERR_INVALID, "currency", "nobody is to be paid in %.*s; partners left out: %.*s",
	            STR_ARG(m->run->currency), STR_ARG(buf_text(&b)));
}

bool run_create(struct ctx *c, struct run *r)
{
	/* without one, also what somebody has approved before its time */
	struct making m = { .run = r, .until = r->cutoff == 0 ? INT64_MAX : r->cutoff };

	if (r->cutoff == 0)
		r->cutoff = c->now_ms;
	if (r->cutoff > c->now_ms)
		return fail(c, ERR_INVALID, "cutoff", "the cutoff cannot lie in the future");
	r->currency = str_from(currency_find(r->currency)->code);
	if (!need_owed(c, r, m.until))
		return false;
	r->id = id_new();
	r->status = RUN_DRAFT;
	r->created_by = c->actor.name;
	r->created_at = c->now_ms;
	return db_insert(c, &run_model, r) && add_payouts(c, &m) && need_somebody(c, &m);
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

/* Who was suspended or banned since the draft was made is not paid by it. */
static bool need_good_standing(struct ctx *c, const struct payout *p)
{
	struct partner partner;

	if (!partner_get(c, p->partner_id, &partner))
		return false;
	if (partner.status == PARTNER_APPROVED)
		return true;
	return fail(c, ERR_STALE, "payouts",
	            "%.*s in this run is %s by now; cancel the draft and make a new one",
	            STR_ARG(id_str(c->arena, ID_PARTNER, partner.id)),
	            partner_status_names[partner.status]);
}

/* Approve those of a draft that are to be paid. */
static bool approve_all(struct ctx *c, const struct list *payouts, size_t *out_paid)
{
	struct scratch *scratch = scratch_new(c);
	bool ok = true;

	*out_paid = 0;
	for (size_t i = 0; ok && i < payouts->count; i++) {
		struct payout *p = (struct payout *)payouts->items + i;

		if (p->status != PAYOUT_DRAFT)
			continue;
		scratch_enter(c, scratch);
		ok = need_good_standing(c, p) && payout_approve(c, p);
		scratch_leave(c, scratch);
		++*out_paid;
	}
	return ok;
}

bool run_approve(struct ctx *c, struct run *r)
{
	struct list payouts;
	size_t paid;

	if (r->status == RUN_APPROVED || r->status == RUN_DONE)
		return true;
	if (!need_draft(c, r) || !payout_of_run(c, r->id, &payouts)
	    || !approve_all(c, &payouts, &paid))
		return false;
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

static const struct sql SQL_TOTALS = {
	.text = "SELECT status, COUNT(*), CAST(SUM(amount) AS BIGINT), MAX(id) FROM payout"
	        " WHERE org_id = $1 AND run_id = $2 GROUP BY status",
};

bool run_totals(struct ctx *c, int64_t run_id, struct run_totals *out)
{
	struct rows rows;

	*out = (struct run_totals){ .run_id = run_id };
	if (!db_query(c, &SQL_TOTALS, ARGS(val_int(run_id)), &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		int64_t status = rows_int(&rows, i, 0), count = rows_int(&rows, i, 1);
		int64_t amount = rows_int(&rows, i, 2);

		if (rows_int(&rows, i, 3) > out->last_id)
			out->last_id = rows_int(&rows, i, 3);
		if (status == PAYOUT_SKIPPED) {
			out->skipped_count = count;
			continue;
		}
		out->count += count;
		out->amount += amount;
		out->paid += status == PAYOUT_PAID ? amount : 0;
		out->paid_count += status == PAYOUT_PAID ? count : 0;
		out->failed_count += status == PAYOUT_FAILED ? count : 0;
		out->open += status == PAYOUT_DRAFT || status == PAYOUT_APPROVED ? amount : 0;
		out->waiting_count += status == PAYOUT_APPROVED ? count : 0;
	}
	return true;
}

/* A run's payouts follow it: they were made with it. */
static const struct sql SQL_LINES = {
	.text = "SELECT @columns FROM payout WHERE org_id = $1 AND id > $2 AND id <= $3"
	        " AND +run_id = $2 AND CASE WHEN status = 4 THEN 1 ELSE 0 END = $4"
	        " ORDER BY id LIMIT $5",
	.model = &payout_model,
};

_Static_assert(PAYOUT_SKIPPED == 4, "the status above");

bool run_lines(struct ctx *c, const struct run_totals *t, bool skipped, size_t most,
               struct list *out)
{
	return db_list(c, &SQL_LINES,
	               ARGS(val_int(t->run_id), val_int(t->last_id), val_int(skipped),
	                    val_int((int64_t)most)),
	               sizeof(struct payout), out);
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

const struct sql *const run_sql[] = { &SQL_OPEN_CAMPAIGNS, &SQL_PARTNERS, &SQL_OPEN, &SQL_OWED,
	                              &SQL_STATE, &SQL_TOTALS, &SQL_LINES, &SQL_WAITING, NULL };
