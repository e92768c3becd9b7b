/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_legs.h"

#include "base/check.h"
#include "base/id.h"
#include "commission/commission.h"
#include "db/cursor.h"

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

/* False where the amounts of legs make no sense. */
static bool check_balanced(struct verify *v, const struct entry *e)
{
	char id[ID_TEXT_MAX];
	bool balanced = true, sided = true;

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

/* What approved payouts hold of each commission. */
static bool read_items(struct verify *v)
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

/* What the commissions' rows say. */
struct claim {
	int64_t id, partner_id, status, holds, amount, reversed, allocated;
	struct str currency;
};

static const struct field claim_fields[] = {
	FIELD(struct claim, id, .flags = 0),       FIELD(struct claim, partner_id, .flags = 0),
	FIELD(struct claim, status, .flags = 0),   FIELD(struct claim, holds, .flags = 0),
	FIELD(struct claim, currency, .flags = 0), FIELD(struct claim, amount, .flags = 0),
	FIELD(struct claim, reversed, .flags = 0), FIELD(struct claim, allocated, .flags = 0),
};

static const struct model claim_model = MODEL("commission", claim_fields);

static const struct sql SQL_CLAIMS = {
	.text = "SELECT @columns FROM commission WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
	.model = &claim_model,
};

/* Below zero is what a true-up takes back, of which nothing is reversed. */
static bool is_sane(const struct claim *m)
{
	return m->reversed >= 0 && (m->reversed == 0 || m->reversed <= m->amount);
}

static bool is_within(int64_t part, int64_t whole)
{
	return whole < 0 ? part <= 0 && part >= whole : part >= 0 && part <= whole;
}

/* Held ones have a reason, and others none but one that came too late. */
static bool holds_fit(const struct claim *m)
{
	if (m->status == COMMISSION_HELD)
		return m->holds != 0;
	if (m->status == COMMISSION_APPROVED)
		return m->holds == 0 || m->allocated != 0;
	return m->status != COMMISSION_PENDING || m->holds == 0;
}

static void compare(struct verify *v, const struct claim *m,
                    const struct commission_sum *found)
{
	bool waits = m->status == COMMISSION_PENDING || m->status == COMMISSION_HELD
	          || m->status == COMMISSION_REJECTED;
	int64_t waiting = waits ? m->amount - m->reversed : 0;
	char id[ID_TEXT_MAX];

	verify_id(ID_COMMISSION, m->id, id);
	if (found->accrued != m->amount)
		verify_found(v, "%s: amount and accrued legs differ (%lld, %lld)", id,
		             (long long)m->amount, (long long)found->accrued);
	if (found->reversed != m->reversed)
		verify_found(v, "%s: reversed amount and legs differ (%lld, %lld)", id,
		             (long long)m->reversed, (long long)found->reversed);
	if (found->allocated != m->allocated)
		verify_found(v, "%s: allocated amount and payout items differ (%lld, %lld)", id,
		             (long long)m->allocated, (long long)found->allocated);
	if (!is_within(m->allocated, m->amount))
		verify_found(v, "%s: more is paid than was earned (%lld, %lld)", id,
		             (long long)m->allocated, (long long)m->amount);
	if (!holds_fit(m))
		verify_found(v, "%s: status and reasons to hold differ (%lld, %lld)", id,
		             (long long)m->status, (long long)m->holds);
	if (found->waiting != waiting)
		verify_found(v, "%s: status and pending legs differ (%lld, %lld)", id,
		             (long long)waiting, (long long)found->waiting);
}

static void compare_claim(struct verify *v, const struct claim *m)
{
	static const struct commission_sum none;
	struct commission_sum *t = commission_sums_find(v->commissions, m->id);
	char id[ID_TEXT_MAX];

	verify_id(ID_COMMISSION, m->id, id);
	if (t)
		t->seen = true;
	if (!is_sane(m)) {
		verify_found(v, "%s: more is reversed than was earned (%lld, %lld)", id,
		             (long long)m->amount, (long long)m->reversed);
		return;
	}
	compare(v, m, t ? t : &none);
	if (!t)
		return;
	if (t->too_large)
		verify_found(v, "%s: its legs are too large to be added up", id);
	if (t->partner_id && (t->partner_id != m->partner_id || !t->currency
	                      || !str_is(m->currency, t->currency->code)))
		verify_found(v, "%s: a leg is another partner's or currency's", id);
}

static void find_missing(struct verify *v)
{
	const struct commission_sum *t;
	char id[ID_TEXT_MAX];

	for (size_t i = 0; (t = commission_sums_at(v->commissions, i)) != NULL; i++) {
		if (t->seen)
			continue;
		verify_id(ID_COMMISSION, t->commission_id, id);
		verify_found(v, "%s: has entries, but the commission is not there", id);
	}
}

static bool compare_all(struct verify *v, struct cursor *rows)
{
	struct claim m;
	bool found;

	while (cursor_next(rows, &m, &found)) {
		if (!found)
			return true;
		compare_claim(v, &m);
	}
	return false;
}

bool legs_check(struct verify *v)
{
	struct cursor rows = { 0 };
	bool ok = read_items(v) && cursor_open(&rows, v->c, &SQL_CLAIMS, 1)
	       && compare_all(v, &rows);

	cursor_close(&rows);
	if (ok)
		find_missing(v);
	return ok;
}

const struct sql *const verify_legs_sql[] = { &SQL_ITEMS, &SQL_CLAIMS, NULL };
