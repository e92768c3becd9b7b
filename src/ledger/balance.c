/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/balance.h"

#include "base/check.h"

static const struct field fields[] = {
	FIELD(struct balance, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct balance, currency, .flags = OUT),
	FIELD(struct balance, pending, .flags = OUT),
	FIELD(struct balance, payable, .flags = OUT),
	FIELD(struct balance, in_payout, .flags = OUT),
	FIELD(struct balance, paid, .flags = OUT),
};

const struct model balance_model = MODEL("balance", fields);

static const struct sql SQL_ADD = {
	.text = "INSERT INTO balance (org_id, partner_id, currency, pending, payable, in_payout, paid)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
	        " ON CONFLICT (org_id, partner_id, currency) DO UPDATE SET"
	        " pending = balance.pending + excluded.pending,"
	        " payable = balance.payable + excluded.payable,"
	        " in_payout = balance.in_payout + excluded.in_payout,"
	        " paid = balance.paid + excluded.paid",
	.sums_from = 4,
};

/* What one leg does to its partner's balance; the other side of a payment tells where it went. */
static void add_leg(struct balance *b, const struct leg *l, int64_t kind)
{
	int64_t credit = l->credit - l->debit;

	if (l->account == ACCOUNT_PENDING)
		b->pending += credit;
	if (l->account != ACCOUNT_PAYABLE)
		return;
	b->payable += credit;
	if (kind == LEDGER_PAY || kind == LEDGER_FAIL)
		b->in_payout -= credit;
}

static bool apply_partner(struct ctx *c, const struct entry *e, size_t at)
{
	struct balance b = { .partner_id = e->legs[at].partner_id,
		             .currency = e->legs[at].currency };

	for (size_t i = 0; i < e->leg_count; i++) {
		const struct leg *l = &e->legs[i];
		bool same = l->partner_id == b.partner_id && str_eq(l->currency, b.currency);

		if (same && i < at)
			return true; /* done with an earlier leg */
		if (same)
			add_leg(&b, l, e->kind);
	}
	return db_exec(c, &SQL_ADD,
	               ARGS(val_int(b.partner_id), val_str(b.currency), val_int(b.pending),
	                    val_int(b.payable), val_int(b.in_payout), val_int(b.paid)));
}

static const struct sql SQL_SETTLE = {
	.text = "UPDATE balance SET in_payout = in_payout - $3, paid = paid + $3"
	        " WHERE org_id = $1 AND currency = $4"
	        " AND partner_id = (SELECT partner_id FROM payout WHERE org_id = $1 AND id = $2)",
};

/*
 * Settling moves the organisation's money only; the partner's share of it is known by the payout.
 */
static bool apply_settle(struct ctx *c, const struct entry *e)
{
	int64_t changed = 0;

	CHECK(e->leg_count == 2 && e->payout_id > 0);
	if (!db_changes(c, &SQL_SETTLE,
	                ARGS(val_int(e->payout_id), val_int(e->legs[0].debit),
	                     val_str(e->legs[0].currency)),
	                &changed))
		return false;
	CHECK(changed == 1);
	return true;
}

bool balance_apply(struct ctx *c, const struct entry *e)
{
	if (e->kind == LEDGER_SETTLE)
		return apply_settle(c, e);
	for (size_t i = 0; i < e->leg_count; i++)
		if (e->legs[i].partner_id != 0 && !apply_partner(c, e, i))
			return false;
	return true;
}

static const struct sql SQL_LIST_PARTNER = {
	.text = "SELECT @columns FROM balance WHERE org_id = $1 AND partner_id = $2"
	        " ORDER BY currency",
	.model = &balance_model,
};

bool balance_list(struct ctx *c, int64_t partner_id, struct list *out)
{
	return db_list(c, &SQL_LIST_PARTNER, ARGS(val_int(partner_id)), sizeof(struct balance),
	               out);
}

static const struct sql SQL_PAGE = {
	.text = "SELECT @columns FROM balance WHERE org_id = $1 AND partner_id IN ("
	        "SELECT partner_id FROM balance WHERE org_id = $1 AND partner_id > $2"
	        " GROUP BY partner_id ORDER BY partner_id LIMIT $3)"
	        " ORDER BY partner_id, currency",
	.model = &balance_model,
};

bool balance_page(struct ctx *c, int64_t after_partner_id, int64_t most, struct list *out)
{
	return db_list(c, &SQL_PAGE, ARGS(val_int(after_partner_id), val_int(most)),
	               sizeof(struct balance), out);
}

const struct sql *const balance_sql[] = {
	&SQL_ADD, &SQL_SETTLE, &SQL_LIST_PARTNER, &SQL_PAGE, NULL,
};
