/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/books_check.h"

#include "base/check.h"
#include "commission/commission.h"
#include "data/json.h"
#include "payout/payout.h"
#include "verify/recompute.h"

#define AMOUNT MUST(0, MONEY_MAX_MINOR)
#define SUM MUST(-1000 * MONEY_MAX_MINOR, 1000 * MONEY_MAX_MINOR)

int64_t books_currency_key(const struct currency *cur)
{
	return cur->code[0] << 16 | cur->code[1] << 8 | cur->code[2];
}

bool books_currency(struct ctx *c, const json_t *o, const struct currency **out)
{
	return json_get_currency(c, o, "currency", MUST(0, 0), out)
	    && (str_is(json_text(json_object_get(o, "currency")), (*out)->code)
	        || fail(c, ERR_INVALID, "currency", "is not written like %s", (*out)->code));
}

/* What payouts, commissions and balances have in common. */
static bool read_owner(struct books_check *k, const json_t *o, int64_t *out_partner,
                       const struct currency **out_currency)
{
	int64_t whose = k->report->about.partner_id;

	if (!json_get_id(&k->c, o, "partner", MUST_ID(ID_PARTNER), out_partner)
	    || !books_currency(&k->c, o, out_currency))
		return false;
	if (whose && whose != *out_partner)
		books_found(k, "this is a statement of another partner");
	return true;
}

/* A tally that nothing was said of yet. */
static struct tally *say(struct books_check *k, struct tallies *where, int64_t a, int64_t b)
{
	struct tally *t = tally_get(where, a, b);

	if (t->line)
		books_found(k, "says again what line %lld says", (long long)t->line);
	t->line = k->line;
	return t;
}

bool books_read_payout(struct books_check *k, const json_t *o)
{
	int64_t id, partner, amount, status;
	const struct currency *cur;
	struct tally *t;

	if (!json_get_id(&k->c, o, "id", MUST_ID(ID_PAYOUT), &id)
	    || !read_owner(k, o, &partner, &cur)
	    || !json_get_int(&k->c, o, "amount", SUM, &amount)
	    || !json_get_name(&k->c, o, "status", MUST_NAME(payout_status_names), &status))
		return false;
	t = say(k, k->payouts, id, 0);
	t->partner_id = partner;
	t->currency = cur;
	if (status == PAYOUT_APPROVED || status == PAYOUT_PAID || status == PAYOUT_FAILED)
		t->said[PAYOUT_TAKEN] = amount;
	if (status == PAYOUT_PAID)
		t->said[PAYOUT_SETTLED] = amount;
	if (status == PAYOUT_FAILED)
		t->said[PAYOUT_GIVEN_BACK] = amount;
	return true;
}

struct commission_line {
	struct commission m;
	const struct currency *cur;
	json_t *explanation;
};

static bool read_commission(struct books_check *k, const json_t *o, struct commission_line *l)
{
	struct ctx *c = &k->c;
	struct commission *m = &l->m;

	return json_get_id(c, o, "id", MUST_ID(ID_COMMISSION), &m->id)
	    && read_owner(k, o, &m->partner_id, &l->cur)
	    && json_get_id(c, o, "event", MUST_ID(ID_EVENT), &m->event_id)
	    && json_get_name(c, o, "kind", MUST_NAME(commission_kind_names), &m->kind)
	    && json_get_name(c, o, "status", MUST_NAME(commission_status_names), &m->status)
	    && json_get_int(c, o, "amount", MUST(-MONEY_MAX_MINOR, MONEY_MAX_MINOR), &m->amount)
	    && json_get_money(c, o, "base", AMOUNT, &m->base)
	    && json_get_money(c, o, "reversed", AMOUNT, &m->reversed)
	    && json_get_time(c, o, "matures_at", MUST(0, 0), &m->matures_at)
	    && json_get_object(c, o, "explanation", MUST(0, 0), &l->explanation);
}

