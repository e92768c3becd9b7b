/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_legs.h"

#include "base/check.h"
#include "base/id.h"

__extension__ typedef __int128 wide;

/* The debits and credits of the currency of one leg; wide, since anything may be written there. */
static bool is_balanced(const struct entry *e, const struct leg *in)
{
	wide sum = 0;

	for (size_t i = 0; i < e->leg_count; i++)
		if (str_eq(e->legs[i].currency, in->currency))
			sum += (wide)e->legs[i].debit - e->legs[i].credit;
	return sum == 0;
}

/* From one account to another, as nearly all entries are. */
static bool is_transfer(const struct entry *e)
{
	const struct leg *a = &e->legs[0], *b = &e->legs[1];

	return e->leg_count == 2 && a->debit == b->credit && a->credit == b->debit
	       && a->debit >= 0 && a->credit >= 0 && (a->debit == 0) != (a->credit == 0)
	       && str_eq(a->currency, b->currency);
}

/* False where the amounts of legs make no sense. */
static bool check_balanced(struct verify *v, const struct entry *e)
{
	char id[ID_TEXT_MAX];
	bool balanced = true, sided = true;

	if (is_transfer(e))
		return true;
	for (size_t i = 0; i < e->leg_count; i++) {
		const struct leg *l = &e->legs[i];

		balanced = balanced && is_balanced(e, l);
		sided = sided && l->debit >= 0 && l->credit >= 0
		     && (l->debit == 0) != (l->credit == 0);
	}
	if (balanced && sided && e->leg_count >= 2)
		return true;
	verify_id(ID_LEDGER, e->id, id);
	if (!balanced)
		verify_found(v, "%s: debits and credits differ", id);
	if (!sided)
		verify_found(v, "%s: a leg is neither a debit nor a credit", id);
	if (e->leg_count < 2)
		verify_found(v, "%s: the entry lacks legs", id);
	return sided;
}

static void add(struct verify *v, struct commission_sum *t, const struct entry *e,
                const struct leg *l)
{
	char id[ID_TEXT_MAX];

	if (t->partner_id == 0) {
		t->partner_id = l->partner_id;
		t->currency = currency_find(l->currency);
	}
	if (t->partner_id != l->partner_id
	    || !(t->currency ? str_is(l->currency, t->currency->code)
	                     : !currency_find(l->currency))) {
		verify_id(ID_COMMISSION, t->commission_id, id);
		verify_found(v, "%s: a leg is another partner's or currency's", id);
		return;
	}
	if (e->kind == LEDGER_ACCRUE)
		commission_sum_add(t, &t->accrued, l->credit - l->debit);
	if (e->kind == LEDGER_REVERSE || e->kind == LEDGER_REPOST)
		commission_sum_add(t, &t->reversed, l->debit - l->credit);
	if (l->account == ACCOUNT_PENDING)
		commission_sum_add(t, &t->waiting, l->credit - l->debit);
}

/* The amounts of legs are not below zero, or somebody would have been told already. */
void legs_pass(struct verify *v, const struct entry *e)
{
	struct commission_sum *t;

	if (!check_balanced(v, e) || e->commission_id == 0)
		return;
	t = commission_sums_get(v->commissions, e->commission_id);
	for (size_t i = 0; i < e->leg_count; i++)
		if (e->legs[i].account == ACCOUNT_PENDING || e->legs[i].account == ACCOUNT_PAYABLE)
			add(v, t, e, &e->legs[i]);
}

static const struct sql SQL_ITEMS = {
	.text = "SELECT payout_item.commission_id, CAST(SUM(payout_item.amount) AS BIGINT)"
	        " FROM payout_item JOIN payout ON payout.org_id = payout_item.org_id"
	        " AND payout.id = payout_item.payout_id"
	        " WHERE payout_item.org_id = $1 AND payout.status IN (1, 2)"
	        " AND payout_item.commission_id > $2 GROUP BY payout_item.commission_id"
	        " ORDER BY payout_item.commission_id LIMIT 100000",
};

bool legs_read_items(struct verify *v)
{
	int64_t last = INT64_MIN;
	struct rows r;

	do {
		arena_reset(v->c->arena);
		if (!db_query(v->c, &SQL_ITEMS, ARGS(val_int(last)), &r))
			return false;
		for (size_t i = 0; i < r.count; i++) {
			last = rows_int(&r, i, 0);
			commission_sums_get(v->commissions, last)->allocated = rows_int(&r, i, 1);
		}
	} while (r.count > 0);
	return true;
}

const struct sql *const verify_legs_sql[] = { &SQL_ITEMS, NULL };
