/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_replay.h"

#include "base/check.h"
#include "base/id.h"
#include "customer/customer.h"
#include "rules/counters.h"
#include "verify/owners.h"
#include "verify/reach.h"

#define PAGE 1000

static void check_counters(struct replay *r, const struct replayed *e, const struct credit *cr)
{
	struct recount_month sum = { 0 };
	int64_t months[2];

	if (e->terms->tiers_by != TIERS_NONE) {
		standing_period(e->terms->tiers_period, e->recall.month, &months[0], &months[1]);
		sum = recount_sum(r->recount, cr->partner_id, e->event->campaign_id, months);
	}
	if (!counters_same(&cr->counters, &sum.counters))
		verify_found(r->v, "%s: judged by counters (revenue %lld, sales %lld) that a recount"
		             " does not give (%lld, %lld)", e->id,
		             (long long)cr->counters.revenue_minor, (long long)cr->counters.sales,
		             (long long)sum.counters.revenue_minor, (long long)sum.counters.sales);
}

static void check_used(struct replay *r, const struct replayed *e, int64_t claimed, int64_t found)
{
	if (claimed != found)
		verify_found(r->v, "%s: judged with %lld of a cap used, a recount gives %lld",
		             e->id,
		             (long long)claimed, (long long)found);
}

/* The caps of the terms that count per partner (or, partner 0, for the whole campaign). */
static void check_caps(struct replay *r, const struct replayed *e, int64_t partner_id,
                       const int64_t *claimed)
{
	enum cap_scope scope = partner_id ? CAP_PARTNER : CAP_CAMPAIGN;
	const struct terms *t = e->terms;
	int64_t months[2];

	for (size_t i = 0; i < t->cap_count; i++) {
		struct recount_month sum;

		if (t->caps[i].scope != scope)
			continue;
		standing_period(t->caps[i].period, e->recall.month, &months[0], &months[1]);
		sum = recount_sum(e->used ? e->used : r->recount, partner_id,
		                  e->event->campaign_id, months);
		check_used(r, e, claimed[i], sum.earned_minor);
	}
}

/*
 * What was left of a customer's commissions at that moment: not more than earned, nor less than
 * now.
 */
static void check_customer_caps(struct replay *r, const struct replayed *e, const int64_t *claimed)
{
	const struct recount_spent *spent =
	        recount_spent(r->recount, e->event->customer_id, e->event->campaign_id);

	for (size_t i = 0; i < e->terms->cap_count; i++) {
		if (e->terms->caps[i].scope != CAP_CUSTOMER)
			continue;
		if (claimed[i] > spent->earned_minor)
			check_used(r, e, claimed[i], spent->earned_minor);
		if (claimed[i] < spent->left_minor)
			check_used(r, e, claimed[i], spent->left_minor);
	}
}

void replay_check_standing(struct replay *r, const struct replayed *e)
{
	const struct standing *s = &e->recall.inputs.standing;
	int64_t since = e->event->occurred_at;

	if (e->event->customer_id != 0)
		since = recount_customer(r->recount, e->event->customer_id)->referred_at;
	for (size_t i = 0; i < s->credit_count; i++) {
		const struct credit *cr = &s->credits[i];

		if (!e->later)
			check_counters(r, e, cr);
		replay_check_chain(r, e, cr);
		check_caps(r, e, cr->partner_id, cr->cap_used);
		for (size_t up = 0; up < cr->chain_count; up++)
			check_caps(r, e, cr->chain[up].partner_id, cr->chain[up].cap_used);
		if (cr->recruiter)
			check_caps(r, e, cr->recruiter->partner_id, cr->recruiter->cap_used);
		if (cr->referred_at_ms != since)
			verify_found(r->v,
			             "%s: judged by another time of referral than the customer's",
			             e->id);
	}
	check_caps(r, e, 0, s->cap_used);
	if (e->event->customer_id != 0 && !e->used)
		check_customer_caps(r, e, s->cap_used);
}

void replay_count(struct replay *r, const struct replayed *e)
{
	const struct standing *s = &e->recall.inputs.standing;

	for (size_t i = 0; i < s->credit_count; i++) {
		struct standing_change change = {
			.partner_id = s->credits[i].partner_id,
			.campaign_id = e->event->campaign_id,
			.month = e->recall.month,
			.counters = accrue_counts(e->terms, &e->recall.inputs.event, e->accrued, i),
			.earned_minor = counters_earned(e->terms, e->accrued, i),
		};

		recount_add(r->recount, &change);
	}
}

/* A row of standing, as it is kept. */
struct kept {
	int64_t partner_id, campaign_id, month, revenue, sales, customers, projects, earned;
};

static const struct field kept_fields[] = {
	FIELD(struct kept, partner_id, .flags = 0), FIELD(struct kept, campaign_id, .flags = 0),
	FIELD(struct kept, month, .flags = 0),      FIELD(struct kept, revenue, .flags = 0),
	FIELD(struct kept, sales, .flags = 0),      FIELD(struct kept, customers, .flags = 0),
	FIELD(struct kept, projects, .flags = 0),   FIELD(struct kept, earned, .flags = 0),
};

static const struct model kept_model = MODEL("standing", kept_fields);