/* Anybody must come to the same amount by what is written here alone. */
static void check_explanation(struct books_check *k, const struct commission_line *l)
{
	struct recomputed r;

	if (!recompute_doc(l->explanation, &r)) {
		books_found(k, "the explanation has no steps");
		return;
	}
	if (r.wrong) {
		books_found(k, "step \"%s\" of the explanation does not add up", r.wrong);
		return;
	}
	if (r.amount_minor != l->m.amount)
		books_found(k, "the explanation gives %lld, the commission is %lld",
		            (long long)r.amount_minor, (long long)l->m.amount);
	if (r.matures_at_ms != l->m.matures_at)
		books_found(k, "it matures at another time than explained");
	if (r.based && r.sale_minor != l->m.base)
		books_found(k, "the explanation begins with %lld, the sale is %lld",
		            (long long)r.sale_minor, (long long)l->m.base);
}

bool books_read_commission(struct books_check *k, const json_t *o)
{
	struct commission_line l = { 0 };
	struct tally *t;
	bool waits;

	if (!read_commission(k, o, &l))
		return false;
	k->report->commissions++;
	check_explanation(k, &l);
	waits = l.m.status == COMMISSION_PENDING || l.m.status == COMMISSION_HELD
	     || l.m.status == COMMISSION_REJECTED;
	t = say(k, k->commissions, l.m.id, 0);
	t->partner_id = l.m.partner_id;
	t->currency = l.cur;
	t->said[COMMISSION_AMOUNT] = l.m.amount;
	t->said[COMMISSION_TAKEN] = l.m.reversed;
	t->said[COMMISSION_WAITING] = waits ? l.m.amount - l.m.reversed : 0;
	return true;
}

bool books_read_balance(struct books_check *k, const json_t *o)
{
	static const char *const names[] = { "pending", "payable", "in_payout", "paid" };
	const struct currency *cur;
	int64_t partner, said[LEN(names)];
	struct tally *t;

	if (!read_owner(k, o, &partner, &cur))
		return false;
	for (size_t i = 0; i < LEN(names); i++)
		if (!json_get_int(&k->c, o, names[i], SUM, &said[i]))
			return false;
	t = say(k, k->balances, partner, books_currency_key(cur));
	t->partner_id = partner;
	t->currency = cur;
	memcpy(t->said, said, sizeof(said));
	return true;
}

/* How the tallies of a kind are talked about. */
struct kind {
	enum id_kind id;
	const char *sums[TALLY_SUMS];
};

static const struct kind commissions = {
	ID_COMMISSION, { "amount", "reversed", "waiting amount", "" },
};

static const struct kind payouts = {
	ID_PAYOUT, { "amount", "settled amount", "amount given back", "" },
};

static const struct kind balances = {
	ID_PARTNER, { "pending", "payable", "in_payout", "paid" },
};

static void compare(struct books_check *k, const struct kind *kind, const struct tally *t)
{
	char id[ID_TEXT_MAX];

	id_format(kind->id, t->a, id);
	if (t->too_large)
		books_found(k, "%s: amounts are too large to be added up", id);
	for (size_t i = 0; i < TALLY_SUMS; i++)
		if (t->said[i] != t->found[i])
			books_found(k, "%s: %s is %lld %s, the entries come to %lld", id,
			            kind->sums[i], (long long)t->said[i],
			            t->currency ? t->currency->code : "", (long long)t->found[i]);
}

static void compare_all(struct books_check *k, const struct kind *kind, struct tallies *all)
{
	const struct tally *t;
	int64_t end = k->line;

	for (size_t i = 0; (t = tally_at(all, i)) != NULL; i++) {
		k->line = t->line ? t->line : end;
		compare(k, kind, t);
	}
	k->line = end;
}

void books_compare(struct books_check *k)
{
	compare_all(k, &payouts, k->payouts);
	compare_all(k, &commissions, k->commissions);
	compare_all(k, &balances, k->balances);
}
