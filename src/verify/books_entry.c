/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/books_check.h"

#include "base/check.h"
#include "base/sign.h"
#include "data/json.h"

#include <stdio.h>

#define LEG MUST(0, 1000 * MONEY_MAX_MINOR)

static bool read_leg(struct ctx *c, const json_t *o, struct leg *out)
{
	const struct currency *cur;

	*out = (struct leg){ 0 };
	if (!json_get_name(c, o, "account", MUST_NAME(ledger_account_names), &out->account)
	    || !json_get_id(c, o, "partner", MAY_ID(ID_PARTNER), &out->partner_id)
	    || !books_currency(c, o, &cur) || !json_get_int(c, o, "debit", LEG, &out->debit)
	    || !json_get_int(c, o, "credit", LEG, &out->credit))
		return false;
	out->currency = str_from(cur->code);
	return true;
}

static bool read_legs(struct ctx *c, const json_t *list, struct entry *out)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *o = json_array_get(list, i);

		if (!json_is_object(o))
			return fail(c, ERR_INVALID, "legs", "holds something that is no leg");
		if (!read_leg(c, o, &out->legs[out->leg_count++]))
			return fail_under(c, "legs");
	}
	return true;
}

static bool read_entry(struct ctx *c, const json_t *o, struct entry *out)
{
	json_t *legs;

	*out = (struct entry){ 0 };
	return json_get_id(c, o, "id", MUST_ID(ID_LEDGER), &out->id)
	    && json_get_int(c, o, "number", MUST(1, INT64_MAX), &out->number)
	    && json_get_name(c, o, "kind", MUST_NAME(ledger_kind_names), &out->kind)
	    && json_get_id(c, o, "commission", MAY_ID(ID_COMMISSION), &out->commission_id)
	    && json_get_id(c, o, "payout", MAY_ID(ID_PAYOUT), &out->payout_id)
	    && json_get_id(c, o, "cause", MAY_ID(ID_EVENT), &out->cause_id)
	    && json_get_id(c, o, "corrects", MAY_ID(ID_LEDGER), &out->corrects_id)
	    && json_get_time(c, o, "at", MAY(0, 0), &out->at)
	    && json_get_time(c, o, "posted_at", MAY(0, 0), &out->posted_at)
	    && json_get_str(c, o, "previous_hash", MUST(64, 64), &out->previous_hash)
	    && json_get_str(c, o, "hash", MUST(64, 64), &out->hash)
	    && json_get_array(c, o, "legs", MUST(2, LEDGER_LEGS_MAX), &legs)
	    && read_legs(c, legs, out);
}

/* A statement has only some of the entries, so only their order can be told. */
static void check_chain(struct books_check *k, const struct entry *e)
{
	bool whole = k->report->about.partner_id == 0;

	if (whole ? e->number != k->number + 1 : e->number <= k->number)
		books_found(k, "entry %lld follows entry %lld", (long long)e->number,
		            (long long)k->number);
	if (e->id <= k->entry_id)
		books_found(k, "the entry's id is not later than the one before");
	if (whole && !str_is(e->previous_hash, k->entry_hash))
		books_found(k, "the chain is broken before entry %lld", (long long)e->number);
	if (!str_eq(e->hash, ledger_hash(k->c.arena, k->report->about.org_id, e)))
		books_found(k, "entry %lld is not what its hash says", (long long)e->number);
	k->number = e->number;
	k->entry_id = e->id;
	snprintf(k->entry_hash, sizeof(k->entry_hash), "%.*s", STR_ARG(e->hash));
}