static const struct sql SQL_KEPT = {
	.text = "SELECT @columns FROM standing WHERE org_id = $1"
	        " AND (partner_id, campaign_id, month) > ($2, $3, $4)"
	        " ORDER BY partner_id, campaign_id, month LIMIT 1000",
	.model = &kept_model,
};

static void compare_month(struct replay *r, const struct kept *k)
{
	struct recount_month *m =
	        recount_month(r->recount, k->partner_id, k->campaign_id, k->month);
	struct counters n = { k->revenue, k->sales, k->customers, k->projects };
	char id[ID_TEXT_MAX];

	m->seen = true;
	if (counters_same(&n, &m->counters) && k->earned == m->earned_minor)
		return;
	verify_id(ID_PARTNER, k->partner_id, id);
	verify_found(r->v, "%s: standing of %lld (revenue %lld, sales %lld, earned %lld) is not what"
	             " a recount gives (%lld, %lld, %lld)", id, (long long)k->month,
	             (long long)k->revenue, (long long)k->sales, (long long)k->earned,
	             (long long)m->counters.revenue_minor, (long long)m->counters.sales,
	             (long long)m->earned_minor);
}

static void find_missing_months(struct replay *r)
{
	const struct recount_month *m;
	char id[ID_TEXT_MAX];

	for (size_t i = 0; (m = recount_month_at(r->recount, i)) != NULL; i++) {
		if (m->seen || m->partner_id <= 0
		    || (counters_none(&m->counters) && !m->earned_minor))
			continue;
		id_format(ID_PARTNER, m->partner_id, id);
		verify_found(r->v, "%s: standing of %lld is not there", id, (long long)m->month);
	}
}

static bool check_months(struct replay *r)
{
	struct kept last = { 0 };
	struct list page;

	do {
		arena_reset(r->v->c->arena);
		if (!db_list(r->v->c, &SQL_KEPT,
		             ARGS(val_int(last.partner_id), val_int(last.campaign_id),
		                  val_int(last.month)),
		             sizeof(struct kept), &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			last = ((const struct kept *)page.items)[i];
			compare_month(r, &last);
		}
	} while (page.count == PAGE);
	find_missing_months(r);
	return true;
}

static const struct field customer_fields[] = {
	FIELD(struct customer, id, .flags = 0),
	FIELD(struct customer, external_key, .flags = 0),
	FIELD(struct customer, external_id, .flags = 0),
	FIELD(struct customer, partner_id, .flags = 0),
	FIELD(struct customer, campaign_id, .flags = 0),
	FIELD(struct customer, link_id, .flags = 0),
	FIELD(struct customer, signal, .flags = 0),
	FIELD(struct customer, referred_at, .flags = 0),
	FIELD(struct customer, invoices, .flags = 0),
	FIELD(struct customer, churned_at, .flags = 0),
	FIELD(struct customer, owner_count, .flags = 0),
};

static const struct model owned_model = MODEL("customer", customer_fields);

static const struct sql SQL_CUSTOMERS = {
	.text = "SELECT @columns FROM customer WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT 1000",
	.model = &owned_model,
};

static void compare_customer(struct replay *r, const struct customer *k)
{
	struct recount_customer *cu = recount_customer(r->recount, k->id);
	char id[ID_TEXT_MAX];

	cu->seen = true;
	verify_id(ID_CUSTOMER, k->id, id);
	if (k->invoices != cu->invoices)
		verify_found(r->v, "%s: has %lld invoices, a recount gives %lld", id,
		             (long long)k->invoices, (long long)cu->invoices);
	if (k->churned_at != cu->churned_at)
		verify_found(r->v, "%s: has not left when its events say", id);
	if (k->partner_id != cu->partner_id || k->campaign_id != cu->campaign_id
	    || k->link_id != cu->link_id || k->signal != cu->signal
	    || k->referred_at != cu->referred_at || k->owner_count != cu->owner_count)
		verify_found(r->v, "%s: is not owned as its events say", id);
}

static void find_missing_customers(struct replay *r)
{
	const struct recount_customer *cu;
	char id[ID_TEXT_MAX];

	for (size_t i = 0; (cu = recount_customer_at(r->recount, i)) != NULL; i++) {
		if (cu->seen || cu->id <= 0)
			continue;
		id_format(ID_CUSTOMER, cu->id, id);
		verify_found(r->v, "%s: has events, but is not there", id);
	}
}

static bool check_customers(struct replay *r)
{
	int64_t last = 0;
	struct list page;

	do {
		arena_reset(r->v->c->arena);
		if (!db_list(r->v->c, &SQL_CUSTOMERS, ARGS(val_int(last)), sizeof(struct customer),
		             &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			const struct customer *k = (const struct customer *)page.items + i;

			compare_customer(r, k);
			reach_customer(r->v, k);
			last = k->id;
		}
	} while (page.count == PAGE);
	find_missing_customers(r);
	return true;
}

bool replay_check_tables(struct replay *r)
{
	return check_months(r) && check_customers(r) && owners_check(r);
}

const struct sql *const verify_standing_sql[] = { &SQL_KEPT, &SQL_CUSTOMERS, NULL };
