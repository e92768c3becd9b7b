/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_balances.h"

#include "base/check.h"
#include "base/id.h"
#include "ledger/balance.h"

#define PAGE 1000

enum { PENDING, PAYABLE, IN_PAYOUT, PAID };

static const char *const what[] = {
	[PENDING] = "pending balance", [PAYABLE] = "payable balance",
	[IN_PAYOUT] = "balance in payouts", [PAID] = "paid balance",
};

/* A number for a currency, any text: somebody may have written what is none. */
static int64_t currency_number(struct str code)
{
	uint64_t h = code.n;

	for (size_t i = 0; i < code.n; i++)
		h = (h ^ (unsigned char)code.p[i]) * 0x100000001b3u;
	return (int64_t)h;
}

struct payee {
	int64_t id, partner_id;
};

static const struct field payee_fields[] = {
	FIELD(struct payee, id, .flags = 0), FIELD(struct payee, partner_id, .flags = 0),
};

static const struct model payee_model = MODEL("payout", payee_fields);

static const struct sql SQL_PAYEES = {
	.text = "SELECT @columns FROM payout WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT 1000",
	.model = &payee_model,
};

bool balances_begin(struct balances *b, struct verify *v)
{
	int64_t last = INT64_MIN;
	struct list page;

	*b = (struct balances){ .v = v, .sums = tallies_new(), .payouts = tallies_new() };
	do {
		arena_reset(v->c->arena);
		if (!db_list(v->c, &SQL_PAYEES, ARGS(val_int(last)), sizeof(struct payee), &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			const struct payee *p = (const struct payee *)page.items + i;

			tally_get(b->payouts, p->id, 0)->partner_id = p->partner_id;
			last = p->id;
		}
	} while (page.count == PAGE);
	return true;
}

static void add(struct balances *b, int64_t partner_id, size_t sum, const struct leg *l)
{
	struct tally *t = tally_get(b->sums, partner_id, currency_number(l->currency));

	tally_add(t, sum, l->credit);
	tally_add(t, sum, -l->debit);
}

void balances_entry(struct balances *b, const struct entry *e)
{
	for (size_t i = 0; i < e->leg_count; i++) {
		const struct leg *l = &e->legs[i];
		const struct tally *payout = NULL;

		if (l->debit < 0 || l->credit < 0)
			continue; /* that has been found already */
		if (l->account == ACCOUNT_PENDING || l->account == ACCOUNT_PAYABLE)
			add(b, l->partner_id, l->account == ACCOUNT_PENDING ? PENDING : PAYABLE, l);
		if (l->account == ACCOUNT_PAYOUT_CLEARING || l->account == ACCOUNT_CASH)
			payout = tally_find(b->payouts, e->payout_id, 0);
		if (payout)
			add(b, payout->partner_id,
			    l->account == ACCOUNT_CASH ? PAID : IN_PAYOUT, l);
	}
}

static void compare(struct verify *v, int64_t partner_id, const struct tally *t)
{
	char id[ID_TEXT_MAX];

	verify_id(ID_PARTNER, partner_id, id);
	if (t->too_large)
		verify_found(v, "%s: its legs are too large to be added up", id);
	for (size_t i = 0; i < TALLY_SUMS; i++)
		if (t->said[i] != t->found[i])
			verify_found(v, "%s: %s and legs differ (%lld, %lld)", id, what[i],
			             (long long)t->said[i], (long long)t->found[i]);
}

struct kept {
	int64_t partner_id, pending, payable, in_payout, paid;
	struct str currency;
};

static const struct field kept_fields[] = {
	FIELD(struct kept, partner_id, .flags = 0), FIELD(struct kept, currency, .flags = 0),
	FIELD(struct kept, pending, .flags = 0),    FIELD(struct kept, payable, .flags = 0),
	FIELD(struct kept, in_payout, .flags = 0),  FIELD(struct kept, paid, .flags = 0),
};

static const struct model kept_model = MODEL("balance", kept_fields);

static const struct sql SQL_KEPT = {
	.text = "SELECT @columns FROM balance WHERE org_id = $1"
	        " AND (partner_id, currency) > ($2, $3) ORDER BY partner_id, currency LIMIT 1000",
	.model = &kept_model,
};

static void say(struct balances *b, const struct kept *k)
{
	struct tally *t = tally_get(b->sums, k->partner_id, currency_number(k->currency));

	t->said[PENDING] = k->pending;
	t->said[PAYABLE] = k->payable;
	t->said[IN_PAYOUT] = k->in_payout;
	t->said[PAID] = k->paid;
}

static bool read_kept(struct balances *b)
{
	struct ctx *c = b->v->c;
	struct kept last = { .partner_id = INT64_MIN };
	char currency[64];
	struct list page;

	do {
		arena_reset(c->arena);
		if (!db_list(c, &SQL_KEPT, ARGS(val_int(last.partner_id), val_str(last.currency)),
		             sizeof(struct kept), &page))
			return false;
		for (size_t i = 0; i < page.count; i++) {
			last = ((const struct kept *)page.items)[i];
			say(b, &last);
		}
		last.currency.n = last.currency.n < sizeof(currency) ? last.currency.n
		                                                     : sizeof(currency);
		if (last.currency.n > 0)
			last.currency.p = memcpy(currency, last.currency.p, last.currency.n);
	} while (page.count == PAGE);
	return true;
}

bool balances_check(struct balances *b)
{
	const struct tally *t;

	if (!read_kept(b))
		return false;
	for (size_t i = 0; (t = tally_at(b->sums, i)) != NULL; i++)
		compare(b->v, t->a, t);
	return true;
}

void balances_end(struct balances *b)
{
	tallies_free(b->sums);
	tallies_free(b->payouts);
}

const struct sql *const verify_balances_sql[] = { &SQL_PAYEES, &SQL_KEPT, NULL };