static void check_balanced(struct books_check *k, const struct entry *e)
{
	for (size_t i = 0; i < e->leg_count; i++) {
		const struct leg *l = &e->legs[i];
		int64_t sum = 0;

		if ((l->debit == 0) == (l->credit == 0))
			books_found(k, "a leg is neither a debit nor a credit");
		if ((l->account <= ACCOUNT_PAYABLE) != (l->partner_id != 0))
			books_found(k, "account %s is %s a partner",
			            ledger_account_names[l->account],
			            l->partner_id ? "not one of" : "one of");
		for (size_t n = 0; n < e->leg_count; n++)
			if (str_eq(e->legs[n].currency, l->currency))
				sum += e->legs[n].debit - e->legs[n].credit;
		if (sum != 0) {
			books_found(k, "debits and credits in %.*s differ by %lld",
			            STR_ARG(l->currency), (long long)sum);
			return;
		}
	}
}

static void add_to_balance(struct books_check *k, const struct leg *l, int64_t partner_id,
                           size_t sum)
{
	const struct currency *cur = currency_find(l->currency);
	struct tally *t;

	if (partner_id == 0)
		return; /* check_balanced has said so */
	t = tally_get(k->balances, partner_id, books_currency_key(cur));
	t->partner_id = partner_id;
	t->currency = cur;
	tally_add(t, sum, l->credit - l->debit);
}

/* A payout's money is the organisation's, but it is known on whose way it is. */
static void add_leg(struct books_check *k, const struct entry *e, const struct leg *l)
{
	struct account_sum more = { l->account, l->currency, l->debit, l->credit };
	int64_t whose = k->report->about.partner_id;
	const struct tally *payout = tally_find(k->payouts, e->payout_id, 0);

	if (!account_sums_add(&k->sums, &more))
		books_found(k, "amounts are too large to be added up");
	if (whose && l->partner_id && l->partner_id != whose)
		books_found(k, "this is a statement of another partner");
	if (l->account == ACCOUNT_PENDING || l->account == ACCOUNT_PAYABLE)
		add_to_balance(k, l, l->partner_id,
		               l->account == ACCOUNT_PENDING ? BALANCE_PENDING
		                                             : BALANCE_PAYABLE);
	else if (payout && l->account == ACCOUNT_PAYOUT_CLEARING)
		add_to_balance(k, l, payout->partner_id, BALANCE_IN_PAYOUT);
	else if (payout && l->account == ACCOUNT_CASH)
		add_to_balance(k, l, payout->partner_id, BALANCE_PAID);
}

static void add_to_commission(struct books_check *k, const struct entry *e)
{
	struct tally *t = tally_find(k->commissions, e->commission_id, 0);

	if (!t) {
		books_found(k, "the entry is about a commission that is not there");
		return;
	}
	if (e->kind == LEDGER_ACCRUE && t->found[COMMISSION_AMOUNT] != 0)
		books_found(k, "the commission of line %lld is accrued again", (long long)t->line);
	for (size_t i = 0; i < e->leg_count; i++) {
		const struct leg *l = &e->legs[i];

		if (l->account > ACCOUNT_PAYABLE)
			continue;
		if (l->partner_id != t->partner_id || !str_is(l->currency, t->currency->code))
			books_found(k, "a leg is not of the commission of line %lld",
			            (long long)t->line);
		if (e->kind == LEDGER_ACCRUE)
			tally_add(t, COMMISSION_AMOUNT, l->credit - l->debit);
		if (e->kind == LEDGER_REVERSE || e->kind == LEDGER_REPOST)
			tally_add(t, COMMISSION_TAKEN, l->debit - l->credit);
		if (l->account == ACCOUNT_PENDING)
			tally_add(t, COMMISSION_WAITING, l->credit - l->debit);
	}
}

static void add_to_payout(struct books_check *k, const struct entry *e)
{
	struct tally *t = tally_find(k->payouts, e->payout_id, 0);

	if (!t) {
		books_found(k, "the entry is about a payout that is not there");
		return;
	}
	for (size_t i = 0; i < e->leg_count; i++) {
		const struct leg *l = &e->legs[i];

		if (!str_is(l->currency, t->currency->code)
		    || (l->partner_id && l->partner_id != t->partner_id))
			books_found(k, "a leg is not of the payout of line %lld",
			            (long long)t->line);
		if (e->kind == LEDGER_PAY)
			tally_add(t, PAYOUT_TAKEN, l->debit);
		if (e->kind == LEDGER_SETTLE)
			tally_add(t, PAYOUT_SETTLED, l->debit);
		if (e->kind == LEDGER_FAIL)
			tally_add(t, PAYOUT_GIVEN_BACK, l->debit);
	}
}

