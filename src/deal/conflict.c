/* SPDX-License-Identifier: Apache-2.0 */
#include "deal/conflict.h"

#include "base/check.h"
#include "deal/protected_account.h"

void conflict_keys(struct ctx *c, const struct deal *d, struct account_keys *out)
{
	*out = (struct account_keys){ 0 };
	account_add_domain(out, d->domain);
	account_add_address(out, c->arena, d->email);
	account_add_customer(out, d->customer);
}

/* Others on the account whose protection is not over, or that wait for a decision. */
static const struct sql SQL_OTHERS = {
	.text = "SELECT @columns FROM deal WHERE org_id = $1 AND id IN"
	        " (SELECT deal_id FROM deal_key WHERE org_id = $1"
	        " AND key IN ($3, $4, $5, $6, $7)) AND id <> $2"
	        " AND (stage = 1 OR (stage IN (0, 3) AND protected_until > $8)) ORDER BY id"
	        " LIMIT 100",
	.model = &deal_model,
};

static bool others(struct ctx *c, const struct deal *d, struct list *out)
{
	struct account_keys keys;
	const int64_t *k = keys.all;

	conflict_keys(c, d, &keys);
	return db_list(c, &SQL_OTHERS,
	               ARGS(val_int(d->id), val_int(k[0]), val_int(k[1]), val_int(k[2]),
	                    val_int(k[3]), val_int(k[4]), val_int(c->now_ms)),
	               sizeof(struct deal), out);
}

bool conflict_with_deal(struct ctx *c, const struct deal *d, struct deal *out, bool *out_found)
{
	struct list all;

	*out_found = false;
	if (!others(c, d, &all))
		return false;
	for (size_t i = 0; i < all.count && !*out_found; i++) {
		const struct deal *other = (const struct deal *)all.items + i;

		*out_found = other->partner_id != d->partner_id && other->stage != DEAL_REVIEW;
		if (*out_found)
			*out = *other;
	}
	return true;
}

static bool check_own(struct ctx *c, const struct deal *d)
{
	char id[ID_TEXT_MAX];
	struct list all;

	if (!others(c, d, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct deal *other = (const struct deal *)all.items + i;

		if (other->partner_id != d->partner_id || other->campaign_id != d->campaign_id
		    || other->stage == DEAL_WON)
			continue;
		id_format(ID_DEAL, other->id, id);
		return fail(c, ERR_CONFLICT, "company",
		            other->stage == DEAL_REVIEW
		                    ? "the partner's deal %s on this account waits for a decision"
		                    : "the partner's deal %s on this account is protected already",
		            id);
	}
	return true;
}

static void decide(struct deal *d, enum deal_conflict conflict)
{
	static const char *const reasons[] = {
		[DEAL_NO_CONFLICT] = "",
		[DEAL_CONFLICT_DEAL] = "Another deal on this account is protected.",
		[DEAL_CONFLICT_CUSTOMER] = "The account is a customer already.",
		[DEAL_CONFLICT_CONTACT] = "There was contact with the account before the deal was"
		                          " registered.",
		[DEAL_CONFLICT_PROTECTED] = "The account is on the list of protected accounts:"
		                            " a person decides.",
	};

	d->conflict = conflict;
	d->stage = conflict == DEAL_CONFLICT_PROTECTED ? DEAL_REVIEW : DEAL_DECLINED;
	d->reason = str_from(reasons[conflict]);
}

/* An event of a customer that nobody was credited with; types as in event.h. */
static const struct sql SQL_DIRECT = {
	.text = "SELECT id FROM event WHERE org_id = $1 AND customer_id = $2 AND partner_id = 0"
	        " AND type IN (1, 2, 5, 6, 7, 9) ORDER BY id LIMIT 1",
};

static bool look_at_customer(struct ctx *c, const struct customer *cu, struct deal *d)
{
	int64_t direct = 1;

	if (cu->invoices > 0) {
		decide(d, DEAL_CONFLICT_CUSTOMER);
		return true;
	}
	if (cu->partner_id != 0 && !db_int(c, &SQL_DIRECT, ARGS(val_int(cu->id)), &direct))
		return false;
	if (direct != 0)
		decide(d, DEAL_CONFLICT_CONTACT);
	return true;
}

/* Customers of the account: who has bought comes first. */
static bool look_at_customers(struct ctx *c, struct deal *d)
{
	struct account_keys keys = { 0 };
	struct customer cu;
	struct list known;
	bool found = false;

	account_add_domain(&keys, d->domain);
	account_add_address(&keys, c->arena, d->email);
	if (!account_customers(c, &keys, &known)
	    || (d->customer.n > 0 && !customer_find(c, d->customer, &cu, &found))
	    || (found && !look_at_customer(c, &cu, d)))
		return false;
	for (size_t i = 0; i < known.count && d->conflict == DEAL_NO_CONFLICT; i++)
		if (!look_at_customer(c, (const struct customer *)known.items + i, d))
			return false;
	return true;
}

bool conflict_find(struct ctx *c, struct deal *d)
{
	struct deal other;
	bool found;

	d->stage = DEAL_REGISTERED;
	d->conflict = DEAL_NO_CONFLICT;
	if (!check_own(c, d) || !conflict_with_deal(c, d, &other, &found))
		return false;
	if (found) {
		d->conflict_id = other.id;
		decide(d, DEAL_CONFLICT_DEAL);
		return true;
	}
	if (!look_at_customers(c, d))
		return false;
	if (d->conflict != DEAL_NO_CONFLICT)
		return true;
	if (!protected_account_covers(c, d->domain, d->email, &found))
		return false;
	if (found)
		decide(d, DEAL_CONFLICT_PROTECTED);
	return true;
}

const struct sql *const conflict_sql[] = { &SQL_OTHERS, &SQL_DIRECT, NULL };
