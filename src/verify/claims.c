/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/claims.h"

#include "base/check.h"
#include "base/id.h"
#include "verify/commission_sums.h"

#include <stdlib.h>

#define FIRST 1024

/* 64 bytes, so that a million of them are 64 MB. */
struct claim {
	int64_t id, partner_id, status, holds, amount, reversed, allocated;
	const struct currency *currency; /* NULL: the row's is none */
};

struct claims {
	struct claim *items;
	size_t count, room;
	bool disordered; /* ids do not rise */
};

struct claims *claims_new(void)
{
	struct claims *all = calloc(1, sizeof(*all));

	CHECK(all != NULL);
	return all;
}

void claims_free(struct claims *all)
{
	free(all->items);
	free(all);
}

void claims_clear(struct claims *all)
{
	all->count = 0;
	all->disordered = false;
}

void claims_add(struct claims *all, const struct commission *m, const struct currency *currency)
{
	if (all->count == all->room) {
		all->room = all->room ? 2 * all->room : FIRST;
		all->items = realloc(all->items, all->room * sizeof(*all->items));
		CHECK(all->items != NULL);
	}
	if (all->count > 0 && all->items[all->count - 1].id > m->id)
		all->disordered = true;
	all->items[all->count++] = (struct claim){
		m->id, m->partner_id, m->status, m->holds, m->amount, m->reversed, m->allocated, currency,
	};
}

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

static int64_t waiting_of(const struct claim *m)
{
	bool waits = m->status == COMMISSION_PENDING || m->status == COMMISSION_HELD
	          || m->status == COMMISSION_REJECTED;

	return waits ? m->amount - m->reversed : 0;
}

/* Where it has legs. */
static bool same_owner(const struct claim *m, const struct commission_sum *found)
{
	return !found->partner_id
	       || (found->partner_id == m->partner_id && found->currency
	           && found->currency == m->currency);
}

/* Is there nothing to be found? */
static bool agrees(const struct claim *m, const struct commission_sum *found)
{
	return found->accrued == m->amount && found->reversed == m->reversed
	       && found->allocated == m->allocated && is_within(m->allocated, m->amount)
	       && holds_fit(m) && found->waiting == waiting_of(m) && !found->too_large
	       && same_owner(m, found);
}

static void compare(struct verify *v, const struct claim *m, const char *id,
                    const struct commission_sum *found)
{
	int64_t waiting = waiting_of(m);

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

	if (t)
		t->seen = true;
	if (is_sane(m) && agrees(m, t ? t : &none))
		return;
	verify_id(ID_COMMISSION, m->id, id);
	if (!is_sane(m)) {
		verify_found(v, "%s: more is reversed than was earned (%lld, %lld)", id,
		             (long long)m->amount, (long long)m->reversed);
		return;
	}
	compare(v, m, id, t ? t : &none);
	if (!t)
		return;
	if (t->too_large)
		verify_found(v, "%s: its legs are too large to be added up", id);
	if (!same_owner(m, t))
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

static int by_id(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

void claims_check(struct verify *v, struct claims *all)
{
	if (all->disordered)
		qsort(all->items, all->count, sizeof(*all->items), by_id);
	for (size_t i = 0; i < all->count; i++)
		compare_claim(v, &all->items[i]);
	find_missing(v);
}