bool books_read_entry(struct books_check *k, const json_t *o)
{
	struct entry e;

	if (!read_entry(&k->c, o, &e))
		return false;
	k->report->entries++;
	check_chain(k, &e);
	check_balanced(k, &e);
	for (size_t i = 0; i < e.leg_count; i++)
		add_leg(k, &e, &e.legs[i]);
	if (e.commission_id)
		add_to_commission(k, &e);
	else if (e.payout_id)
		add_to_payout(k, &e);
	return true;
}

static bool read_checkpoint(struct ctx *c, const json_t *o, struct checkpoint *out)
{
	json_t *sums;

	*out = (struct checkpoint){ 0 };
	return json_get_id(c, o, "id", MUST_ID(ID_CHECKPOINT), &out->id)
	    && json_get_str(c, o, "day", MUST(10, 10), &out->day)
	    && json_get_id(c, o, "entry", MUST_ID(ID_LEDGER), &out->entry_id)
	    && json_get_int(c, o, "number", MUST(1, INT64_MAX), &out->number)
	    && json_get_str(c, o, "hash", MUST(64, 64), &out->hash)
	    && json_get_time(c, o, "made_at", MUST(0, 0), &out->made_at)
	    && json_get_str(c, o, "public_key", MUST(64, 64), &out->public_key)
	    && json_get_str(c, o, "signature", MUST(128, 128), &out->signature)
	    && json_get_array(c, o, "sums", MUST(0, 10000), &sums);
}

/* Are the sums, as they are written, those of all entries so far? */
static bool same_sums(const struct books_check *k, const json_t *list)
{
	if (json_array_size(list) != k->sums.count)
		return false;
	for (size_t i = 0; i < k->sums.count; i++) {
		const json_t *o = json_array_get(list, i), *debit = json_object_get(o, "debit");
		const json_t *credit = json_object_get(o, "credit");
		const struct account_sum *s = &k->sums.items[i];

		if (!str_is(json_text(json_object_get(o, "account")),
		            ledger_account_names[s->account])
		    || !str_eq(json_text(json_object_get(o, "currency")), s->currency)
		    || !json_is_integer(debit) || json_integer_value(debit) != s->debit
		    || !json_is_integer(credit) || json_integer_value(credit) != s->credit)
			return false;
	}
	return true;
}

bool books_read_checkpoint(struct books_check *k, const json_t *o)
{
	struct checkpoint p;

	if (!read_checkpoint(&k->c, o, &p))
		return false;
	k->report->checkpoints++;
	if (k->report->about.partner_id)
		books_found(k, "a statement has no checkpoints");
	if (p.number != k->number || p.entry_id != k->entry_id || !str_is(p.hash, k->entry_hash))
		books_found(k, "the checkpoint of %.*s names another entry than the one before it",
		            STR_ARG(p.day));
	if (str_cmp(p.day, str_from(k->day)) <= 0)
		books_found(k, "the checkpoint of %.*s follows that of %s", STR_ARG(p.day), k->day);
	if (!same_sums(k, json_object_get(o, "sums")))
		books_found(k, "the checkpoint of %.*s has other sums than the entries before it",
		            STR_ARG(p.day));
	if (!str_eq(p.public_key, k->report->public_key))
		books_found(k, "the checkpoint of %.*s is signed with another key", STR_ARG(p.day));
	if (!sign_holds(k->report->public_key,
	                checkpoint_text(k->c.arena, k->report->about.org_id, &p, &k->sums),
	                p.signature))
		books_found(k, "the signature of the checkpoint of %.*s does not hold",
		            STR_ARG(p.day));
	snprintf(k->day, sizeof(k->day), "%.*s", STR_ARG(p.day));
	return true;
}
